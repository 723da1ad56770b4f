package io.github.divio4j.examples.measure;

import io.github.divio4j.upgrade.local.ComposeChange;
import io.github.divio4j.upgrade.local.ComposeFile;
import io.github.divio4j.upgrade.local.FileEdit;
import io.github.divio4j.upgrade.local.LocalSpec;
import io.github.divio4j.upgrade.local.LocalUpgradeException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What would become of every compose file below a folder. It reads, and never writes. */
final class ComposeMeasurement implements Measurement {
    private static final Pattern NAME =
            Pattern.compile("(?:.*[._-])?compose(?:[._-].*)?\\.ya?ml", Pattern.CASE_INSENSITIVE);

    /** All that an image tag, with its colon and digest, may be made of. */
    private static final Pattern TAG = Pattern.compile("[\\w.:-]*(?:@\\w+:\\w+)?");

    /** What stands around a tag without a blank or a quote: the name of an image, or a variable of {@code .env}. */
    private static final Pattern AROUND =
            Pattern.compile("(?s).*(?:postg|timescale|pgvector|\\$).*|[A-Za-z_]\\w*=.*", Pattern.CASE_INSENSITIVE);

    private static final Pattern MOUNT = Pattern.compile("/var/lib/postgresql(?:/data/*)?");
    private static final int TOLD = 20;

    @Override
    public Numbers run(List<String> arguments, PrintStream out) throws Exception {
        if (arguments.isEmpty() || arguments.size() > 2 || !Files.isDirectory(Path.of(arguments.get(0)))) {
            throw new WrongArgumentException(
                    "compose takes a folder, and a version (15 if none is given): -Dargs=\"DIR 15\"");
        }
        LocalSpec spec = spec(arguments.size() == 2 ? arguments.get(1) : "15");
        List<Path> files = find(Path.of(arguments.get(0)));
        Totals totals = new Totals();
        long begin = System.nanoTime();
        for (Path file : files) {
            totals.add(file, spec, out);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Numbers()
                .put("files", files.size())
                .put("changed", totals.changed)
                .put("refused", totals.refused)
                .put("collateral_bytes", totals.collateral)
                .put("undecided", totals.undecided)
                .put("without_postgres", totals.withoutPostgres)
                .put("written", totals.written)
                .put("crashed", totals.crashed)
                .put("seconds", seconds);
    }

    private static LocalSpec spec(String version) throws WrongArgumentException {
        try {
            return LocalSpec.to(version)
                    .allServices()
                    .moveDataDirectory()
                    .dropDigests()
                    .editEnvFile()
                    .build();
        } catch (IllegalArgumentException e) {
            throw new WrongArgumentException(String.valueOf(e.getMessage()));
        }
    }

    private static List<Path> find(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, EnumSet.noneOf(FileVisitOption.class), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()
                        && NAME.matcher(file.getFileName().toString()).matches()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    private static final class Totals {
        private int changed;
        private int refused;
        private int undecided;
        private int withoutPostgres;
        private int written;
        private int crashed;
        private long collateral;
        private int told;

        void add(Path file, LocalSpec spec, PrintStream out) throws IOException {
            byte[] before = Files.readAllBytes(file);
            try {
                ComposeFile compose = ComposeFile.read(file);
                if (compose.postgresServices().isEmpty()) {
                    withoutPostgres++;
                    return;
                }
                ComposeChange change = compose.change(spec);
                changed += change.isEmpty() ? 0 : 1;
                undecided += change.notices().stream()
                                .anyMatch(notice -> notice.kind().blocking())
                        ? 1
                        : 0;
                collateral += collateral(change);
            } catch (LocalUpgradeException e) {
                refused++;
                tell(out, "refused: " + e.getMessage());
            } catch (RuntimeException | StackOverflowError e) {
                // Any of them is a defect, and they are what is counted.
                crashed++;
                out.println("crashed: " + file + ": " + e);
            }
            written += Arrays.equals(before, Files.readAllBytes(file)) ? 0 : 1;
        }

        private void tell(PrintStream out, String line) {
            told++;
            if (told <= TOLD) {
                out.println(line);
            } else if (told == TOLD + 1) {
                out.println("...");
            }
        }
    }

    /** How many bytes differ outside of tags and mount paths: everything between the edits, and edits of anything else. */
    private static long collateral(ComposeChange change) throws IOException {
        Map<Path, List<FileEdit>> edits = new TreeMap<>();
        change.edits()
                .forEach(edit -> edits.computeIfAbsent(edit.file(), path -> new ArrayList<>())
                        .add(edit));
        long bytes = 0;
        for (Map.Entry<Path, byte[]> file : change.after().entrySet()) {
            bytes += collateral(
                    Files.readAllBytes(file.getKey()), file.getValue(), edits.getOrDefault(file.getKey(), List.of()));
        }
        return bytes;
    }

    private static long collateral(byte[] before, byte[] after, List<FileEdit> edits) {
        long bytes = 0;
        int inBefore = 0;
        int inAfter = 0;
        for (FileEdit edit : edits) {
            int kept = edit.start() - inBefore;
            bytes += differing(before, inBefore, after, inAfter, kept);
            String old = new String(before, edit.start(), edit.end() - edit.start(), StandardCharsets.UTF_8);
            byte[] replacement = edit.after().getBytes(StandardCharsets.UTF_8);
            boolean tag = both(TAG, old, edit.after())
                    && AROUND.matcher(around(before, edit)).matches();
            boolean allowed = tag || both(MOUNT, old, edit.after());
            bytes += allowed ? 0 : Math.max(edit.end() - edit.start(), replacement.length);
            inAfter += kept + replacement.length;
            inBefore = edit.end();
        }
        int restBefore = before.length - inBefore;
        int restAfter = after.length - inAfter;
        return bytes
                + differing(before, inBefore, after, inAfter, Math.min(restBefore, restAfter))
                + Math.abs(restBefore - restAfter);
    }

    private static String around(byte[] before, FileEdit edit) {
        int start = edit.start();
        while (start > 0 && " \t\r\n\"',[{".indexOf(before[start - 1]) < 0) {
            start--;
        }
        return new String(before, start, edit.end() - start, StandardCharsets.UTF_8);
    }

    private static boolean both(Pattern pattern, String one, String other) {
        return pattern.matcher(one).matches() && pattern.matcher(other).matches();
    }

    private static long differing(byte[] before, int inBefore, byte[] after, int inAfter, int length) {
        long bytes = 0;
        for (int i = 0; i < length; i++) {
            boolean same = inAfter + i < after.length && before[inBefore + i] == after[inAfter + i];
            bytes += same ? 0 : 1;
        }
        return bytes;
    }
}
