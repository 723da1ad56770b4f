package io.github.divio4j.upgrade.divio;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioConflictException;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioTransportException;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.NewRestore;
import io.github.divio4j.client.model.Restore;
import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.SafetyCheck;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.run.StepContext;
import io.github.divio4j.upgrade.run.StepExecutor;
import io.github.divio4j.upgrade.run.StepOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes steps through the client. It decides by the observation it is given, which the contract says is fresh, and
 * sends a change at most once for each look.
 */
final class DivioStepExecutor implements StepExecutor {

    /** Fact: when an answer was lost. */
    private static final String LOST_AT = "answer_lost_at";
    /** Fact: how many times in a row the platform could not be reached. */
    private static final String TROUBLES = "troubles";
    /** Fact: the newest deployment before ours was asked for. */
    private static final String BEFORE = "deployment_before";
    /** Fact: when Divio accepted to provision. */
    private static final String ASKED_AT = "asked_at";

    private static final String BACKUP = "backup";
    private static final String RESTORE = "restore";
    private static final String DEPLOYMENT = "deployment";

    /** Enough to sit out a restart of the platform, with the usual time between two calls. */
    private static final int TROUBLES_BEFORE_GIVING_UP = 60;

    private final DivioClient divio;
    private final StartedOperations started;
    private final Clock clock;
    private final OperationPace pace;
    /** When to look again for what is no operation of ours. */
    private final Duration lookAgain;

    private final Duration patience;
    private final @Nullable BackupStore backups;
    private final BackupCopier copies;

    DivioStepExecutor(
            DivioClient divio,
            StartedOperations started,
            Clock clock,
            OperationPace pace,
            Duration lookAgain,
            Duration patience,
            @Nullable BackupStore backups) {
        this.backups = backups;
        this.copies = new BackupCopier(divio, started, clock);
        this.divio = divio;
        this.started = started;
        this.clock = clock;
        this.pace = pace;
        this.lookAgain = lookAgain;
        this.patience = patience;
    }

    @Override
    public StepOutcome execute(Step step, StepContext context) throws InterruptedException {
        try {
            StepOutcome outcome = new Execution(step, context).execute();
            if (!(outcome instanceof StepOutcome.InProgress)) {
                pace.end(step, outcome.isDone());
                started.ended(step.id());
            }
            return outcome;
        } catch (DivioRateLimitedException e) {
            Duration wished = e.retryAfter().orElse(lookAgain);
            return new StepOutcome.InProgress(
                    wished.compareTo(lookAgain) > 0 ? wished : lookAgain,
                    "waiting, because Divio asks for fewer calls",
                    context.facts());
        } catch (DivioException e) {
            if (e instanceof DivioTransportException transport && transport.interrupted()) {
                throw interrupted(e);
            }
            return afterFailedCall(step, context, e);
        }
    }

    /** The client leaves the interrupt flag set; this exception takes its place. */
    private static InterruptedException interrupted(DivioException cause) {
        Thread.interrupted();
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }

    private StepOutcome afterFailedCall(Step step, StepContext context, DivioException e) {
        boolean passing =
                e.mayHaveTakenEffect() || e instanceof DivioTransportException || e instanceof DivioConflictException;
        int troubles = Integer.parseInt(context.facts().getOrDefault(TROUBLES, "0")) + 1;
        if (!passing || troubles > TROUBLES_BEFORE_GIVING_UP) {
            return new StepOutcome.Failed(
                    String.valueOf(e.getMessage()), trueNow(step, context.observation()), passing, context.facts());
        }
        Map<String, String> facts = new HashMap<>(context.facts());
        facts.put(TROUBLES, Integer.toString(troubles));
        if (e.mayHaveTakenEffect()) {
            facts.put(LOST_AT, clock.instant().toString());
            Observation.Deployment latest = context.observation().latestDeployment();
            if (step.kind() == Step.Kind.DEPLOY && latest != null) {
                facts.put(BEFORE, latest.id());
            }
        }
        return new StepOutcome.InProgress(lookAgain, "looking what became of a call: " + e.getMessage(), facts);
    }

