package io.github.divio4j.upgrade.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** New bytes for a file, on the disk beside it, ready to take its place at once. */
final class FileReplacement {

    private static final Set<PosixFilePermission> WRITE =
            Set.of(PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path file;
    private final byte[] before;
    private final Path temporary;

    private FileReplacement(Path file, byte[] before, Path temporary) {
        this.file = file;
        this.before = before;
        this.temporary = temporary;
    }

    /**
     * Writes the new bytes beside the file.
     *
     * @param before what the file must hold
     * @throws LocalUpgradeException if it does not, or must not be written
     */
    static FileReplacement prepare(Path link, byte[] before, byte[] after) {
        Path temporary = null;
        try {
            Path file = link.toRealPath();
            checkUnchanged(file, before);
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            PosixFileAttributes attributes = view == null ? null : view.readAttributes();
            // Access rights do not stop root, but a file without any right to write was meant to stay.
            boolean readOnly =
                    attributes != null && attributes.permissions().stream().noneMatch(WRITE::contains);
            if (readOnly || !Files.isWritable(file)) {
                throw new LocalUpgradeException(
                        link + " is not writable, and was not changed. Give yourself the right to write it.");
            }
            Path folder = Objects.requireNonNull(file.getParent(), "parent");
            if (!Files.isWritable(folder)) {
                throw new LocalUpgradeException(
                        link + " was not changed: the new file is written beside it first, and the folder " + folder
                                + " is not writable. Give yourself the right to write it.");
            }
            temporary = Files.createTempFile(folder, "." + file.getFileName(), ".part");
            write(temporary, after);
            keepAttributes(link, attributes, temporary);
            return new FileReplacement(file, before, temporary);
        } catch (LocalUpgradeException e) {
            delete(temporary);
            throw e;
        } catch (IOException e) {
            delete(temporary);
            throw new LocalUpgradeException(
                    link + " cannot be replaced, and was not changed: " + LocalUpgradeException.reason(e) + ".", e);
        }
    }

    private static void checkUnchanged(Path file, byte[] before) throws IOException {
        if (!Arrays.equals(Files.readAllBytes(file), before)) {
            throw new LocalUpgradeException(
                    file + " was changed by somebody since it was read, and was not overwritten. Plan again.");
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private static void keepAttributes(Path link, @Nullable PosixFileAttributes attributes, Path temporary)
            throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (attributes == null || view == null) {
            return;
        }
        PosixFileAttributes own = view.readAttributes();
        try {
            if (!own.group().equals(attributes.group())) {
                view.setGroup(attributes.group());
            }
            if (!own.owner().equals(attributes.owner())) {
                view.setOwner(attributes.owner());
            }
        } catch (IOException e) {
            throw new LocalUpgradeException(
                    link + " was not changed: it belongs to "
                            + attributes.owner().getName() + ":"
                            + attributes.group().getName()
                            + ", which would be lost. Make it your own, or run as its owner.",
                    e);
        }
        view.setPermissions(attributes.permissions());
    }

    /** Takes the file's place, if it still holds what it held. */
    void replace() {
        try {
            checkUnchanged(file, before);
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            }
            forceFolder();
        } catch (IOException e) {
            throw new LocalUpgradeException(
                    file + " could not be replaced: " + LocalUpgradeException.reason(e) + ". Look into it.", e);
        }
    }

    private void forceFolder() {
        try (FileChannel folder = FileChannel.open(Objects.requireNonNull(file.getParent(), "parent"))) {
            folder.force(true);
        } catch (IOException e) {
            // Windows cannot open folders; the file is in its place, only its durability is the file system's own
            // business.
        }
    }

    /** Removes what was not needed. */
    void close() {
        delete(temporary);
    }

    private static void delete(@Nullable Path temporary) {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            // Its name says that it is a part of nothing.
        }
    }
}
