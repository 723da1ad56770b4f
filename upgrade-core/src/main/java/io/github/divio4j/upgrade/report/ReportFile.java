package io.github.divio4j.upgrade.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts a report into a file, all of it or nothing. */
final class ReportFile {

    private static final Set<PosixFilePermission> WRITE =
            Set.of(PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private ReportFile() {}

    static synchronized void write(Path file, String content) {
        Path part = file.resolveSibling(
                "." + file.getFileName() + "-" + ProcessHandle.current().pid() + ".part");
        try {
            if (Files.isDirectory(file)) {
                throw new FileSystemException(file.toString(), null, "it is a folder");
            }
            refuseIfProtected(file);
            refuseIfProtected(file.toAbsolutePath().getParent());
            try {
                Files.writeString(part, content);
                move(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The report could not be written to " + file + " (" + reason(e)
                            + "), and nothing was changed there; choose a file in a folder that exists and can be"
                            + " written to.",
                    e);
        }
    }

    /** A folder's owner may replace a file that must not be written, and root may write anything: both were not meant. */
    private static void refuseIfProtected(@Nullable Path path) throws IOException {
        PosixFileAttributeView view =
                path == null ? null : Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (path == null || view == null || !Files.exists(path)) {
            return;
        }
        if (view.readAttributes().permissions().stream().noneMatch(WRITE::contains) || !Files.isWritable(path)) {
            throw new AccessDeniedException(path.toString());
        }
    }

    private static void move(Path part, Path whole) throws IOException {
        try {
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "its folder does not exist";
        }
        if (e instanceof AccessDeniedException denied) {
            return "there is no permission to write to " + denied.getFile();
        }
        if (e instanceof FileSystemException other && other.getReason() != null) {
            return other.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