    /** What the application runs on, for people who read about a failure. */
    private static String trueNow(Step step, Observation now) {
        return "In " + step.environment() + " now: "
                + now.instances().stream()
                        .filter(Observation.Instance::isDatabase)
                        .map(i -> i.prefix() + " is "
                                + now.service(i.serviceId())
                                        .map(CatalogueService::name)
                                        .orElse("unknown") + ", "
                                + i.statusText())
                        .collect(joining("; "))
                + ".";
    }

    private static String reasons(List<String> errors) {
        return errors.isEmpty() ? "Divio gives no reason" : String.join("; ", errors);
    }

    /** One execution of one step. */
    private final class Execution {
        private final Step step;
        private final StepContext context;
        private final Observation now;

        Execution(Step step, StepContext context) {
            this.step = step;
            this.context = context;
            this.now = context.observation();
        }

        StepOutcome execute() {
            return switch (step.kind()) {
                case ADD_SERVICE -> addService((Step.AddService) step);
                case CLAIM_TARGET -> claim((Step.ClaimTarget) step);
                case PROVISION -> provision((Step.Provision) step);
                case BACK_UP -> backUp((Step.BackUp) step);
                case UPLOAD_BACKUP -> uploadBackup((Step.UploadBackup) step);
                case RESTORE -> restore((Step.Restore) step);
                case PREFLIGHT, FENCE_WRITES, VERIFY, ANALYZE, LIFT_FENCE ->
                    throw new IllegalArgumentException("the platform cannot be asked to " + step.describe());
                case RENAME_PREFIX -> rename((Step.RenamePrefix) step);
                case DETACH -> detach((Step.Detach) step);
                case ATTACH -> attach((Step.Attach) step);
                case DEPLOY -> deploy((Step.Deploy) step);
                case DOWNLOAD_BACKUP -> downloadBackup((Step.DownloadBackup) step);
                case DELETE_SERVICE -> deleteService((Step.DeleteService) step);
            };
        }

        private StepOutcome addService(Step.AddService add) {
            Optional<Observation.Instance> target = now.find(add.target());
            if (target.isPresent()) {
                return isDone(Map.of("target", target.get().id()));
            }
            return ask(() -> {
                divio.serviceInstances()
                        .create(
                                add.environment().id(),
                                add.regionId(),
                                add.target().service().id(),
                                add.target().prefix());
                return done();
            });
        }

        private StepOutcome provision(Step.Provision provision) {
            Observation.Instance target = now.find(provision.target()).orElse(null);
            if (target == null) {
                return missing(provision.target());
            }
            return switch (target.status()) {
                case NEW -> askToProvision(target);
                case PROVISIONING ->
                    inProgress(
                            "being provisioned",
                            Map.of(ASKED_AT, now.observedAt().toString()));
                case PENDING_ATTACHMENT, ATTACHED, PENDING_DETACHMENT, DETACHED -> isDone(Map.of());
                case REMOVED, UNKNOWN -> failed(provision.target() + " is " + target.statusText() + ".");
            };
        }

        private StepOutcome askToProvision(Observation.Instance target) {
            String askedAt = context.facts().get(ASKED_AT);
            if (askedAt != null) {
                return isLongAgo(askedAt)
                        ? failed("Divio accepted to provision it, and it is " + target.statusText() + ".")
                        : inProgress("about to be provisioned", Map.of(ASKED_AT, askedAt));
            }
            return ask(() -> {
                pace.begin(step);
                divio.serviceInstances().provision(target.id());
                return inProgress(
                        "being provisioned", Map.of(ASKED_AT, clock.instant().toString()));
            });
        }

        private StepOutcome backUp(Step.BackUp backUp) {
            Observation.Instance source = now.find(backUp.source()).orElse(null);
            if (source == null) {
                return missing(backUp.source());
            }
            Observation.Backup own = now.backups().stream()
                    .filter(b -> b.note().isOf(backUp.id(), source.id())
                            && !backUp.unusable().contains(b.id()))
                    .reduce((earlier, later) -> later)
                    .orElse(null);
            if (own != null && (own.state() != OperationState.FAILED || isFact(BACKUP, own.id()))) {
                return outcome(own.state(), "being backed up", BACKUP, own.id(), () -> whyBackupFailed(own));
            }
            return ask(() -> begin(source, context.note(backUp.id(), source.id())));
        }

