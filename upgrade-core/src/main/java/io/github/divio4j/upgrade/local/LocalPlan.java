package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.util.List;

/**
 * What is missing of a local upgrade.
 *
 * @param version the version to move to
 * @param steps the missing steps, in their order; empty if it is up to date or blocked
 * @param blockers what is in the way, each with its remedy
 * @param notices what a person should know
 * @param change what {@code UPDATE_COMPOSE_FILE} would change
 */
public record LocalPlan(
        PostgresVersion version,
        List<LocalStep> steps,
        List<String> blockers,
        List<Notice> notices,
        ComposeChange change) {

    /** Copies the lists. */
    public LocalPlan {
        steps = List.copyOf(steps);
        blockers = List.copyOf(blockers);
        notices = List.copyOf(notices);
    }

    /** Tells whether it cannot go on. */
    public boolean blocked() {
        return !blockers.isEmpty();
    }

    /** Tells whether nothing is missing. */
    public boolean upToDate() {
        return steps.isEmpty() && blockers.isEmpty();
    }

    /** The plan for people: the steps with their exact commands, what is in the way, and a unified diff. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Local plan to PostgreSQL " + version + ": ");
        if (blocked()) {
            text.append("blocked\n");
            blockers.forEach(blocker -> text.append("  ! ").append(blocker).append('\n'));
        } else if (steps.isEmpty()) {
            text.append("up to date\n");
        } else {
            text.append(steps.size()).append(steps.size() == 1 ? " step\n" : " steps\n");
        }
        int number = 1;
        for (LocalStep step : steps) {
            text.append("  ")
                    .append(number++)
                    .append(". ")
                    .append(step.description())
                    .append('\n');
            step.commands()
                    .forEach(command -> text.append("       $ ")
                            .append(Commands.shown(command))
                            .append('\n'));
        }
        notices.stream()
                .filter(notice -> !notice.kind().blocking())
                .forEach(notice -> text.append("  (").append(notice).append(")\n"));
        if (!change.isEmpty()) {
            text.append('\n').append(change.diff());
        }
        return text.toString();
    }
}
