package io.github.divio4j.upgrade.local;

/**
 * A part of a text to be replaced.
 *
 * @param start where it begins; an insertion if {@code end} is the same
 * @param end where it ends, exclusive
 */
record TextEdit(int start, int end, String replacement) {}
