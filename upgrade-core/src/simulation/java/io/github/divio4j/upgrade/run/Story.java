package io.github.divio4j.upgrade.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What happened, in numbered lines: when, who, what. Of thousands of schedules only those that fail are told. */
final class Story {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final boolean told;
    private final List<String> lines = new ArrayList<>();

    Story(boolean told) {
        this.told = told;
    }

    void tell(Instant at, String who, Supplier<String> what) {
        if (told) {
            lines.add(String.format(
                    Locale.ROOT, "%4d  day %s  %-10s %s", lines.size() + 1, TIME.format(at), who, what.get()));
        }
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
