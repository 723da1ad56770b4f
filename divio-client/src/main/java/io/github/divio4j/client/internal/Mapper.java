package io.github.divio4j.client.internal;

import io.github.divio4j.client.internal.wire.WireAccount;
import io.github.divio4j.client.internal.wire.WireAppTemplate;
import io.github.divio4j.client.internal.wire.WireApplication;
import io.github.divio4j.client.internal.wire.WireBackup;
import io.github.divio4j.client.internal.wire.WireCheckResult;
import io.github.divio4j.client.internal.wire.WireDeployment;
import io.github.divio4j.client.internal.wire.WireDeploymentLog;
import io.github.divio4j.client.internal.wire.WireDeploymentVariables;
import io.github.divio4j.client.internal.wire.WireEnvironment;
import io.github.divio4j.client.internal.wire.WireEnvironmentVariable;
import io.github.divio4j.client.internal.wire.WireId;
import io.github.divio4j.client.internal.wire.WireLogLine;
import io.github.divio4j.client.internal.wire.WireOrganisation;
import io.github.divio4j.client.internal.wire.WirePage;
import io.github.divio4j.client.internal.wire.WirePlanGroup;
import io.github.divio4j.client.internal.wire.WireRegion;
import io.github.divio4j.client.internal.wire.WireReleaseCommand;
import io.github.divio4j.client.internal.wire.WireRepository;
import io.github.divio4j.client.internal.wire.WireRestore;
import io.github.divio4j.client.internal.wire.WireRestorePart;
import io.github.divio4j.client.internal.wire.WireService;
import io.github.divio4j.client.internal.wire.WireServiceInstance;
import io.github.divio4j.client.internal.wire.WireServiceInstanceBackup;
import io.github.divio4j.client.internal.wire.WireServiceInstanceDownload;
import io.github.divio4j.client.internal.wire.WireSshEndpoint;
import io.github.divio4j.client.internal.wire.WireTemplateService;
import io.github.divio4j.client.internal.wire.WireUpload;
import io.github.divio4j.client.model.Account;
import io.github.divio4j.client.model.AppTemplate;
import io.github.divio4j.client.model.Application;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.BackupDownload;
import io.github.divio4j.client.model.BackupState;
import io.github.divio4j.client.model.BackupUpload;
import io.github.divio4j.client.model.Deployment;
import io.github.divio4j.client.model.DeploymentStatus;
import io.github.divio4j.client.model.DeploymentVariables;
import io.github.divio4j.client.model.Environment;
import io.github.divio4j.client.model.EnvironmentVariable;
import io.github.divio4j.client.model.LogLine;
import io.github.divio4j.client.model.LogPage;
import io.github.divio4j.client.model.NewApplication;
import io.github.divio4j.client.model.OperationResult;
import io.github.divio4j.client.model.Organisation;
import io.github.divio4j.client.model.PlanGroup;
import io.github.divio4j.client.model.Region;
import io.github.divio4j.client.model.ReleaseCommand;
import io.github.divio4j.client.model.Repository;
import io.github.divio4j.client.model.RepositoryState;
import io.github.divio4j.client.model.Restore;
import io.github.divio4j.client.model.Service;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.model.ServiceInstanceBackup;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.ServiceInstanceStatus;
import io.github.divio4j.client.model.ServiceType;
import io.github.divio4j.client.model.SshEndpoint;
import io.github.divio4j.client.model.TemplateService;
import io.github.divio4j.client.model.UploadPart;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes checked values of what came over the wire. Only what the client cannot do without is required. */
public final class Mapper {
    private Mapper() {}

    /** Maps an application. */
    public static Application application(WireApplication wire) {
        String slug = required(wire.slug(), "slug");
        return new Application(
                required(wire.uuid(), "uuid"),
                slug,
                wire.name() == null || wire.name().isBlank() ? slug : wire.name(),
                wire.organisation(),
                wire.repository());
    }

    /** Maps an answer to a new application, of which only the id is known. */
    public static Application newApplication(WireApplication wire, NewApplication asked) {
        return application(new WireApplication(
                wire.uuid(),
                wire.slug() == null || wire.slug().isBlank() ? asked.slug() : wire.slug(),
                wire.name() == null || wire.name().isBlank() ? asked.name() : wire.name(),
                wire.organisation() == null ? asked.organisationId() : wire.organisation(),
                wire.repository() == null ? asked.repositoryId() : wire.repository()));
    }

