package io.github.divio4j.upgrade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Sums up a report of PIT in one line, and fails if fewer mutants were killed than wanted. */
public final class MutationScore {

    private static final Pattern MUTANT = Pattern.compile("<mutation detected='(true|false)'");

    private MutationScore() {}

    /** Takes the report as XML and the least score in percent. */
    public static void main(String[] arguments) throws IOException {
        String report = Files.readString(Path.of(arguments[0]));
        long all = MUTANT.matcher(report).results().count();
        long killed = MUTANT.matcher(report)
                .results()
                .filter(m -> m.group(1).equals("true"))
                .count();
        double score = all == 0 ? 0 : 100.0 * killed / all;
        System.out.println(String.format(Locale.ROOT, "MUTATION score=%.1f killed=%d of=%d", score, killed, all));
        if (score < Integer.parseInt(arguments[1])) {
            throw new IllegalStateException(
                    "the mutation score is below " + arguments[1] + " %; the mutants that live are in "
                            + Path.of(arguments[0]).resolveSibling("index.html"));
        }
    }
}
