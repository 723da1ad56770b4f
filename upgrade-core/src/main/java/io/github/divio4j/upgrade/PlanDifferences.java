package io.github.divio4j.upgrade;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.Sighting.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** In what an environment has left its saved plan, in words. */
final class PlanDifferences {

    private final UpgradeSpec spec;
    private final EnvironmentPlan then;
    private final Sighting seenThen;
    private final EnvironmentPlan now;
    private final Sighting seenNow;
    private final List<String> differences = new ArrayList<>();

    PlanDifferences(UpgradeSpec spec, SavedPlan.Planned then, EnvironmentPlan now, Sighting seenNow) {
        this.spec = spec;
        this.then = then.plan();
        this.seenThen = then.seen();
        this.now = now;
        this.seenNow = seenNow;
    }

    /** Those of an environment that the saved plan does not know. */
    static List<String> ofUnknown(EnvironmentPlan now) {
        return isOfInterest(now) ? List.of("it was not there") : List.of();
    }

    /** Whether something is to be done, or stands in the way. */
    static boolean isOfInterest(EnvironmentPlan plan) {
        return plan instanceof Ready || plan instanceof Blocked;
    }

    /** All of them; empty if the environment can go on. */
    List<String> all() {
        if (now instanceof Blocked blocked) {
            compareBlockers(blocked);
        } else if (now instanceof Ready) {
            compareSteps();
        }
        if (then instanceof Ready ready) {
            compareDatabases(Set.of(ready.prefix(), spec.stagingPrefix(), spec.retiredPrefix()));
        }
        return differences;
    }

    private void compareBlockers(Blocked blocked) {
        List<Blocker.Reason> known = then instanceof Blocked before
                ? before.blockers().stream().map(Blocker::reason).toList()
                : List.of();
        for (Blocker blocker : blocked.blockers()) {
            if (!blocker.reason().passesByItself() && !known.contains(blocker.reason())) {
                differences.add("it is blocked now: " + withoutStop(blocker.message()));
            }
        }
    }

    private void compareSteps() {
        if (!(then instanceof Ready)) {
            differences.add("nothing was to be done (" + whyNothing() + "), and now there are steps: " + names(now));
            return;
        }
        int reached = -1;
        for (Step step : now.steps()) {
            Optional<Step> planned =
                    then.steps().stream().filter(s -> s.id().equals(step.id())).findFirst();
            if (planned.isEmpty()) {
                differences.add("a step is new: " + step.describe());
            } else if (!isSame(planned.get(), step)) {
                differences.add("a step is another one: then " + planned.get() + ", now " + step);
            } else if (then.steps().indexOf(planned.get()) < reached) {
                differences.add("the order is another one: then " + names(then) + ", now " + names(now));
                return;
            } else {
                reached = then.steps().indexOf(planned.get());
            }
        }
    }

    private String whyNothing() {
        if (then instanceof Blocked blocked) {
            return "blocked: "
                    + blocked.blockers().stream()
                            .map(b -> withoutStop(b.message()))
                            .collect(joining("; "));
        }
        return then instanceof UpToDate upToDate ? withoutStop(upToDate.reason()) : "left alone";
    }

    private static String names(EnvironmentPlan plan) {
        return plan.steps().stream().map(Step::describe).collect(joining(", "));
    }

    /** A step that is to be done again after a failure is the same step. */
    private static boolean isSame(Step one, Step other) {
        return withoutHistory(one).equals(withoutHistory(other));
    }

    private static Step withoutHistory(Step step) {
        return step instanceof Step.BackUp backUp
                ? new Step.BackUp(backUp.id(), backUp.environment(), backUp.source(), Set.of())
                : step;
    }

    /** Steps name databases by service and prefix, so that another one of the same service would pass for the planned one. */
    private void compareDatabases(Set<String> prefixes) {
        for (Database before : seenThen.databases()) {
            if (!prefixes.contains(before.prefix())) {
                continue;
            }
            Optional<Database> after = find(seenNow, before);
            if (after.isEmpty() && !isDeletedByThePlan(before)) {
                differences.add("there is no longer a " + before.service() + " (" + before.prefix() + ", id "
                        + before.id() + ")");
            } else if (after.isPresent() && !prefixes.contains(after.get().prefix())) {
                differences.add("somebody renamed " + before.service() + " (" + before.prefix() + ", id " + before.id()
                        + ") to " + after.get().prefix());
            }
        }
        boolean addedByUs = false;
        for (Database after : seenNow.databases()) {
            if (!prefixes.contains(after.prefix())) {
                continue;
            }
            Optional<Database> before = find(seenThen, after);
            if (before.isPresent()) {
                if (!prefixes.contains(before.get().prefix())) {
                    differences.add("somebody renamed " + after.service() + " ("
                            + before.get().prefix() + ", id " + after.id() + ") to " + after.prefix());
                }
            } else if (!addedByUs && mayBeAddedByThePlan(after)) {
                addedByUs = true;
            } else {
                differences.add("there is a " + after.service() + " (" + after.prefix() + ", id " + after.id()
                        + "), which was not there");
            }
        }
    }

    private static Optional<Database> find(Sighting in, Database database) {
        return in.databases().stream().filter(d -> d.id().equals(database.id())).findFirst();
    }

    private boolean isDeletedByThePlan(Database database) {
        // The deletion is a plan's last step: what stands in the way of others came before it.
        return !(now instanceof Blocked)
                && doneSince(Step.Kind.DELETE_SERVICE)
                        .anyMatch(s -> ((Step.DeleteService) s)
                                .instance()
                                .service()
                                .id()
                                .equals(database.serviceId()));
    }

    private boolean mayBeAddedByThePlan(Database database) {
        return doneSince(Step.Kind.ADD_SERVICE)
                .anyMatch(s -> ((Step.AddService) s).target().service().id().equals(database.serviceId()));
    }

    /** The planned steps of a kind that are not missing any more. */
    private Stream<Step> doneSince(Step.Kind kind) {
        return then.steps().stream()
                .filter(s -> s.kind() == kind)
                .filter(s ->
                        now.steps().stream().noneMatch(missing -> missing.id().equals(s.id())));
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
