package io.github.divio4j.upgrade.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times in words, the same in every locale. */
final class Words {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Words() {}

    static String count(long number, String what) {
        return number(number) + " " + what + (number == 1 ? "" : "s");
    }

    /** With commas: {@code 1,234,567}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String moment(Instant at) {
        return MOMENT.format(at);
    }

    /** In seconds, and if these are many, more readably as well: {@code 190 s (3 min 10 s)}. */
    static String seconds(Duration duration) {
        return duration.toSeconds() < 120
                ? time(duration)
                : number(duration.toSeconds()) + " s (" + time(duration) + ")";
    }

    /** {@code 0.4 s}, {@code 95 s}, {@code 3 min 10 s}, {@code 2 h 5 min}. */
    static String time(Duration duration) {
        long seconds = duration.toSeconds();
        if (duration.toMillis() == 0) {
            return "0 s";
        }
        if (seconds < 10 && duration.toMillis() % 1000 != 0) {
            return String.format(Locale.ROOT, "%.1f s", Math.max(0.1, duration.toMillis() / 1000.0));
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        long minutes = seconds / 60;
        return number(minutes / 60) + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }
}