    /**
     * Maps an environment.
     *
     * @param applicationId the application whose environments were asked for; taken when the answer does not name one
     */
    public static Environment environment(WireEnvironment wire, @Nullable String applicationId) {
        return new Environment(
                required(wire.uuid(), "uuid"),
                required(wire.slug(), "slug"),
                wire.branch(),
                wire.application() == null ? applicationId : wire.application(),
                wire.lastFinishedDeployment(),
                sshEndpoint(wire.sshEndpoint()));
    }

    private static @Nullable SshEndpoint sshEndpoint(@Nullable WireSshEndpoint wire) {
        if (wire == null || wire.host() == null || wire.host().isBlank()) {
            return null;
        }
        int port = wire.port() == null ? 22 : wire.port();
        if (port < 1 || port > 65535) {
            throw new MalformedAnswerException("ssh_endpoint.port is no port");
        }
        return new SshEndpoint(wire.host(), port, wire.user());
    }

    /** Maps a region. */
    public static Region region(WireRegion wire) {
        return new Region(required(wire.uuid(), "uuid"), orEmpty(wire.name()));
    }

    /** Maps a catalogue entry. */
    public static Service service(WireService wire) {
        return new Service(
                required(wire.uuid(), "uuid"),
                orEmpty(wire.name()),
                ServiceType.of(orEmpty(wire.type())),
                wire.identifier(),
                wire.description());
    }

    /**
     * Maps a service instance.
     *
     * @param environmentId the environment whose instances were asked for; taken when the answer does not name one
     */
    public static ServiceInstance serviceInstance(WireServiceInstance wire, @Nullable String environmentId) {
        return new ServiceInstance(
                required(wire.uuid(), "uuid"),
                wire.environment() == null ? environmentId : wire.environment(),
                orEmpty(wire.prefix()),
                ServiceType.of(orEmpty(wire.type())),
                ServiceInstanceStatus.of(orEmpty(wire.serviceStatus())),
                wire.region(),
                wire.service());
    }

    /**
     * Maps a backup.
     *
     * @param environmentId the environment it was asked for; taken when the answer does not name one
     */
    public static Backup backup(WireBackup wire, @Nullable String environmentId) {
        return new Backup(
                required(wire.uuid(), "uuid"),
                wire.environment() == null ? environmentId : wire.environment(),
                BackupState.of(orEmpty(wire.state())),
                result(wire.success()),
                instant(wire.createdAt(), "created_at"),
                instant(wire.startedAt(), "started_at"),
                instant(wire.endedAt(), "ended_at"),
                wire.notes() == null ? null : Redaction.withoutSecrets(wire.notes()),
                wire.serviceInstanceBackups() == null ? List.of() : wire.serviceInstanceBackups());
    }

    /** Maps a part of a backup. */
    public static ServiceInstanceBackup serviceInstanceBackup(WireServiceInstanceBackup wire) {
        if (wire.size() != null && wire.size() < 0) {
            throw new MalformedAnswerException("size is negative");
        }
        return new ServiceInstanceBackup(
                required(wire.uuid(), "uuid"),
                wire.backup(),
                wire.serviceInstance(),
                instant(wire.queuedAt(), "queued_at"),
                instant(wire.startedAt(), "started_at"),
                instant(wire.takenAt(), "taken_at"),
                instant(wire.endedAt(), "ended_at"),
                wire.size(),
                errors(wire.errors()),
                ServiceType.of(orEmpty(wire.serviceType())));
    }

