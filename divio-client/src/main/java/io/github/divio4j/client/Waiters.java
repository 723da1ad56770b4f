package io.github.divio4j.client;

import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.Repository;
import io.github.divio4j.client.model.RepositoryState;
import io.github.divio4j.client.model.Restore;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.ServiceInstanceStatus;
import io.github.divio4j.client.wait.Pace;
import io.github.divio4j.client.wait.Verdict;
import io.github.divio4j.client.wait.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Waits for what the platform does in its own time. Safe for use by several threads.
 *
 * <p>Each method returns a waiter and makes no call; {@link Waiter#within} waits. Waiting for something that has ended already returns
 * after one poll. States that this version does not know are told to the listener, and waiting goes on.
 */
public final class Waiters {
    private final Transport transport;
    private final Pace pace;

    Waiters(Transport transport, Pace pace) {
        this.transport = transport;
        this.pace = pace;
    }

    /**
     * Waits for a backup, also one that was uploaded. Proven: it has ended when its state is {@code COMPLETED}, and well when it then says
     * {@code SUCCESS} and has parts. When it failed, its parts are read for their errors.
     */
    public Waiter<Backup> backup(String id) {
        Backups backups = new Backups(transport);
        return Waiter.of(
                "backup",
                "backup " + Ids.check(id, "id"),
                "/apps/v3/backups/" + id + "/",
                () -> backups.get(id),
                backup -> backup.finished()
                        ? ended(backup.succeeded(), outcome(backup))
                        : backup.state().known()
                                ? Verdict.waiting(backup.state().toString())
                                : Verdict.unknown(backup.state().toString()),
                this::errors,
                pace);
    }

    private static String outcome(Backup backup) {
        if (backup.success() == null) {
            return "COMPLETED without a result";
        }
        return backup.serviceInstanceBackupIds().isEmpty()
                ? backup.success() + " without parts"
                : backup.success().toString();
    }

    private List<String> errors(Backup backup) {
        ServiceInstanceBackups parts = new ServiceInstanceBackups(transport);
        List<String> errors = new ArrayList<>();
        backup.serviceInstanceBackupIds()
                .forEach(part -> errors.addAll(parts.get(part).errors()));
        return errors;
    }

    /**
     * Waits for a restore. Proven: it has ended when it says {@code finished}, and well when it then says {@code SUCCESS}. Assumed: that it
     * tells its errors.
     */
    public Waiter<Restore> restore(String id) {
        Restores restores = new Restores(transport);
        return Waiter.of(
                "restore",
                "restore " + Ids.check(id, "id"),
                "/apps/v3/backup-restores/" + id + "/",
                () -> restores.get(id),
                restore -> restore.finished()
                        ? ended(
                                restore.succeeded(),
                                restore.success() == null
                                        ? "finished without a result"
                                        : restore.success().toString())
                        : Verdict.waiting("not finished"),
                Restore::errors,
                pace);
    }

    /**
     * Waits for a part of a download. Proven: it has ended when it has {@code ended_at}, and well when it then has no errors. A download
     * without URL is that of an empty database.
     *
     * @param partId the id of the part, from {@link BackupDownloads#parts}; not that of the download
     */
    public Waiter<ServiceInstanceDownload> download(String partId) {
        BackupDownloads downloads = new BackupDownloads(transport);
        return Waiter.of(
                "download",
                "download " + Ids.check(partId, "partId"),
                "/apps/v3/backup-download-service-instances/" + partId,
                () -> downloads.getPart(partId),
                part -> part.finished()
                        ? ended(part.succeeded(), part.succeeded() ? "ended" : "ended with errors")
                        : Verdict.waiting("not ended"),
                ServiceInstanceDownload::errors,
                pace);
    }

    /**
     * Waits for a deployment. Proven: it has ended when it has {@code ended_at}, and well when it then says {@code success}. Why it failed
     * is in its log: {@code divio.deployments().log(id)}.
     */
    public Waiter<Deployment> deployment(String id) {
        Deployments deployments = new Deployments(transport);
        return Waiter.of(
                "deployment",
                "deployment " + Ids.check(id, "id"),
                "/apps/v3/deployments/" + id + "/",
                () -> deployments.get(id),
                deployment -> deployment.finished()
                        ? ended(deployment.succeeded(), deployment.succeeded() ? "success" : "failure")
                        : deployment.status().known()
                                ? Verdict.waiting(progress(deployment))
                                : Verdict.unknown(progress(deployment)),
                deployment -> List.of(),
                pace);
    }

    private static String progress(Deployment deployment) {
        String status = deployment.status().given() ? deployment.status().text() : "not ended";
        return deployment.percent() == null ? status : status + " " + deployment.percent() + " %";
    }

    /**
     * Waits until the platform has copied a repository. Proven: it has ended when its state is {@code CLONED} or {@code INVALID}, and well
     * with the first. Start it with {@link Repositories#check}, and check again afterwards whether the branch is there.
     */
    public Waiter<Repository> repository(String id) {
        Repositories repositories = new Repositories(transport);
        return Waiter.of(
                "repository",
                "repository " + Ids.check(id, "id"),
                "/apps/v3/repositories/" + id + "/",
                () -> repositories.get(id),
                repository -> {
                    RepositoryState state = repository.state();
                    if (!state.known()) {
                        return Verdict.unknown(state.toString());
                    }
                    return state.equals(RepositoryState.CLONED) || state.equals(RepositoryState.INVALID)
                            ? ended(state.equals(RepositoryState.CLONED), state.toString())
                            : Verdict.waiting(state.toString());
                },
                repository -> List.of(),
                pace);
    }

    /**
     * Waits until a service instance has a server that works, whether the application has it or not. Assumed: the names of the states;
     * their meaning is documented. The instance is looked for in the list of its environment, which is proven.
     *
     * @return the waiter, which fails when the instance is {@link ServiceInstanceStatus#REMOVED}
     */
    public Waiter<ServiceInstance> provisioning(String environmentId, String serviceInstanceId) {
        return instance(
                "provisioning",
                environmentId,
                serviceInstanceId,
                status -> status.working()
                        ? Verdict.done(status.toString())
                        : status.equals(ServiceInstanceStatus.REMOVED)
                                ? Verdict.failed(status.toString())
                                : going(status));
    }

    /**
     * Waits until the application no longer has a service instance. A detachment takes effect with the next deployment: start that one
     * first. Assumed: the names of the states; their meaning is documented. The instance is looked for in the list of its environment,
     * which is proven.
     *
     * @return the waiter, which fails when the instance is {@link ServiceInstanceStatus#REMOVED}
     */
    public Waiter<ServiceInstance> detaching(String environmentId, String serviceInstanceId) {
        return instance(
                "detaching",
                environmentId,
                serviceInstanceId,
                status -> status.equals(ServiceInstanceStatus.DETACHED)
                        ? Verdict.done(status.toString())
                        : status.equals(ServiceInstanceStatus.REMOVED)
                                ? Verdict.failed(status.toString())
                                : going(status));
    }

    private Waiter<ServiceInstance> instance(
            String kind, String environmentId, String id, Function<ServiceInstanceStatus, Verdict> judge) {
        String path = "/apps/v3/service-instances/";
        Ids.check(id, "serviceInstanceId");
        ResourceIterable<ServiceInstance> instances = new ServiceInstances(transport).list(environmentId);
        return Waiter.of(
                kind,
                kind + " of service instance " + id,
                path,
                () -> instances.stream()
                        .filter(instance -> instance.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> transport.notFound(
                                path, "service instance " + id + " in environment " + environmentId)),
                instance -> judge.apply(instance.status()),
                instance -> List.of(),
                pace);
    }

    private static Verdict going(ServiceInstanceStatus status) {
        return status.known() ? Verdict.waiting(status.toString()) : Verdict.unknown(status.toString());
    }

    private static Verdict ended(boolean well, String state) {
        return well ? Verdict.done(state) : Verdict.failed(state);
    }
}
