package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.DatabaseFacts.Retired;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.WrittenSince;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds out in the course of an upgrade what of the application's writes is lost: marks the source before it is backed up, and the
 * target before the application can write to it, and compares both once the application has moved. All of it is kept in the
 * databases' comments, so that any run of any machine can go on with it. No upgrade fails by it: what cannot be measured is
 * reported as not measured, with the reason.
 */
final class Losses {

    /** So much later, what was counted before a deletion is counted again. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final DatabaseAccess access;
    private final Predicate<Session> ignored;
    /** Why there is no measurement, by the id of the restore: one that failed is not tried again at every look. */
    private final Map<String, String> refused = new ConcurrentHashMap<>();
    /** The restores whose targets could not be marked. */
    private final Set<String> unmarkable = ConcurrentHashMap.newKeySet();

    Losses(DatabaseAccess access, Predicate<Session> ignored) {
        this.access = access;
        this.ignored = ignored;
    }

    /**
     * That a target holds what a source held.
     *
     * @param backup what was backed up of the source; null if it is not there any more
     */
    record Move(Observation.Instance target, Observation.Restore restore, Observation.@Nullable Backup backup) {

        /** How the data of a source came to an instance of one of these statuses; null if it did not. */
        static @Nullable Move of(Observation seen, Observation.Instance source, InstanceStatus... statuses) {
            for (Observation.Instance target : seen.instances()) {
                Observation.Restore restore =
                        List.of(statuses).contains(target.status()) ? restoreInto(seen, target) : null;
                if (restore != null && !target.id().equals(source.id())) {
                    Observation.Backup backup = backup(seen, restore.backupId());
                    String copied = backup == null ? null : backup.note().copyOf();
                    Observation.Backup original = copied == null ? backup : backup(seen, copied);
                    if (original == null || original.note().instanceId().equals(source.id())) {
                        return new Move(target, restore, original);
                    }
                }
            }
            return null;
        }

