package io.github.divio4j.upgrade.local;

import java.nio.file.Path;

/**
 * One replaced part of a file.
 *
 * @param line its line, from 1
 * @param start the offset of its first byte in the file as it was read
 * @param end the offset behind its last byte there
 * @param before the text that was there
 * @param after the text in its place
 */
public record FileEdit(Path file, int line, int start, int end, String before, String after) {}
