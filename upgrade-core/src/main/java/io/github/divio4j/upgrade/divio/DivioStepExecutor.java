package io.github.divio4j.upgrade.divio;

import static java.util.stream.Collectors.joining;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioTransportException;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.NewRestore;
import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.InstanceStatus;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.OperationState;
import io.github.divio4j.upgrade.SafetyCheck;
import io.github.divio4j.upgrade.Step;
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
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Executes steps through the client. It decides by the observation it is given, which the contract says is fresh, and
 * sends a change at most once for each look.
 */
final class DivioStepExecutor implements StepExecutor {

    /** Fact: how many looks were taken since an answer was lost. */
    private static final String LOOKS = "looks_after_lost_answer";
    /** Fact: how many times in a row the platform could not be reached. */
    private static final String TROUBLES = "troubles";
    /** Fact: the newest deployment before ours was asked for. */
    private static final String BEFORE = "deployment_before";
    /** Fact: the instance that Divio was asked to provision. */
    private static final String ASKED = "asked";

    private static final String BACKUP = "backup";
    private static final String RESTORE = "restore";
    private static final String DEPLOYMENT = "deployment";

    /** A change whose answer was lost may show late: so many looks find nothing before it is sent again. */
    private static final int LOOKS_BEFORE_ASKING_AGAIN = 3;
    /** Enough to sit out a restart of the platform, at the usual poll interval. */
    private static final int TROUBLES_BEFORE_GIVING_UP = 60;

    private final DivioClient divio;
    private final StartedOperations started;
    private final Clock clock;
    private final Duration pollInterval;

    DivioStepExecutor(DivioClient divio, StartedOperations started, Clock clock, Duration pollInterval) {
        this.divio = divio;
        this.started = started;
        this.clock = clock;
        this.pollInterval = pollInterval;
    }