        private StepOutcome begin(Observation.Instance source, OperationNote note) {
            Instant before = clock.instant();
            pace.begin(step);
            String environmentId = step.environment().id();
            String id = divio.backups()
                    .create(NewBackup.builder(environmentId, List.of(source.id()))
                            .notes(note.toString())
                            .build())
                    .id();
            started.backup(new StartedOperations.Started(environmentId, id, note, id, before));
            return inProgress("being backed up", Map.of(BACKUP, id));
        }

        private StepOutcome claim(Step.ClaimTarget claim) {
            Observation.Instance source = now.find(claim.source()).orElse(null);
            Observation.Instance target = now.find(claim.target()).orElse(null);
            if (source == null || target == null) {
                return missing(source == null ? claim.source() : claim.target());
            }
            Observation.Backup own = now.backups().stream()
                    .filter(b -> b.note().isOf(claim.id(), source.id())
                            && target.id().equals(b.note().target()))
                    .reduce((earlier, later) -> later)
                    .orElse(null);
            if (own != null && (own.state() != OperationState.FAILED || isFact(BACKUP, own.id()))) {
                return outcome(own.state(), "being backed up", BACKUP, own.id(), () -> whyBackupFailed(own));
            }
            return ask(() -> begin(source, context.note(claim.id(), source.id()).claiming(target.id())));
        }

        private StepOutcome uploadBackup(Step.UploadBackup upload) {
            Observation.Instance source = now.find(upload.source()).orElse(null);
            Observation.Instance target = now.find(upload.target()).orElse(null);
            if (source == null || target == null) {
                return missing(source == null ? upload.source() : upload.target());
            }
            Observation.Backup backup = newestGood(upload.backUp(), source);
            String part = backup == null ? null : backup.instanceBackupId();
            if (backup == null || part == null) {
                return failed("No finished backup of " + upload.source() + " is there to be uploaded.");
            }
            if (copyOf(backup, target) != null) {
                return isDone(Map.of(BACKUP, backup.id()));
            }
            OperationNote note = context.note(upload.id(), source.id()).copying(backup.id(), target.id());
            BackupCopier.Wanted wanted = new BackupCopier.Wanted(upload.environment(), backup, part, target.id(), note);
            Transfers.Transfer copying = copies.copy(wanted);
            if (!copying.end().isDone()) {
                return inProgress(
                        "being copied, " + copying.bytes().get() / 1_000_000 + " MB so far",
                        Map.of(BACKUP, backup.id()));
            }
            copies.forget(wanted);
            return ended(copying, "The backup " + backup.id() + " could not be copied", Map.of(BACKUP, backup.id()));
        }

        private Observation.@Nullable Backup newestGood(StepId backUp, Observation.Instance source) {
            return now.backups().stream()
                    .filter(b -> b.note().isOf(backUp, source.id()) && b.state() == OperationState.SUCCEEDED)
                    .reduce((earlier, later) -> later)
                    .orElse(null);
        }

        private Observation.@Nullable Backup copyOf(Observation.Backup backup, Observation.Instance target) {
            return now.backups().stream()
                    .filter(b -> backup.id().equals(b.note().copyOf())
                            && target.id().equals(b.note().target())
                            && b.state() == OperationState.SUCCEEDED)
                    .reduce((earlier, later) -> later)
                    .orElse(null);
        }

        private StepOutcome ended(Transfers.Transfer transfer, String failure, Map<String, String> facts) {
            try {
                transfer.end().join();
                return new StepOutcome.Done(facts);
            } catch (CompletionException e) {
                Throwable reason = e.getCause() == null ? e : e.getCause();
                return failed(failure + ": " + reason.getMessage() + " Nothing incomplete is used.");
            }
        }

