package io.github.divio4j.upgrade.divio;

import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.StepId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The operations that this process started and got an id for. Divio proves only that they can be read by id;
 * that lists show them with their notes is an assumption. What is remembered here makes a run independent of it.
 */
final class StartedOperations {

    private final List<Started> backups = new CopyOnWriteArrayList<>();
    private final List<Started> restores = new CopyOnWriteArrayList<>();
    private final Map<StepId, String> deployments = new ConcurrentHashMap<>();
    private final Set<StepId> backingUp = ConcurrentHashMap.newKeySet();
    private final Set<StepId> restoring = ConcurrentHashMap.newKeySet();

    /**
     * A started operation.
     *
     * @param backupId the backup: itself, or what is restored
     * @param at before the request was sent
     */
    record Started(String environmentId, String id, OperationNote note, String backupId, Instant at) {}

    void backup(Started backup) {
        backups.add(backup);
        backingUp.add(backup.note().step());
    }

    void restore(Started restore) {
        restores.add(restore);
        restoring.add(restore.note().step());
    }

    void deployment(StepId step, String id) {
        deployments.put(step, id);
    }

    /** The deployment that a step started here, until the step has ended; null if there is none. */
    @Nullable
    String deployment(StepId step) {
        return deployments.get(step);
    }

    /** How many backups run that this process started. */
    int backingUp() {
        return backingUp.size();
    }

    /** How many restores run that this process started. */
    int restoring() {
        return restoring.size();
    }

    /** How many deployments run that this process started. */
    int deploying() {
        return deployments.size();
    }

    void ended(StepId step) {
        backingUp.remove(step);
        restoring.remove(step);
        deployments.remove(step);
    }

    List<Started> backups(String environmentId) {
        return of(backups, environmentId);
    }

    List<Started> restores(String environmentId) {
        return of(restores, environmentId);
    }

    /** The newest backup that a step started here. */
    Optional<Started> backup(String environmentId, StepId step) {
        return newest(backups(environmentId), step);
    }

    /** The newest restore that a step started here. */
    Optional<Started> restore(String environmentId, StepId step) {
        return newest(restores(environmentId), step);
    }

    private static Optional<Started> newest(List<Started> started, StepId step) {
        return started.stream().filter(s -> s.note().step().equals(step)).reduce((earlier, later) -> later);
    }

    private static List<Started> of(List<Started> all, String environmentId) {
        return all.stream().filter(s -> s.environmentId().equals(environmentId)).toList();
    }
}
