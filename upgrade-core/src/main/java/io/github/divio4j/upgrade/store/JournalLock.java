package io.github.divio4j.upgrade.store;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps other processes away from a journal. The operating system ends it with the process, whatever the process dies of.
 *
 * <p>It is a file of its own: on POSIX systems a process loses its locks on a file as soon as it closes the file anywhere, as
 * somebody who reads the journal in the same process would.
 */
final class JournalLock implements Closeable {

    /** For the same reason nobody in this process may even try to lock what is locked. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** Far behind the content: on Windows a locked part cannot be read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int LONGEST_PROCESS_ID = 20;

    private final Path path;
    private final RandomAccessFile file;

    private JournalLock(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static JournalLock of(Path journal) throws IOException {
        Path absolute = journal.toAbsolutePath();
        Path real = Files.exists(absolute)
                ? absolute.toRealPath()
                : requireNonNull(absolute.getParent()).toRealPath().resolve(absolute.getFileName());
        Path path = real.resolveSibling(real.getFileName() + ".lock");
        if (!HELD.add(path)) {
            throw new StoreException(
                    "The journal " + journal + " is open in this process already."
                            + " One journal belongs to one run at a time: close it first, or use another file.",
                    null);
        }
        try {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            try {
                lock(file, journal);
                return new JournalLock(path, file);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            HELD.remove(path);
            throw e;
        }
    }

    private static void lock(RandomAccessFile file, Path journal) throws IOException {
        FileLock lock = file.getChannel().tryLock(LOCKED_BYTE, 1, false);
        if (lock == null) {
            String holder = holder(file);
            throw new StoreException(
                    "The journal " + journal + " is open in another process"
                            + (holder.isEmpty() ? "" : " (process id " + holder + ")")
                            + ". Wait until that run has ended, or end it, and run again.",
                    null);
        }
        file.setLength(0);
        file.write(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
    }

    private static String holder(RandomAccessFile file) throws IOException {
        byte[] content = new byte[LONGEST_PROCESS_ID];
        int length = file.read(content);
        String text = length < 0 ? "" : new String(content, 0, length, StandardCharsets.US_ASCII);
        return text.chars().allMatch(Character::isDigit) ? text : "";
    }

    /** Lets go. The file stays: another process may be about to lock it. */
    @Override
    public void close() throws IOException {
        try (file) {
            file.setLength(0);
        } finally {
            HELD.remove(path);
        }
    }
}
