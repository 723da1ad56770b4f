package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the files of a PostgreSQL server are unpacked to: beside its jar, so that they are unpacked once and go when the
 * build's output goes.
 *
 * <p>A folder counts only once it has been marked as complete. Until then one JVM at a time works on it, and starts from
 * nothing, because an earlier one may have been killed in the middle.
 */
final class UnpackedBinaries {
    private static final String COMPLETE = "complete";

    /** File locks are held by the whole JVM; these keep its threads apart. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path folder;

    private UnpackedBinaries(Path folder) {
        this.folder = folder;
    }

    static UnpackedBinaries of(PostgresBinaries binaries) throws IOException {
        return new UnpackedBinaries(parent().resolve(binaries.fingerprint()));
    }

    static Path parent() {
        return PostgresBinaries.directory().resolve("unpacked");
    }

    /** Something that unpacks the files unless they are there. */
    @FunctionalInterface
    interface Use<T> {
        T in(Path folder) throws IOException;
    }

    <T> T use(Use<T> use) throws IOException {
        if (isComplete()) {
            return use.in(folder);
        }
        ReentrantLock threads = LOCKS.computeIfAbsent(folder, path -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(folder.resolveSibling("."));
            try (FileChannel channel = FileChannel.open(
                            folder.resolveSibling(folder.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock processes = channel.lock()) {
                if (!isComplete() && processes.isValid()) {
                    FileTree.delete(folder);
                }
                T result = use.in(folder);
                if (!isComplete()) {
                    Files.createFile(folder.resolve(COMPLETE));
                }
                return result;
            }
        } finally {
            threads.unlock();
        }
    }

    private boolean isComplete() {
        return Files.exists(folder.resolve(COMPLETE));
    }
}