    /**
     * Maps a restore.
     *
     * @param backupId the backup it was asked for; taken when the answer does not name one
     */
    public static Restore restore(WireRestore wire, @Nullable String backupId) {
        List<String> errors = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        errors.addAll(errors(wire.errors()));
        if (wire.serviceInstanceRestores() != null) {
            for (WireRestorePart part : wire.serviceInstanceRestores()) {
                if (part != null) {
                    errors.addAll(errors(part.errors()));
                    if (part.serviceInstance() != null
                            && !part.serviceInstance().isEmpty()) {
                        targets.add(part.serviceInstance());
                    }
                }
            }
        }
        return new Restore(
                required(wire.uuid(), "uuid"),
                wire.backup() == null ? backupId : wire.backup(),
                Boolean.TRUE.equals(wire.finished()),
                result(wire.success()),
                instant(wire.createdAt(), "created_at"),
                instant(wire.endedAt(), "ended_at"),
                wire.notes() == null ? null : Redaction.withoutSecrets(wire.notes()),
                targets,
                errors);
    }

    /**
     * Maps a deployment.
     *
     * @param environmentId the environment it was asked for; taken when the answer does not name one
     */
    public static Deployment deployment(WireDeployment wire, @Nullable String environmentId) {
        Double percent = wire.percent();
        return new Deployment(
                required(wire.uuid(), "uuid"),
                wire.environment() == null ? environmentId : wire.environment(),
                instant(wire.startedAt(), "started_at"),
                instant(wire.endedAt(), "ended_at"),
                wire.success(),
                DeploymentStatus.of(Redaction.withoutSecrets(orEmpty(wire.status()))),
                // For people only: a number that makes no sense is not worth failing for.
                percent == null ? null : (int) Math.max(0, Math.min(100, percent)),
                wire.environmentVariables() == null
                        ? List.of()
                        : wire.environmentVariables().stream().sorted().toList());
    }

    /** Maps the variables of a deployment. */
    public static DeploymentVariables deploymentVariables(WireDeploymentVariables wire) {
        if (wire.environmentVariables() == null) {
            throw new MalformedAnswerException("environment_variables is missing");
        }
        Map<String, String> values = new LinkedHashMap<>();
        wire.environmentVariables().forEach((name, value) -> {
            if (value != null) {
                values.put(name, value);
            }
        });
        return DeploymentVariables.of(values);
    }

    /** Maps a request for a download. */
    public static BackupDownload backupDownload(WireId wire) {
        return new BackupDownload(required(wire.uuid(), "uuid"));
    }

    /** Maps a part of a download. */
    public static ServiceInstanceDownload serviceInstanceDownload(WireServiceInstanceDownload wire) {
        return serviceInstanceDownload(wire, null);
    }

    /**
     * Maps a part of a download.
     *
     * @param id the id that was asked for; taken when the answer does not repeat it
     */
    public static ServiceInstanceDownload serviceInstanceDownload(
            WireServiceInstanceDownload wire, @Nullable String id) {
        return new ServiceInstanceDownload(
                wire.uuid() == null && id != null ? id : required(wire.uuid(), "uuid"),
                instant(wire.endedAt(), "ended_at"),
                wire.errors() == null ? List.of() : wire.errors(),
                wire.downloadUrl() == null || wire.downloadUrl().isBlank() ? null : wire.downloadUrl());
    }

    /** Maps a variable; without an environment, it is of the one that was asked for. */
    public static EnvironmentVariable environmentVariable(
            WireEnvironmentVariable wire, @Nullable String environmentId) {
        return new EnvironmentVariable(
                wire.environment() == null ? environmentId : wire.environment(),
                required(wire.name(), "name"),
                wire.value(),
                // Taken for sensitive when in doubt.
                !Boolean.FALSE.equals(wire.sensitive()));
    }

    /** Maps an answer to a copy, of which only the id is known. */
    public static Environment environmentCopy(WireEnvironment wire, String slug) {
        return new Environment(
                required(wire.uuid(), "uuid"),
                wire.slug() == null || wire.slug().isBlank() ? slug : wire.slug(),
                wire.branch(),
                wire.application(),
                wire.lastFinishedDeployment(),
                sshEndpoint(wire.sshEndpoint()));
    }

    /** Maps a part of a log. */
    public static LogPage logPage(WirePage<WireLogLine> wire) {
        if (wire.results() == null) {
            throw new MalformedAnswerException("results is missing");
        }
        List<LogLine> lines = new ArrayList<>();
        for (WireLogLine line : wire.results()) {
            Instant timestamp = line == null ? null : instant(line.timestamp(), "timestamp");
            if (line == null || timestamp == null) {
                throw new MalformedAnswerException("results[" + lines.size() + "].timestamp is missing");
            }
            lines.add(new LogLine(timestamp, orEmpty(line.service()), orEmpty(line.message())));
        }
        return new LogPage(lines, wire.next() == null || wire.next().isBlank() ? null : wire.next());
    }

