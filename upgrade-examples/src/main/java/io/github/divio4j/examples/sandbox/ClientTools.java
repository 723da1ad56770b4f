package io.github.divio4j.examples.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The client programs of PostgreSQL.
 *
 * @param dumpVersion the major version of pg_dump
 */
record ClientTools(Path pgDump, Path pgRestore, Path psql, int dumpVersion) {

    /** What pg_dump says if the server is newer than itself. */
    private static final Pattern TOO_OLD = Pattern.compile("server version: (\\d+).*pg_dump version: (\\d+)");

    /** The start of every file in PostgreSQL's custom format. */
    private static final byte[] CUSTOM_FORMAT = "PGDMP".getBytes(StandardCharsets.US_ASCII);

    /**
     * Messages that do not tell of lost data: a restore program that is newer than the server sets parameters that the
     * server has never heard of, and would not need.
     */
    private static final List<Pattern> HARMLESS = List.of(
            // Set by version 17 and newer; exists since 17.
            Pattern.compile("unrecognized configuration parameter \"transaction_timeout\""),
            // Set by version 12 and newer before each table; exists since 12.
            Pattern.compile("unrecognized configuration parameter \"default_table_access_method\""),
            // Every new database has this schema already.
            Pattern.compile("schema \"public\" already exists"));

    static ClientTools find(String searchPath) {
        Path pgDump = find(searchPath, "pg_dump");
        Path pgRestore = find(searchPath, "pg_restore");
        Path psql = find(searchPath, "psql");
        return new ClientTools(pgDump, pgRestore, psql, version(pgDump));
    }

    private static Path find(String searchPath, String program) {
        return Stream.of(searchPath.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new SandboxException("There is no " + program + " on the PATH: install PostgreSQL's "
                        + "client programs (Debian and Ubuntu: apt-get install postgresql-client; macOS: brew install libpq "
                        + "and put its bin folder on the PATH), or run without databases."));
    }

    private static int version(Path pgDump) {
        try {
            Process process = new ProcessBuilder(pgDump.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = Pattern.compile("\\s(\\d+)").matcher(answer);
            if (process.waitFor() == 0 && matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            throw new SandboxException(pgDump + " does not tell its version: " + answer.strip());
        } catch (IOException e) {
            throw new SandboxException(pgDump + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("The start of the sandbox was interrupted.", e);
        }
    }

    /** Dumps a database in the custom format. */
    void dump(PostgresDsn dsn, Path file) throws HostingException, InterruptedException {
        Result result = run(dsn, file, List.of(pgDump.toString(), "--format=custom", "--file=" + file));
        Matcher tooOld = TOO_OLD.matcher(result.errors());
        if (tooOld.find()) {
            throw new HostingException("A PostgreSQL " + tooOld.group(1) + " database can be dumped by pg_dump "
                    + tooOld.group(1) + " or newer only, but the pg_dump on the PATH is version " + tooOld.group(2)
                    + ": install postgresql-client-" + tooOld.group(1) + " and put it first on the PATH.");
        }
        if (result.exitCode() != 0) {
            throw new HostingException("pg_dump failed: " + result.errors());
        }
    }

    /** Fills an empty database; all of it will belong to the user of the data source name. */
    void restore(PostgresDsn dsn, Path file) throws HostingException, InterruptedException {
        boolean custom = isCustomFormat(file);
        List<String> command = custom
                ? List.of(
                        pgRestore.toString(),
                        "--no-owner",
                        "--no-privileges",
                        "--dbname=" + dsn.database(),
                        file.toString())
                // The official command line uploads plain SQL unless it is told otherwise.
                : List.of(
                        psql.toString(),
                        "--no-psqlrc",
                        "--quiet",
                        "--output=" + File.separator + "dev/null",
                        "--file=" + file);
        Result result = run(dsn, file, command);
        List<String> problems = problems(result.errors());
        if (!problems.isEmpty()) {
            throw new HostingException((custom ? "pg_restore" : "psql") + " failed: " + String.join("; ", problems));
        }
        // pg_restore exits with 1 after messages, too; those have all been recognised as harmless.
        boolean onlyMessages =
                custom && result.exitCode() == 1 && result.errors().contains("errors ignored on restore");
        if (result.exitCode() != 0 && !onlyMessages) {
            throw new HostingException((custom ? "pg_restore" : "psql") + " failed: " + result.errors());
        }
    }

    private static boolean isCustomFormat(Path file) throws HostingException {
        try (var in = Files.newInputStream(file)) {
            return java.util.Arrays.equals(in.readNBytes(CUSTOM_FORMAT.length), CUSTOM_FORMAT);
        } catch (IOException e) {
            throw new HostingException("The backup cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> problems(String errors) {
        List<String> problems = new ArrayList<>();
        for (String line : errors.split("\n", -1)) {
            boolean error = line.toLowerCase(Locale.ROOT).contains("error:") || line.contains("FATAL:");
            if (error
                    && HARMLESS.stream()
                            .noneMatch(pattern -> pattern.matcher(line).find())) {
                problems.add(line.strip());
            }
        }
        return problems;
    }

    private record Result(int exitCode, String errors) {}

    private static Result run(PostgresDsn dsn, Path beside, List<String> command)
            throws HostingException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        // By the environment, because everybody on the machine can read the arguments of a process.
        builder.environment().put("PGHOST", dsn.host());
        builder.environment().put("PGPORT", Integer.toString(dsn.port()));
        builder.environment().put("PGDATABASE", dsn.database());
        builder.environment().put("PGUSER", dsn.user());
        builder.environment().put("PGPASSWORD", dsn.password());
        builder.environment().put("PGAPPNAME", "platform");
        builder.environment().put("LC_ALL", "C");
        Path errors = null;
        try {
            errors = Files.createTempFile(beside.toAbsolutePath().getParent(), "messages", ".txt");
            Process process = builder.redirectErrorStream(false)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            try {
                int exitCode = process.waitFor();
                return new Result(exitCode, Files.readString(errors).strip());
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new HostingException(command.get(0) + " could not be run: " + e.getMessage(), e);
        } finally {
            if (errors != null) {
                try {
                    Files.deleteIfExists(errors);
                } catch (IOException e) {
                    // The folder that it is in is deleted with the sandbox.
                }
            }
        }
    }
}
