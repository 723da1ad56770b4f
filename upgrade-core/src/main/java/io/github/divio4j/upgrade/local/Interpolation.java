package io.github.divio4j.upgrade.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A value of a compose file with its variables replaced ({@code ${NAME:-default}}), where each character still knows where it
 * is written. The forms are those of the Compose specification, "Interpolation".
 */
final class Interpolation {

    /** Stands in the text for a variable that nobody gives a value. */
    static final char UNKNOWN = '\0';

    private final StringBuilder text = new StringBuilder();
    private final List<Origin> origins = new ArrayList<>();
    private final Set<String> unknown = new TreeSet<>();
    private final Set<String> withDefault = new TreeSet<>();
    private final Map<String, String> values;

    private Interpolation(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Where a character is written.
     *
     * @param variable the variable whose value it is in, or null for the value of the compose file
     * @param index its index there; -1 if it is written nowhere
     * @param defaultOf the variable whose default it is a part of, or null
     */
    private record Origin(
            @Nullable String variable, int index, @Nullable String defaultOf) {}

    /**
     * Where a part of the text is written.
     *
     * @param variable the variable whose value it is in, or null for the value of the compose file
     * @param defaultOf the variable whose default it is in, or null
     */
    record Span(
            @Nullable String variable,
            int start,
            int end,
            @Nullable String defaultOf) {}

    /**
     * Replaces the variables of a value.
     *
     * @param values what the variables are; those that are not there have their default, or are unknown
     * @return null if the value is not written as the specification says
     */
    static @Nullable Interpolation of(String value, Map<String, String> values) {
        Interpolation result = new Interpolation(values);
        int end = result.expand(value, 0, null, false);
        return end == value.length() ? result : null;
    }

    /** The text with all variables replaced, and {@link #UNKNOWN} for each that has no value. */
    String text() {
        return text.toString();
    }

    /** The variables without a value. */
    Set<String> unknown() {
        return unknown;
    }

    /** The variables that have a default, whether it is used or not. */
    Set<String> withDefault() {
        return withDefault;
    }

    /**
     * Where a part of the text is written.
     *
     * @return null if it is not written in one piece
     */
    @Nullable
    Span span(int start, int end) {
        if (start == end) {
            return start == 0 ? null : behind(origins.get(start - 1));
        }
        Origin first = origins.get(start);
        for (int i = start; i < end; i++) {
            Origin each = origins.get(i);
            boolean next = each.index() == first.index() + (i - start);
            if (each.index() < 0 || !next || !Objects.equals(each.variable(), first.variable())) {
                return null;
            }
        }
        return new Span(first.variable(), first.index(), first.index() + (end - start), first.defaultOf());
    }

    private static @Nullable Span behind(Origin last) {
        int at = last.index() + 1;
        return last.index() < 0 ? null : new Span(last.variable(), at, at, last.defaultOf());
    }

    /** Appends what is written from a place on, up to the end or the brace that ends a default; tells where that is. */
    private int expand(String value, int from, @Nullable String defaultOf, boolean toBrace) {
        int at = from;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '}' && toBrace) {
                return at;
            }
            if (c != '$') {
                append(c, new Origin(null, at, defaultOf));
                at++;
            } else if (value.startsWith("$$", at)) {
                append('$', new Origin(null, -1, defaultOf));
                at += 2;
            } else {
                at = variable(value, at + 1, defaultOf);
                if (at < 0) {
                    return -1;
                }
            }
        }
        return at;
    }

    private void append(char c, Origin origin) {
        text.append(c);
        origins.add(origin);
    }

    /** Appends the variable whose dollar sign is before a place; tells where it ends, or -1 if it is not written right. */
    private int variable(String value, int from, @Nullable String defaultOf) {
        boolean braces = value.startsWith("{", from);
        int begin = braces ? from + 1 : from;
        int end = begin;
        while (end < value.length() && isNamePart(value.charAt(end), end == begin)) {
            end++;
        }
        if (end == begin) {
            return -1;
        }
        String name = value.substring(begin, end);
        if (!braces) {
            append(name, true);
            return end;
        }
        String rest = value.substring(end);
        if (rest.startsWith("}")) {
            append(name, true);
            return end + 1;
        }
        boolean emptyCounts = !rest.startsWith(":");
        int operator = emptyCounts ? end : end + 1;
        if (operator >= value.length() || "-?+".indexOf(value.charAt(operator)) < 0) {
            return -1;
        }
        String given = values.get(name);
        boolean has = given != null && (emptyCounts || !given.isEmpty());
        boolean alternative = value.charAt(operator) == '+';
        if (value.charAt(operator) == '-') {
            withDefault.add(name);
        }
        boolean useWord = alternative ? has : !has && value.charAt(operator) == '-';
        int length = text.length();
        int close = expand(value, operator + 1, alternative ? defaultOf : name, true);
        if (close < 0 || close >= value.length()) {
            return -1;
        }
        if (!useWord) {
            text.setLength(length);
            origins.subList(length, origins.size()).clear();
            if (!alternative) {
                append(name, emptyCounts);
            }
        }
        return close + 1;
    }

    private static boolean isNamePart(char c, boolean first) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
    }

    private void append(String name, boolean emptyCounts) {
        String given = values.get(name);
        if (given == null || (given.isEmpty() && !emptyCounts)) {
            unknown.add(name);
            append(UNKNOWN, new Origin(name, -1, null));
            return;
        }
        for (int i = 0; i < given.length(); i++) {
            append(given.charAt(i), new Origin(name, i, null));
        }
    }
}
