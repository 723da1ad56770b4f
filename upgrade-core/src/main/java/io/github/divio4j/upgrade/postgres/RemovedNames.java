package io.github.divio4j.upgrade.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What the catalogue of the source's version has and that of the target's has no more. */
final class RemovedNames {

    private static final List<Removed> ALL = read();

    /** What can be removed. */
    enum Kind {
        FUNCTION,
        OPERATOR,
        TYPE,
        SETTING,
        COLUMN,
        EXTENSION
    }

    /**
     * One name.
     *
     * @param since the first version without it
     * @param name of an operator with its operands: {@code !!(-,bigint)}; of a column with its table
     */
    record Removed(int since, Kind kind, String name) {}

    private RemovedNames() {}

    /**
     * Returns what is removed by an upgrade.
     *
     * @param from the major version of the source, 9 for 9.6
     * @param to that of the target
     */
    static List<Removed> between(int from, int to, Kind kind) {
        return ALL.stream()
                .filter(r -> r.kind == kind && from < r.since && r.since <= to)
                .toList();
    }

    private static List<Removed> read() {
        List<Removed> all = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(RemovedNames.class.getResourceAsStream("removed-names.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] words = line.split(" ", -1);
                int since = Integer.parseInt(words[0]);
                Kind kind = Kind.valueOf(words[1].toUpperCase(java.util.Locale.ROOT));
                Arrays.stream(words).skip(2).forEach(name -> all.add(new Removed(since, kind, name)));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(all);
    }
}