        private String whyBackupFailed(Observation.Backup backup) {
            String part = backup.instanceBackupId();
            return reasons(
                    part == null
                            ? List.of()
                            : divio.serviceInstanceBackups().get(part).errors());
        }

        private StepOutcome restore(Step.Restore restore) {
            Observation.Instance source = now.find(restore.source()).orElse(null);
            Observation.Instance target = now.find(restore.target()).orElse(null);
            if (source == null || target == null) {
                return missing(source == null ? restore.source() : restore.target());
            }
            Observation.Backup backup = newestGood(restore.backUp(), source);
            Observation.Backup taken = backup == null || restore.upload() == null ? backup : copyOf(backup, target);
            String part = taken == null ? null : taken.instanceBackupId();
            if (backup == null || taken == null || part == null) {
                return failed("No finished backup of " + restore.source() + " is there to be restored.");
            }
            OperationNote note = context.note(restore.id(), target.id());
            Observation.Restore newest = now.restores().stream()
                    .filter(r -> r.note().isOf(restore.id(), target.id()))
                    .reduce((earlier, later) -> later)
                    .orElse(null);
            if (newest != null && counts(newest, backup)) {
                return outcome(
                        newest.state(),
                        "being restored",
                        RESTORE,
                        newest.id(),
                        () -> reasons(divio.restores().get(newest.id()).errors()));
            }
            return ask(() -> {
                Instant before = clock.instant();
                pace.begin(step);
                NewRestore.Builder order = NewRestore.builder(taken.id()).notes(note.toString());
                Restore begun = divio.restores()
                        .create((restore.upload() == null ? order.into(target.id(), part) : order.inPlace(part))
                                .build());
                List<String> targets = begun.targetServiceInstanceIds();
                if (!targets.isEmpty() && !targets.contains(target.id())) {
                    return wentElsewhere(restore, begun.id(), targets);
                }
                started.restore(new StartedOperations.Started(
                        restore.environment().id(), begun.id(), note, backup.id(), before));
                return inProgress("being restored", Map.of(RESTORE, begun.id()));
            });
        }

        /** That the platform takes the target of a restore is assumed; its answer may show that it does not. */
        private StepOutcome wentElsewhere(Step.Restore restore, String id, List<String> targets) {
            String where = targets.stream()
                    .map(t -> now.instances().stream()
                            .filter(i -> i.id().equals(t))
                            .findFirst()
                            .map(i -> i.prefix() + " [" + t + "]")
                            .orElse("[" + t + "]"))
                    .collect(joining(", "));
            return new StepOutcome.Failed(
                    "Divio was asked to restore into " + restore.target() + " and restores into " + where
                            + " instead (restore " + id + "): what was written there since the backup is being lost.",
                    "Stop the writes of the application and look at that restore at once. " + trueNow(step, now),
                    false,
                    context.facts());
        }

        /** Whatever runs into the target is waited for; what ended counts if it is of this backup, and no old failure. */
        private boolean counts(Observation.Restore restore, Observation.Backup backup) {
            return switch (restore.state()) {
                case RUNNING -> true;
                case SUCCEEDED -> restore.backupId().equals(backup.id());
                case FAILED -> isFact(RESTORE, restore.id());
            };
        }

        private StepOutcome rename(Step.RenamePrefix rename) {
            if (now.find(rename.instance().withPrefix(rename.to())).isPresent()) {
                return isDone(Map.of());
            }
            return change(rename.instance(), id -> divio.serviceInstances().rename(id, rename.to()));
        }

        private StepOutcome detach(Step.Detach detach) {
            Observation.Instance instance = now.find(detach.instance()).orElse(null);
            if (instance == null) {
                return missing(detach.instance());
            }
            return switch (instance.status()) {
                case PENDING_DETACHMENT, DETACHED -> isDone(Map.of());
                case NEW, PROVISIONING, PENDING_ATTACHMENT, ATTACHED, REMOVED, UNKNOWN ->
                    change(detach.instance(), divio.serviceInstances()::detach);
            };
        }