    @Override
    public StepOutcome execute(Step step, StepContext context) throws InterruptedException {
        try {
            return new Execution(step, context).execute();
        } catch (DivioRateLimitedException e) {
            return new StepOutcome.InProgress(
                    e.retryAfter().orElse(pollInterval),
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
        boolean passing = e.mayHaveTakenEffect() || e instanceof DivioTransportException;
        int troubles = count(context, TROUBLES) + 1;
        if (!passing || troubles > TROUBLES_BEFORE_GIVING_UP) {
            return new StepOutcome.Failed(
                    String.valueOf(e.getMessage()), trueNow(step, context.observation()), passing, context.facts());
        }
        Map<String, String> facts = new HashMap<>(context.facts());
        facts.put(TROUBLES, Integer.toString(troubles));
        if (e.mayHaveTakenEffect()) {
            facts.put(LOOKS, "0");
            Observation.Deployment latest = context.observation().latestDeployment();
            if (step.kind() == Step.Kind.DEPLOY && latest != null) {
                facts.put(BEFORE, latest.id());
            }
        }
        return new StepOutcome.InProgress(pollInterval, "looking what became of a call: " + e.getMessage(), facts);
    }

    private static int count(StepContext context, String fact) {
        return Integer.parseInt(context.facts().getOrDefault(fact, "0"));
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
                case PROVISION -> provision((Step.Provision) step);
                case BACK_UP -> backUp((Step.BackUp) step);
                case RESTORE -> restore((Step.Restore) step);
                case RENAME_PREFIX -> rename((Step.RenamePrefix) step);
                case DETACH -> detach((Step.Detach) step);
                case DEPLOY -> deploy((Step.Deploy) step);
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
                case PROVISIONING -> inProgress("being provisioned", Map.of(ASKED, target.id()));
                case PENDING_ATTACHMENT, ATTACHED, PENDING_DETACHMENT, DETACHED -> isDone(Map.of());
                case REMOVED, UNKNOWN -> failed(provision.target() + " is " + target.statusText() + ".");
            };
        }

        private StepOutcome askToProvision(Observation.Instance target) {
            if (isFact(ASKED, target.id())) {
                int looks = count(context, LOOKS) + 1;
                return looks > LOOKS_BEFORE_ASKING_AGAIN
                        ? failed("Divio accepted to provision it, and it is still " + target.statusText() + ".")
                        : inProgress(
                                "about to be provisioned", Map.of(ASKED, target.id(), LOOKS, Integer.toString(looks)));
            }
            return ask(() -> {
                divio.serviceInstances().provision(target.id());
                return inProgress("being provisioned", Map.of(ASKED, target.id()));
            });
        }

        private StepOutcome backUp(Step.BackUp backUp) {
            Observation.Instance source = now.find(backUp.source()).orElse(null);
            if (source == null) {
                return missing(backUp.source());
            }
            OperationNote note = new OperationNote(backUp.id(), source.id());
            Observation.Backup own = now.backups().stream()
                    .filter(b -> b.note().equals(note) && !backUp.unusable().contains(b.id()))
                    .reduce((earlier, later) -> later)
                    .orElse(null);
            if (own != null && (own.state() != OperationState.FAILED || isFact(BACKUP, own.id()))) {
                return outcome(own.state(), "being backed up", BACKUP, own.id(), () -> whyBackupFailed(own));
            }
            return ask(() -> {
                Instant before = clock.instant();
                String environmentId = backUp.environment().id();
                String id = divio.backups()
                        .create(NewBackup.builder(environmentId, List.of(source.id()))
                                .notes(note.toString())
                                .build())
                        .id();
                started.backup(new StartedOperations.Started(environmentId, id, note, id, before));
                return inProgress("being backed up", Map.of(BACKUP, id));
            });
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
            Observation.Backup backup = now.backups().stream()
                    .filter(b -> b.note().equals(new OperationNote(restore.backUp(), source.id()))
                            && b.state() == OperationState.SUCCEEDED)
                    .reduce((earlier, later) -> later)
                    .orElse(null);
            String part = backup == null ? null : backup.instanceBackupId();
            if (backup == null || part == null) {
                return failed("No finished backup of " + restore.source() + " is there to be restored.");
            }
            OperationNote note = new OperationNote(restore.id(), target.id());
            Observation.Restore newest = now.restores().stream()
                    .filter(r -> r.note().equals(note))
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
                String id = divio.restores()
                        .create(NewRestore.builder(backup.id())
                                .into(target.id(), part)
                                .notes(note.toString())
                                .build())
                        .id();
                started.restore(
                        new StartedOperations.Started(restore.environment().id(), id, note, backup.id(), before));
                return inProgress("being restored", Map.of(RESTORE, id));
            });
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
            Optional<Observation.Instance> source = now.find(detach.source());
            if (source.filter(s -> s.status() != InstanceStatus.ATTACHED).isPresent()) {
                return isDone(Map.of());
            }
            return change(detach.source(), divio.serviceInstances()::detach);
        }

        private StepOutcome deploy(Step.Deploy deploy) {
            Observation.Deployment latest = now.latestDeployment();
            if (latest != null && isOurs(latest)) {
                return outcome(
                        latest.state(),
                        "being deployed",
                        DEPLOYMENT,
                        latest.id(),
                        () -> "its log in Divio says why; the application goes on with its old variables");
            }
            if (hasMoved(deploy)) {
                return isDone(Map.of());
            }
            return ask(() -> {
                String id =
                        divio.deployments().create(deploy.environment().id()).id();
                return inProgress("being deployed", Map.of(DEPLOYMENT, id));
            });
        }

        /** A deployment that runs is waited for, whoever started it: the platform runs one at a time. */
        private boolean isOurs(Observation.Deployment latest) {
            boolean cameAfterLostAnswer = context.facts().containsKey(LOOKS) && !isFact(BEFORE, latest.id());
            return latest.state() == OperationState.RUNNING || isFact(DEPLOYMENT, latest.id()) || cameAfterLostAnswer;
        }

        private boolean hasMoved(Step.Deploy deploy) {
            boolean attached = now.find(deploy.target())
                    .filter(t -> t.status() == InstanceStatus.ATTACHED)
                    .isPresent();
            boolean detached = now.find(deploy.source())
                    .filter(s -> s.status() == InstanceStatus.DETACHED)
                    .isPresent();
            boolean variables = now.deployedPrefixes() == null
                    || now.deployedPrefixes().contains(deploy.target().prefix());
            return attached && detached && variables;
        }

        private StepOutcome deleteService(Step.DeleteService delete) {
            if (now.find(delete.source()).isEmpty()) {
                return isDone(Map.of());
            }
            return change(delete.source(), id -> {
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
            int looks = count(context, LOOKS) + 1;
            if (context.facts().containsKey(LOOKS) && looks <= LOOKS_BEFORE_ASKING_AGAIN) {
                Map<String, String> facts = new HashMap<>(context.facts());
                facts.put(LOOKS, Integer.toString(looks));
                return new StepOutcome.InProgress(pollInterval, "looking what became of a call", facts);
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
            return new StepOutcome.InProgress(pollInterval, state, facts);
        }

        private StepOutcome missing(InstanceRef ref) {
            return new StepOutcome.Failed(ref + " is not there.", trueNow(step, now), false, context.facts());
        }

        private StepOutcome failed(String message) {
            return new StepOutcome.Failed(message, trueNow(step, now), true, context.facts());
        }
    }
}