    /** Maps the log of a deployment. */
    public static String deploymentLog(WireDeploymentLog wire) {
        return orEmpty(wire.logs());
    }

    /** Maps an upload. */
    public static BackupUpload backupUpload(WireUpload wire) {
        if (wire.results() == null) {
            throw new MalformedAnswerException("results is missing");
        }
        List<UploadPart> parts = new ArrayList<>();
        wire.results().forEach((instance, target) -> {
            if (target == null) {
                throw new MalformedAnswerException("results holds null");
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            if (target.parameters() != null) {
                target.parameters().forEach((name, value) -> {
                    if (value != null) {
                        parameters.put(name, text(value));
                    }
                });
            }
            parts.add(new UploadPart(
                    required(instance, "results"),
                    required(target.handler(), "results.handler"),
                    required(target.finishUrl(), "results.finish_url"),
                    parameters));
        });
        return new BackupUpload(required(wire.uuid(), "uuid"), parts);
    }

    // Moshi reads every number as a double.
    private static String text(Object value) {
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString(number.longValue())
                : value.toString();
    }

    /** Maps a repository. */
    public static Repository repository(WireRepository wire) {
        return new Repository(
                required(wire.uuid(), "uuid"),
                wire.dsn(),
                RepositoryState.of(orEmpty(wire.state())),
                wire.authInfo() == null || wire.authInfo().isBlank() ? null : wire.authInfo());
    }

    /** Maps the answer to a check. */
    public static String checkResult(WireCheckResult wire) {
        return orEmpty(wire.code());
    }

    /** Maps a template. */
    public static AppTemplate appTemplate(WireAppTemplate wire) {
        List<ReleaseCommand> commands = new ArrayList<>();
        if (wire.releaseCommands() != null) {
            for (WireReleaseCommand command : wire.releaseCommands()) {
                if (command != null) {
                    commands.add(new ReleaseCommand(orEmpty(command.label()), orEmpty(command.command())));
                }
            }
        }
        List<TemplateService> services = new ArrayList<>();
        if (wire.services() != null) {
            for (WireTemplateService service : wire.services()) {
                if (service != null) {
                    String identifier = service.identifier() == null ? service.id() : service.identifier();
                    services.add(new TemplateService(
                            required(identifier, "services.identifier"), orEmpty(service.prefix())));
                }
            }
        }
        return new AppTemplate(required(wire.uuid(), "uuid"), orEmpty(wire.name()), wire.url(), commands, services);
    }

    /** Maps an organisation. */
    public static Organisation organisation(WireOrganisation wire) {
        return new Organisation(
                required(wire.uuid(), "uuid"), orEmpty(wire.name()), instant(wire.createdAt(), "created_at"));
    }

    /** Maps an account. */
    public static Account account(WireAccount wire) {
        return new Account(
                required(wire.uuid(), "uuid"),
                orEmpty(wire.email()),
                orEmpty(wire.firstName()),
                orEmpty(wire.lastName()));
    }

    /** Maps a plan group. */
    public static PlanGroup planGroup(WirePlanGroup wire) {
        return new PlanGroup(
                required(wire.uuid(), "uuid"),
                orEmpty(wire.name()),
                wire.regions() == null ? List.of() : wire.regions());
    }

    private static @Nullable OperationResult result(@Nullable String text) {
        return text == null || text.isBlank() ? null : OperationResult.of(text);
    }

    private static String required(@Nullable String value, String field) {
        if (value == null || value.isBlank()) {
            throw new MalformedAnswerException(field + " is missing");
        }
        return value;
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable Instant instant(@Nullable String text, String field) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new MalformedAnswerException(field + " is no date and time with a zone");
        }
    }

    /** The platform's own words, such as what pg_restore said, may quote a data source name with its password. */
    private static List<String> errors(@Nullable List<String> texts) {
        return texts == null
                ? List.of()
                : texts.stream().map(Redaction::withoutSecrets).toList();
    }
}
