package io.github.divio4j.upgrade.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A file as it was read: its bytes, and the text that they are in UTF-8. Places in it are indices into the text, which does
 * not hold a byte order mark.
 */
final class TextFile {

    /** More than any file that a person writes; also the limit of the parser. */
    private static final int LARGEST = 3 * 1024 * 1024;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path path;
    private final byte[] bytes;
    private final int textBegins;
    private final String text;

    private TextFile(Path path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
        this.textBegins = startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
        this.text = decode();
    }

    /**
     * Reads a file.
     *
     * @throws LocalUpgradeException if there is none, or it is no text in UTF-8
     */
    static TextFile read(Path path) {
        try {
            if (Files.isRegularFile(path) && Files.size(path) > LARGEST) {
                throw new LocalUpgradeException(
                        path + " is larger than 3 MiB: that is no file that is written by hand.");
            }
            return of(path, Files.readAllBytes(path));
        } catch (IOException e) {
            throw new LocalUpgradeException(path + " cannot be read: " + LocalUpgradeException.reason(e) + ".", e);
        }
    }

    static TextFile of(Path path, byte[] bytes) {
        return new TextFile(path, bytes);
    }

    private static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(bytes, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }

    private String decode() {
        ByteBuffer rest = ByteBuffer.wrap(bytes, textBegins, bytes.length - textBegins);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(rest.slice()).toString();
        } catch (CharacterCodingException e) {
            var soFar = CharBuffer.allocate(bytes.length);
            CoderResult stopped = StandardCharsets.UTF_8.newDecoder().decode(rest, soFar, true);
            soFar.flip();
            throw new LocalUpgradeException(
                    path + ", line " + lineOf(soFar.toString(), soFar.length()) + ": this is no text in UTF-8 ("
                            + stopped + "). Save the file as UTF-8.",
                    e);
        }
    }

    Path path() {
        return path;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    String text() {
        return text;
    }

    /** The index into the text of the code point with this number. */
    int index(int codePoint) {
        return text.offsetByCodePoints(0, codePoint);
    }

    /** The line of a place, from 1. */
    int line(int index) {
        return lineOf(text, index);
    }

    private static int lineOf(String text, int index) {
        int line = 1;
        for (int i = 0; i < index; i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                line++;
            }
        }
        return line;
    }

    /** A place for people: {@code docker-compose.yml, line 4}. */
    String place(int index) {
        return path + ", line " + line(index);
    }

    private int byteOffset(int index) {
        return textBegins + text.substring(0, index).getBytes(StandardCharsets.UTF_8).length;
    }

    /** The bytes with parts of the text replaced; every other byte is copied. */
    byte[] with(List<TextEdit> edits) {
        ByteArrayOutputStream result = new ByteArrayOutputStream(bytes.length + 64);
        int copied = 0;
        for (TextEdit edit :
                edits.stream().sorted(Comparator.comparingInt(TextEdit::start)).toList()) {
            int start = byteOffset(edit.start());
            result.write(bytes, copied, start - copied);
            result.writeBytes(edit.replacement().getBytes(StandardCharsets.UTF_8));
            copied = byteOffset(edit.end());
        }
        result.write(bytes, copied, bytes.length - copied);
        return result.toByteArray();
    }

    /** The edit as a user sees it, in bytes. */
    FileEdit inBytes(TextEdit edit) {
        return new FileEdit(
                path,
                line(edit.start()),
                byteOffset(edit.start()),
                byteOffset(edit.end()),
                text.substring(edit.start(), edit.end()),
                edit.replacement());
    }
}
