package io.github.divio4j.client.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the log of an environment.
 *
 * @param lines its lines; empty when nothing new was written
 * @param next where the log goes on, for {@code divio.environments().logAfter(page)}; null when the API does not say
 */
public record LogPage(List<LogLine> lines, @Nullable String next) {
    /** Checks the parts. */
    public LogPage {
        lines = List.copyOf(lines);
    }

    /** Tells how many lines there are, and none of them: applications log secrets. */
    @Override
    public String toString() {
        return "LogPage[" + lines.size() + " lines]";
    }
}
