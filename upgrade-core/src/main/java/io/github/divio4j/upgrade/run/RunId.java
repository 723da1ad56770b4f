package io.github.divio4j.upgrade.run;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The ids of runs: {@code 20260101T000000000Z-3f9a}, the time of the start and a random number; the older sorts first. */
final class RunId {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private RunId() {}

    static String of(Instant began, long random) {
        return TIME.format(began) + String.format(Locale.ROOT, "-%04x", random & 0xffff);
    }

    /** When the run began, to the millisecond; empty if it is no id of ours. */
    static Optional<Instant> began(String id) {
        int end = id.lastIndexOf('-');
        if (end < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(TIME.parse(id.substring(0, end), Instant::from));
        } catch (DateTimeException notOurs) {
            return Optional.empty();
        }
    }
}