        private StepOutcome attach(Step.Attach attach) {
            Observation.Instance instance = now.find(attach.instance()).orElse(null);
            if (instance == null) {
                return missing(attach.instance());
            }
            return switch (instance.status()) {
                case PENDING_ATTACHMENT, ATTACHED -> isDone(Map.of());
                case NEW, PROVISIONING, PENDING_DETACHMENT, DETACHED, REMOVED, UNKNOWN ->
                    change(attach.instance(), divio.serviceInstances()::attach);
            };
        }

        private StepOutcome deploy(Step.Deploy deploy) {
            Observation.Deployment latest = now.latestDeployment();
            boolean cameAfterLostAnswer =
                    latest != null && context.facts().containsKey(LOST_AT) && !isFact(BEFORE, latest.id());
            if (latest != null && latest.state() == OperationState.RUNNING) {
                // The platform runs one at a time. Only ours decides about this step.
                boolean ours = cameAfterLostAnswer || isFact(DEPLOYMENT, latest.id());
                return inProgress("being deployed", ours ? Map.of(DEPLOYMENT, latest.id()) : context.facts());
            }
            if (SafetyCheck.hasMoved(deploy, now)) {
                return isDone(context.facts());
            }
            String own = context.facts().get(DEPLOYMENT);
            if (latest != null
                    && latest.state() == OperationState.SUCCEEDED
                    && (latest.id().equals(own) || latest.id().equals(started.deployment(step.id())))) {
                return isDone(Map.of(DEPLOYMENT, latest.id()));
            }
            if (own != null) {
                return deployed(divio.deployments().get(own));
            }
            if (latest != null && cameAfterLostAnswer && latest.state() == OperationState.FAILED) {
                return deployed(divio.deployments().get(latest.id()));
            }
            return ask(() -> {
                pace.begin(step);
                String id =
                        divio.deployments().create(deploy.environment().id()).id();
                started.deployment(step.id(), id);
                return inProgress("being deployed", Map.of(DEPLOYMENT, id));
            });
        }

        private StepOutcome deployed(Deployment deployment) {
            OperationState ended = deployment.succeeded() ? OperationState.SUCCEEDED : OperationState.FAILED;
            return outcome(
                    deployment.finished() ? ended : OperationState.RUNNING,
                    "being deployed",
                    DEPLOYMENT,
                    deployment.id(),
                    () -> "its log in Divio says why; the application goes on with its old variables");
        }

        private StepOutcome downloadBackup(Step.DownloadBackup download) {
            BackupStore store = backups;
            Observation.Instance source = now.find(download.source()).orElse(null);
            if (source == null || store == null) {
                return source == null
                        ? missing(download.source())
                        : failed("There is no folder for downloaded backups (backupDirectory).");
            }
            Observation.Backup restored = restored(download.backUp(), source);
            String part = restored == null ? null : restored.instanceBackupId();
            if (restored == null || part == null) {
                return failed("No restored backup of " + download.source() + " is there to be downloaded.");
            }
            if (now.downloads().contains(restored.id())) {
                return isDone(Map.of(BACKUP, restored.id()));
            }
            BackupStore.Wanted wanted =
                    new BackupStore.Wanted(download.id(), download.environment(), download.source(), restored, part);
            Transfers.Transfer transfer = store.transfer(wanted);
            if (!transfer.end().isDone()) {
                return inProgress(
                        "being downloaded, " + transfer.bytes().get() / 1_000_000 + " MB so far",
                        Map.of(BACKUP, restored.id()));
            }
            store.forget(wanted);
            return ended(
                    transfer,
                    "The backup " + restored.id() + " could not be downloaded",
                    Map.of(BACKUP, restored.id()));
        }

        /** The backup of a step that the newest good restore took. */
        private Observation.@Nullable Backup restored(StepId backUp, Observation.Instance source) {
            Observation.Backup restored = null;
            for (Observation.Restore restore : now.restores()) {
                for (Observation.Backup backup : now.backups()) {
                    if (restore.state() == OperationState.SUCCEEDED
                            && restore.backupId().equals(backup.id())
                            && backup.note().isOf(backUp, source.id())) {
                        restored = backup;
                    }
                }
            }
            return restored;
        }

