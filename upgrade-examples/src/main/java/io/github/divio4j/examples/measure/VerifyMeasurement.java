package io.github.divio4j.examples.measure;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.postgres.ComparisonResult;
import io.github.divio4j.upgrade.postgres.DataComparison;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/**
 * Compares the verification of a restored database with counting its rows, in turns, in a JVM of its own whose heap is too small to hold
 * them.
 */
final class VerifyMeasurement implements Measurement {
    private static final String HEAP = "-Xmx64m";
    private static final List<String> TABLES =
            List.of("customers", "products", "orders", "order_lines", "payments", "documents", "events");
    private static final int ROUNDS = 5;

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        int rows = rows(arguments);
        List<String> versions = LocalDatabases.versions();
        String from = versions.contains("13") ? "13" : "14";
        try (LocalDatabases databases = new LocalDatabases()) {
            PostgresDsn source = databases.create(from);
            PostgresDsn target = databases.create("15");
            databases.fillOrderBook(source, rows);
            databases.copy(source, target);
            out.println("PostgreSQL " + from + " and 15, " + rows + " rows; a JVM of its own with " + HEAP);
            return measureInItsOwnJvm(source, target, out);
        }
    }

    private static int rows(List<String> arguments) throws WrongArgumentException {
        if (arguments.isEmpty()) {
            return 1_000_000;
        }
        if (arguments.size() == 2
                && arguments.get(0).equals("--rows")
                && arguments.get(1).matches("[1-9]\\d{2,8}")) {
            return Integer.parseInt(arguments.get(1));
        }
        throw new WrongArgumentException(
                "verify takes --rows and their number, 100 or more, but not: " + String.join(" ", arguments));
    }

    private static Numbers measureInItsOwnJvm(PostgresDsn source, PostgresDsn target, PrintStream out)
            throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(NewJvm.java(), HEAP, "-cp", NewJvm.classPath(), VerifyMeasurement.class.getName());
        // By the environment, because everybody on the machine can read the arguments of a process.
        put(builder, "SOURCE", source);
        put(builder, "TARGET", target);
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String last = "";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!last.isEmpty()) {
                    out.println(last);
                }
                last = line;
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("the JVM that verifies ended with " + process.exitValue() + " after: " + last);
        }
        return Numbers.parse(last);
    }

    private static void put(ProcessBuilder builder, String name, PostgresDsn dsn) {
        builder.environment()
                .put(
                        name,
                        String.join(
                                "\n",
                                dsn.host(),
                                Integer.toString(dsn.port()),
                                dsn.database(),
                                dsn.user(),
                                dsn.password()));
    }

    private static DataSource database(String name) {
        String[] parts = System.getenv(name).split("\n", -1);
        return LocalDatabases.dataSource(
                new PostgresDsn(parts[0], Integer.parseInt(parts[1]), parts[2], parts[3], parts[4]));
    }

    /** Runs in the JVM of its own; the last line are the numbers. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        DataSource source = database("SOURCE");
        DataSource target = database("TARGET");
        DataComparison comparison = DataComparison.builder().build();
        double[] verified = new double[ROUNDS];
        double[] counted = new double[ROUNDS];
        ComparisonResult result = comparison.compare(source, target);
        for (int round = 0; round < ROUNDS; round++) {
            counted[round] = millis(() -> count(source, target));
            verified[round] = millis(() -> comparison.compare(source, target));
            out.println(String.format(
                    Locale.ROOT, "counted in %.0f ms, verified in %.0f ms", counted[round], verified[round]));
        }
        if (!result.isSame()) {
            throw new IllegalStateException(result.describe());
        }
        double verify = Numbers.median(verified);
        out.println(new Numbers()
                .put("rows", result.rows())
                .put("mb_per_s", result.bytes() / 1e6 / (verify / 1000))
                .put("ratio_to_count", verify / Numbers.median(counted))
                .put("jvm_mb", residentMegabytes()));
    }

    private static double millis(Callable<?> task) throws Exception {
        long begin = System.nanoTime();
        task.call();
        return (System.nanoTime() - begin) / 1e6;
    }

    /** Counts the rows of the same tables, of both databases side by side. */
    private static long count(DataSource source, DataSource target) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Long> before = threads.submit(() -> count(source));
            Future<Long> after = threads.submit(() -> count(target));
            return before.get() + after.get();
        } finally {
            threads.shutdown();
        }
    }

    private static long count(DataSource database) throws SQLException {
        long rows = 0;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
                    count.next();
                    rows += count.getLong(1);
                }
            }
        }
        return rows;
    }

    /** The most memory that this process has had, as the kernel counts it; where that is not told, the heap that it has now. */
    private static long residentMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                }
            }
        }
        return Runtime.getRuntime().totalMemory() >> 20;
    }
}
