package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all files of one sandbox.
 *
 * <p>Beside it lies a lock file that this JVM holds a lock on for as long as the sandbox lives. The operating system gives
 * the lock back when the JVM is killed; that is how a later run knows which folders nobody needs any more.
 */
final class RunFolder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RunFolder.class.getName());
    private static final String LOCK = ".lock";

    /** Closing any channel of a file gives back all locks of this JVM on it, so its own lock files are never opened twice. */
    private static final Set<Path> OWN_LOCKS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path lockFile;
    private final FileChannel lockChannel;

    private RunFolder(Path path, Path lockFile, FileChannel lockChannel) {
        this.path = path;
        this.lockFile = lockFile;
        this.lockChannel = lockChannel;
    }

    static Path parent() {
        return Path.of(System.getProperty("java.io.tmpdir"), "divio4j-sandbox").toAbsolutePath();
    }

    /** Makes a new folder, after clearing away what killed runs have left. */
    static RunFolder create(Ids ids) {
        Path parent = parent();
        try {
            for (int attempt = 0; attempt < 20; attempt++) {
                Files.createDirectories(parent);
                sweep(parent);
                String name = "run-" + ids.letters(10);
                Path lockFile = parent.resolve(name + LOCK);
                OWN_LOCKS.add(lockFile);
                RunFolder folder = tryCreate(parent.resolve(name), lockFile);
                if (folder != null) {
                    return folder;
                }
                OWN_LOCKS.remove(lockFile);
            }
        } catch (IOException e) {
            throw new SandboxException("Cannot make a folder for the sandbox in " + parent + ": " + e.getMessage(), e);
        }
        throw new SandboxException("Cannot make a folder for the sandbox in " + parent + ": others keep removing it.");
    }

    private static @Nullable RunFolder tryCreate(Path path, Path lockFile) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            // Another run has just ended and removed the empty parent.
            return null;
        }
        // Between these two lines another run may take the new file for an abandoned one, and remove it.
        FileLock lock = channel.tryLock();
        if (lock == null || !Files.exists(lockFile)) {
            channel.close();
            return null;
        }
        Files.createDirectory(path);
        return new RunFolder(path, lockFile, channel);
    }

    Path path() {
        return path;
    }

    Path subfolder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw new SandboxException("Cannot make a folder in " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            FileTree.delete(path);
            Files.deleteIfExists(lockFile);
            lockChannel.close();
            removeIfEmpty(lockFile.getParent());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Could not remove " + path, e);
        } finally {
            OWN_LOCKS.remove(lockFile);
        }
    }

    private static void removeIfEmpty(@Nullable Path parent) throws IOException {
        if (parent != null) {
            try {
                Files.deleteIfExists(parent);
            } catch (DirectoryNotEmptyException e) {
                // Other sandboxes are running.
            }
        }
    }

    private static void sweep(Path parent) throws IOException {
        List<Path> locks;
        try (Stream<Path> files = Files.list(parent)) {
            locks = files.filter(file -> file.toString().endsWith(LOCK))
                    .filter(file -> !OWN_LOCKS.contains(file))
                    .toList();
        }
        for (Path lockFile : locks) {
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    String file = lockFile.toString();
                    Path abandoned = Path.of(file.substring(0, file.length() - LOCK.length()));
                    PostgresProcess.stopAllBelow(abandoned);
                    FileTree.delete(abandoned);
                    Files.deleteIfExists(lockFile);
                }
            } catch (NoSuchFileException | OverlappingFileLockException e) {
                LOG.log(Level.DEBUG, "Another run is clearing away " + lockFile, e);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "Could not clear away what a killed run left: " + lockFile, e);
            }
        }
    }
}