        private StepOutcome deleteService(Step.DeleteService delete) {
            if (now.find(delete.instance()).isEmpty()) {
                return isDone(Map.of());
            }
            return change(delete.instance(), id -> {
                try {
                    divio.serviceInstances().delete(id);
                } catch (DivioNotFoundException gone) {
                    // Somebody was faster, or an answer to this very call was lost.
                }
            });
        }

        private StepOutcome change(InstanceRef ref, Consumer<String> call) {
            Observation.Instance instance = now.find(ref).orElse(null);
            if (instance == null) {
                return missing(ref);
            }
            return ask(() -> {
                call.accept(instance.id());
                return done();
            });
        }

        /** Sends a change, unless it is unsafe now or an earlier one like it may still show. */
        private StepOutcome ask(Supplier<StepOutcome> call) {
            String lostAt = context.facts().get(LOST_AT);
            if (lostAt != null && !isLongAgo(lostAt)) {
                return waiting("looking what became of a call");
            }
            if (lostAt != null && startsAnOperation()) {
                return new StepOutcome.Failed(
                        "No answer came when Divio was asked to " + step.describe()
                                + ", and nothing of it was found in " + patience.toSeconds() + " s.",
                        trueNow(step, now),
                        true,
                        Map.of());
            }
            if (now.isDeploying() && step.kind() != Step.Kind.DEPLOY) {
                return waiting("waiting for a deployment that runs");
            }
            Optional<String> violation = SafetyCheck.violation(step, now);
            if (violation.isPresent()) {
                return new StepOutcome.Failed(
                        "It is not safe to " + step.describe() + " now: " + violation.get() + ".",
                        trueNow(step, now),
                        false,
                        context.facts());
            }
            return call.get();
        }

        /** What must not run twice at a time, and could if a lost request were sent again. The rest names an instance. */
        private boolean startsAnOperation() {
            return switch (step.kind()) {
                case CLAIM_TARGET, BACK_UP, RESTORE, DEPLOY -> true;
                case ADD_SERVICE,
                        PROVISION,
                        PREFLIGHT,
                        FENCE_WRITES,
                        UPLOAD_BACKUP,
                        VERIFY,
                        ANALYZE,
                        RENAME_PREFIX,
                        DETACH,
                        ATTACH,
                        LIFT_FENCE,
                        DOWNLOAD_BACKUP,
                        DELETE_SERVICE -> false;
            };
        }

        private boolean isLongAgo(String instant) {
            return Instant.parse(instant).plus(patience).isBefore(now.observedAt());
        }

        private boolean isFact(String fact, String value) {
            return value.equals(context.facts().get(fact));
        }

        private StepOutcome outcome(
                OperationState state, String progress, String fact, String id, Supplier<String> reason) {
            return switch (state) {
                case RUNNING -> inProgress(progress, Map.of(fact, id));
                case SUCCEEDED -> isDone(Map.of(fact, id));
                case FAILED -> failed("Divio reports that " + fact + " " + id + " failed: " + reason.get() + ".");
            };
        }

        private StepOutcome isDone(Map<String, String> facts) {
            return context.facts().isEmpty() ? new StepOutcome.AlreadyDone(facts) : new StepOutcome.Done(facts);
        }

        private StepOutcome done() {
            return new StepOutcome.Done(Map.of());
        }

        private StepOutcome inProgress(String state, Map<String, String> facts) {
            return new StepOutcome.InProgress(pace.lookAgain(step), state, facts);
        }

        private StepOutcome waiting(String state) {
            return new StepOutcome.InProgress(lookAgain, state, context.facts());
        }

        private StepOutcome missing(InstanceRef ref) {
            return new StepOutcome.Failed(ref + " is not there.", trueNow(step, now), false, context.facts());
        }

        private StepOutcome failed(String message) {
            return new StepOutcome.Failed(message, trueNow(step, now), true, context.facts());
        }
    }
}
