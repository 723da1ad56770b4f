package io.github.divio4j.upgrade.report;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.report.Report.Finding;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.RunReport.EnvironmentResult;
import io.github.divio4j.upgrade.run.RunReport.Result;
import io.github.divio4j.upgrade.run.RunReport.StepRun;
import io.github.divio4j.upgrade.run.RunReport.Window;
import io.github.divio4j.upgrade.run.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A run with the numbers that a reader looks for, in the words that all forms use. */
final class RunView {

    private final RunReport run;
    private final List<Place> places;

    /** One environment of it. */
    record Place(EnvironmentResult result, List<StepRun> steps, List<Finding> findings) {

        String name() {
            return result.environment().toString();
        }

        String resultInWords() {
            return inWords(result.result());
        }

        /** Whether a person has to do something. */
        boolean needsAttention() {
            return !result.result().isGood();
        }

        Instant from() {
            return steps.stream()
                    .map(StepRun::startedAt)
                    .min(Instant::compareTo)
                    .orElse(Instant.EPOCH);
        }

        Instant until() {
            return steps.stream().map(StepRun::endedAt).max(Instant::compareTo).orElse(Instant.EPOCH);
        }

        Duration took() {
            return Duration.between(from(), until());
        }

        /** How often the executor was called. */
        int executions() {
            return steps.stream().mapToInt(StepRun::executions).sum();
        }

        /** How many steps were begun again. */
        long retries() {
            return steps.size()
                    - steps.stream().map(s -> s.step().id()).distinct().count();
        }

        /** How many rows were compared by the last comparison that found no difference. */
        OptionalLong rowsVerified() {
            OptionalLong rows = OptionalLong.empty();
            for (StepRun step : steps) {
                StepOutcome outcome = step.outcome();
                if (step.step().kind() == Step.Kind.VERIFY && outcome != null && outcome.isDone()) {
                    rows = number(outcome.facts().get("rows"));
                }
            }
            return rows;
        }

        private boolean isVerified() {
            return steps.stream()
                    .anyMatch(s -> s.step().kind() == Step.Kind.VERIFY
                            && s.outcome() != null
                            && s.outcome().isDone());
        }

        String verifiedInWords() {
            OptionalLong rows = rowsVerified();
            if (rows.isPresent()) {
                return Words.count(rows.getAsLong(), "row");
            }
            return isVerified() ? "yes, rows not counted" : "not in this run";
        }

        /** How many writes were lost, or why that is not known: the one place that says it. */
        String writesLost() {
            if (result.unprotected() != null) {
                return "not measured; what was written in the unprotected window may be lost";
            }
            if (result.writesRefused() != null) {
                return "not measured; the old database refused writes while the data moved";
            }
            if (steps.isEmpty()) {
                return "nothing was done";
            }
            if (result.result() == Result.ROLLED_BACK) {
                return "not measured; what was written to the newer database is not in the older one";
            }
            boolean deployed = steps.stream()
                    .anyMatch(s -> s.step().kind() == Step.Kind.DEPLOY
                            && s.outcome() != null
                            && s.outcome().isDone());
            return deployed ? "not measured" : "not measured; the application did not move in this run";
        }

        private static OptionalLong number(@Nullable String digits) {
            return digits != null && digits.matches("[0-9]{1,18}")
                    ? OptionalLong.of(Long.parseLong(digits))
                    : OptionalLong.empty();
        }
    }

    RunView(RunReport run, Map<EnvironmentRef, List<Finding>> findings) {
        this.run = run;
        Map<EnvironmentRef, List<StepRun>> steps = new HashMap<>();
        run.steps()
                .forEach(s -> steps.computeIfAbsent(s.step().environment(), e -> new ArrayList<>())
                        .add(s));
        this.places = run.environments().stream()
                .map(e -> new Place(
                        e,
                        steps.getOrDefault(e.environment(), List.of()),
                        findings.getOrDefault(e.environment(), List.of())))
                .toList();
    }

    RunReport run() {
        return run;
    }

    List<Place> places() {
        return places;
    }

    /** {@code 2 upgraded, 1 failed}. */
    String summary() {
        Map<Result, Long> counts = new EnumMap<>(Result.class);
        places.forEach(p -> counts.merge(p.result().result(), 1L, Long::sum));
        return counts.isEmpty()
                ? "no environments"
                : counts.entrySet().stream()
                        .map(e -> Words.number(e.getValue()) + " " + inWords(e.getKey()))
                        .collect(Collectors.joining(", "));
    }

    Duration took() {
        return Duration.between(run.startedAt(), run.endedAt());
    }

    long executions() {
        return places.stream().mapToLong(Place::executions).sum();
    }

    long retries() {
        return places.stream().mapToLong(Place::retries).sum();
    }

    String calls() {
        return run.calls().isPresent() ? Words.number(run.calls().getAsLong()) : "not counted";
    }

    /** The rows compared in all environments. */
    String verified() {
        long comparisons =
                places.stream().filter(p -> p.rowsVerified().isPresent()).count();
        long rows = places.stream().mapToLong(p -> p.rowsVerified().orElse(0)).sum();
        return comparisons == 0
                ? "none counted"
                : Words.count(rows, "row") + " in " + Words.count(comparisons, "environment");
    }

    /** How many of the environments lost what. */
    String writesLost() {
        return inCommon(places.stream()
                .filter(p -> !p.steps().isEmpty())
                .map(Place::writesLost)
                .toList());
    }

    private static String inCommon(Collection<String> all) {
        Map<String, Long> counts =
                all.stream().collect(Collectors.groupingBy(w -> w, TreeMap::new, Collectors.counting()));
        if (counts.size() <= 1) {
            return counts.isEmpty()
                    ? "nothing was done"
                    : counts.keySet().iterator().next();
        }
        return counts.entrySet().stream()
                .map(e -> e.getKey() + " (" + Words.count(e.getValue(), "environment") + ")")
                .collect(Collectors.joining("; "));
    }

    static String inWords(Result result) {
        return result.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String outcome(StepRun step) {
        StepOutcome outcome = step.outcome();
        if (outcome == null) {
            return "not finished";
        }
        if (outcome instanceof StepOutcome.Failed) {
            return "failed";
        }
        return outcome instanceof StepOutcome.AlreadyDone ? "was done already" : "done";
    }

    static Duration took(StepRun step) {
        return Duration.between(step.startedAt(), step.endedAt());
    }

    /** A window's length and its ends. */
    static String window(Window window) {
        return Words.seconds(window.length()) + ", from " + Words.moment(window.from()) + " to "
                + Words.moment(window.until());
    }
}