        private static Observation.@Nullable Backup backup(Observation seen, String id) {
            return seen.backups().stream()
                    .filter(b -> b.id().equals(id))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** The newest restore into an instance, if it ended well. */
    static Observation.@Nullable Restore restoreInto(Observation seen, Observation.Instance instance) {
        return seen.restores().stream()
                .filter(r -> r.note().instanceId().equals(instance.id()))
                .reduce((earlier, later) -> later)
                .filter(r -> r.state() == OperationState.SUCCEEDED)
                .orElse(null);
    }

    // Marks

    /**
     * Marks a source that is about to be backed up. An earlier mark stays if a backup may have been begun since: it counts more, and
     * all the same does not miss anything.
     */
    void markSource(Step.BackUp step, Observation now) {
        Observation.Instance source = now.find(step.source()).orElse(null);
        DataSource database =
                source == null ? null : access.to(now.environment(), source).orElse(null);
        if (source == null || database == null) {
            return;
        }
        Set<String> backups = now.backups().stream()
                .filter(b -> b.note().instanceId().equals(source.id()))
                .map(Observation.Backup::id)
                .collect(Collectors.toSet());
        if (!step.unusable().containsAll(backupsOf(step, now, source))) {
            // It was begun already, and is later than any mark that would be taken now.
            return;
        }
        try {
            MarkNote before = noted(database);
            if (before == null || !before.ids().containsAll(backups)) {
                DatabaseNotes.rewrite(database, new MarkNote(backups, LossMeter.mark(database))::in);
            }
        } catch (DatabaseException e) {
            // Without a mark nothing can be measured, which is said when it is looked for.
        }
    }

    private static Set<String> backupsOf(Step.BackUp step, Observation now, Observation.Instance source) {
        return now.backups().stream()
                .filter(b -> b.note().isOf(step.id(), source.id()))
                .map(Observation.Backup::id)
                .collect(Collectors.toSet());
    }

    /** Whether a target is still to be marked before its source is renamed: the application cannot write to it before that. */
    @Nullable
    Move unmarkedMove(Step.RenamePrefix step, Observation now) {
        Observation.Instance source = now.find(step.instance()).orElse(null);
        if (source == null || source.status() != InstanceStatus.ATTACHED) {
            return null;
        }
        Move move = Move.of(now, source, InstanceStatus.PENDING_ATTACHMENT, InstanceStatus.DETACHED);
        return move == null
                        || move.backup() == null
                        || unmarkable.contains(move.restore().id())
                        || access.to(now.environment(), source).isEmpty()
                        || access.to(now.environment(), move.target()).isEmpty()
                ? null
                : move;
    }

    /** Marks a target, unless it is. */
    void markTarget(Move move, Observation now) {
        Set<String> restore = Set.of(move.restore().id());
        try {
            DataSource target = access.to(now.environment(), move.target()).orElseThrow();
            MarkNote before = noted(target);
            if (before == null || !before.ids().equals(restore)) {
                DatabaseNotes.rewrite(target, new MarkNote(restore, LossMeter.markRestored(target))::in);
            }
        } catch (DatabaseException e) {
            // Then what is lost is counted in the source alone.
            unmarkable.add(move.restore().id());
        }
    }

    private static @Nullable MarkNote noted(DataSource database) {
        DatabaseNotes notes = DatabaseNotes.in(database);
        return MarkNote.in(notes.comment(), notes.database());
    }

    // Once the application has moved

    /** What became of a source, measured by the first one who looks after the application has left it; null if it has not. */
    @Nullable
    Retired look(Observation seen, Observation.Instance source) {
        Move move = source.status() == InstanceStatus.DETACHED && !seen.isDeploying()
                ? Move.of(seen, source, InstanceStatus.ATTACHED)
                : null;
        if (move == null) {
            return null;
        }
        DataSource database = access.to(seen.environment(), source).orElse(null);
        if (database == null) {
            return move.backup() == null
                    ? null
                    : Retired.unknown("There is no way to the old database (DatabaseAccess).");
        }
        List<String> sessions = null;
        try {
            List<Session> left = connectedTo(database);
            sessions = texts(left);
            LossNote note = lost(DatabaseNotes.in(database), move);
            if (note != null) {
                return new Retired(note.lost(), null, sessions);
            }
            if (move.backup() == null) {
                return null;
            }
            String reason = refused.get(move.restore().id());
            return reason == null
                    ? new Retired(measure(seen, database, move, left.isEmpty()), null, sessions)
                    : new Retired(null, reason, sessions);
        } catch (DatabaseException e) {
            String reason = String.valueOf(e.getMessage());
            refused.put(move.restore().id(), reason);
            return new Retired(null, reason, sessions);
        }
    }

    private static @Nullable LossNote lost(DatabaseNotes notes, Move move) {
        return LossNote.in(notes.comment(), notes.database(), move.restore().id());
    }

    private WrittenSince measure(Observation seen, DataSource source, Move move, boolean certain) {
        MarkNote mark = noted(source);
        if (mark == null || mark.ids().contains(requireNonNull(move.backup()).id())) {
            throw unmarked();
        }
        DataSource target = access.to(seen.environment(), move.target()).orElse(null);
        MarkNote restored = target == null ? null : noted(target);
        WrittenSince lost = target != null
                        && restored != null
                        && restored.ids().equals(Set.of(move.restore().id()))
                ? LossMeter.measure(source, mark.mark(), target, restored.mark())
                // What the target has more, or has otherwise, may be of the application itself.
                : LossMeter.measure(source, mark.mark());
        LossNote note = new LossNote(move.restore().id(), mark.mark().database(), certain, lost);
        try {
            DatabaseNotes.rewrite(source, note::in);
        } catch (DatabaseException e) {
            // It is known now, and measured again by whoever wants to know it later.
        }
        return lost;
    }

    private static DatabaseException unmarked() {
        return DatabaseException.because(
                DatabaseException.Reason.UNFIT_MARK,
                "measure what was written",
                "the old database",
                "it was backed up before anybody had marked it",
                "nothing was changed",
                "Compare the two databases yourself before the old one is deleted.");
    }

    /**
     * Sees to it that nobody uses a source any more, and that all that they wrote to it is counted.
     *
     * @return who is still connected
     * @throws DatabaseException if it cannot be asked who that is
     */
    List<Session> beforeDeletion(Observation seen, Observation.Instance source, DataSource database) {
        List<Session> left =
                connectedTo(database).stream().filter(ignored.negate()).toList();
        Move move = Move.of(seen, source, InstanceStatus.ATTACHED);
        if (left.isEmpty() && move != null && move.backup() != null) {
            try {
                DatabaseNotes notes = DatabaseNotes.in(database);
                LossNote note = lost(notes, move);
                if (note == null
                        || !note.certain()
                        || note.lost().at().plus(FRESH).isBefore(notes.at())) {
                    measure(seen, database, move, true);
                    refused.remove(move.restore().id());
                }
            } catch (DatabaseException e) {
                refused.put(move.restore().id(), String.valueOf(e.getMessage()));
            }
        }
        return left;
    }

    private static List<Session> connectedTo(DataSource database) {
        return Sessions.connectedTo(database).stream()
                .filter(s -> !s.application().startsWith(PostgresDatabases.APPLICATION_NAME))
                .toList();
    }

    static List<String> texts(List<Session> sessions) {
        return sessions.stream().map(Session::toString).toList();
    }
}
