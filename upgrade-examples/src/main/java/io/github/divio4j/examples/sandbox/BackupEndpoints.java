package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Backups and their parts, uploads, restores and downloads. */
final class BackupEndpoints {
    private static final Shape BACKUP = Shape.of(
            "Backup",
            Field.id("uuid"),
            Field.id("environment"),
            Field.text("state"),
            Field.text("success").orNull(),
            Field.text("trigger"),
            Field.notes("notes"),
            Field.datetime("created_at"),
            Field.datetime("ended_at").orNull(),
            Field.datetime("scheduled_for_deletion_at").orNull(),
            Field.ids("service_instance_backups"));
    private static final Shape BACKUP_REQUEST = Shape.of(
            "BackupRequest",
            Field.id("environment").mandatory(),
            Field.ids("services").mandatory(),
            Field.text("trigger").oneOf("MANUAL", "SCHEDULED"),
            Field.notes("notes").orNull(),
            Field.datetime("scheduled_for_deletion_at").orNull());
    private static final Shape UPLOAD_REQUEST = Shape.of(
            "BackupUploadRequest",
            Field.id("environment").mandatory(),
            Field.ids("services").mandatory(),
            Field.notes("notes").orNull(),
            Field.datetime("scheduled_for_deletion_at").orNull());
    private static final Shape UPLOAD = Shape.of("BackupUpload", Field.id("uuid"), Field.object("results"));
    private static final Shape PART = Shape.of(
            "ServiceInstanceBackup",
            Field.id("uuid"),
            Field.id("backup"),
            Field.id("service_instance"),
            Field.text("service_type"),
            Field.datetime("queued_at"),
            Field.datetime("started_at").orNull(),
            Field.datetime("taken_at").orNull(),
            Field.datetime("ended_at").orNull(),
            Field.integer("size").orNull(),
            Field.ids("errors"));
    private static final Shape RESTORE_ITEM_REQUEST = Shape.of(
            "ServiceInstanceRestoreRequest",
            Field.id("service_instance_backup").mandatory(),
            Field.id("service_instance").orNull(),
            Field.id("target_service_instance").orNull());
    private static final Shape RESTORE_REQUEST = Shape.of(
            "BackupRestoreRequest",
            Field.id("backup").mandatory(),
            Field.objects("service_instance_restores", RESTORE_ITEM_REQUEST).mandatory(),
            Field.notes("notes").orNull());
    private static final Shape RESTORE_ITEM = Shape.of(
            "ServiceInstanceRestore",
            Field.id("uuid"),
            Field.id("service_instance_backup"),
            Field.id("service_instance"),
            Field.datetime("ended_at").orNull(),
            Field.ids("errors"));
    private static final Shape RESTORE = Shape.of(
            "BackupRestore",
            Field.id("uuid"),
            Field.id("backup"),
            Field.id("environment"),
            Field.bool("finished"),
            Field.text("success").orNull(),
            Field.notes("notes"),
            Field.datetime("created_at"),
            Field.datetime("ended_at").orNull(),
            Field.ids("errors"),
            Field.objects("service_instance_restores", RESTORE_ITEM));
    private static final Shape DOWNLOAD_REQUEST = Shape.of(
            "BackupDownloadRequest",
            Field.id("backup").mandatory(),
            Field.ids("service_instance_backups").mandatory(),
            Field.text("trigger").oneOf("MANUAL", "PULL"));
    private static final Shape DOWNLOAD = Shape.of(
            "BackupDownload",
            Field.id("uuid"),
            Field.id("backup"),
            Field.text("trigger"),
            Field.datetime("created_at"));
    private static final Shape DOWNLOAD_ITEM = Shape.of(
            "BackupDownloadServiceInstance",
            Field.id("uuid"),
            Field.id("backup_download"),
            Field.id("service_instance_backup"),
            Field.datetime("ended_at").orNull(),
            Field.ids("errors"),
            Field.url("download_url").orNull());

    private final World world;
    private final URI baseUrl;
    private final Backups backups;

    BackupEndpoints(World world, URI baseUrl, Backups backups) {
        this.world = world;
        this.baseUrl = baseUrl;
        this.backups = backups;
    }

    void addTo(RouteTable routes) {
        routes.add(Route.list(
                "/apps/v3/backups/", "ListBackups", BACKUP, List.of("environment", "application"), this::list));
        routes.add(Route.post("/apps/v3/backups/", "CreateBackup", 201, BACKUP_REQUEST, BACKUP, this::create));
        routes.add(Route.get("/apps/v3/backups/{uuid}/", "GetBackup", BACKUP, this::get));
        routes.add(Route.post(
                "/apps/v3/backups/upload/", "CreateBackupUpload", 201, UPLOAD_REQUEST, UPLOAD, this::createUpload));
        routes.add(Route.presigned("PUT", "/uploads/{ticket}/", "PutUpload", this::receive));
        routes.add(Route.presigned(
                "POST", "/apps/v3/backups/upload/{ticket}/finish/", "FinishBackupUpload", this::finishUpload));
        routes.add(Route.list(
                "/apps/v3/service-instance-backups/",
                "ListServiceInstanceBackups",
                PART,
                List.of("backup", "service_instance"),
                this::listParts));
        routes.add(Route.get(
                "/apps/v3/service-instance-backups/{uuid}/", "GetServiceInstanceBackup", PART, this::getPart));
        routes.add(Route.list(
                "/apps/v3/backup-restores/",
                "ListBackupRestores",
                RESTORE,
                List.of("backup", "environment"),
                this::listRestores));
        routes.add(Route.post(
                "/apps/v3/backup-restores/", "CreateBackupRestore", 201, RESTORE_REQUEST, RESTORE, this::restore));
        routes.add(Route.get("/apps/v3/backup-restores/{uuid}/", "GetBackupRestore", RESTORE, this::getRestore));
        routes.add(Route.list(
                "/apps/v3/backup-downloads/", "ListBackupDownloads", DOWNLOAD, List.of("backup"), this::listDownloads));
        routes.add(Route.post(
                "/apps/v3/backup-downloads/",
                "CreateBackupDownload",
                201,
                DOWNLOAD_REQUEST,
                DOWNLOAD,
                this::prepareDownload));
        routes.add(Route.get("/apps/v3/backup-downloads/{uuid}/", "GetBackupDownload", DOWNLOAD, this::getDownload));
        routes.add(Route.list(
                "/apps/v3/backup-download-service-instances/",
                "ListBackupDownloadServiceInstances",
                DOWNLOAD_ITEM,
                List.of("backup"),
                this::listDownloadItems));
        routes.add(Route.get(
                "/apps/v3/backup-download-service-instances/{uuid}/",
                "GetBackupDownloadServiceInstance",
                DOWNLOAD_ITEM,
                this::getDownloadItem));
        routes.add(Route.presigned(
                "GET",
                "/downloads/{ticket}/",
                "Download",
                request -> ApiResponse.file(backups.downloadable(request.variable("ticket")))));
    }

    private ApiResponse list(ApiRequest request) {
        backups.deleteExpired();
        List<String> environments = request.parameters("environment");
        Optional<String> application = request.parameter("application");
        return Page.of(
                baseUrl,
                request,
                world.backups.newestFirst().stream()
                        .filter(backup -> environments.isEmpty() || environments.contains(backup.environment.id))
                        .filter(backup ->
                                application.isEmpty() || application.get().equals(backup.environment.application.id()))
                        .toList(),
                BackupEndpoints::render);
    }

    private ApiResponse get(ApiRequest request) {
        backups.deleteExpired();
        return ApiResponse.ok(render(world.backups.get(request.id())));
    }

    private ApiResponse create(ApiRequest request) {
        Input input = BACKUP_REQUEST.read(request.body());
        Environment environment = environment(input);
        List<ServiceInstance> instances = instances(input, environment);
        input.check();
        instances.forEach(BackupEndpoints::checkCanBeBackedUp);
        Backup backup = backups.make(
                Objects.requireNonNull(environment),
                instances,
                input.textOr("trigger", "MANUAL"),
                input.textOr("notes", ""),
                input.instant("scheduled_for_deletion_at"));
        return ApiResponse.created(render(backup));
    }

    private static void checkCanBeBackedUp(ServiceInstance instance) {
        ServiceInstances.checkWorks(instance);
        if (instance.restoreRunning) {
            throw ApiException.refused(
                    "A restore into " + instance.describe() + " is running: wait until it has ended.");
        }
    }

    private ApiResponse createUpload(ApiRequest request) {
        Input input = UPLOAD_REQUEST.read(request.body());
        Environment environment = environment(input);
        List<ServiceInstance> instances = instances(input, environment);
        input.check();
        instances.forEach(ServiceInstances::checkWorks);
        Map<String, Backup.Part> tickets = backups.await(
                Objects.requireNonNull(environment),
                instances,
                input.textOr("notes", ""),
                input.instant("scheduled_for_deletion_at"));
        JsonObject results = new JsonObject();
        String backup = "";
        for (Map.Entry<String, Backup.Part> entry : tickets.entrySet()) {
            backup = entry.getValue().backup.id;
            results.put(
                    entry.getValue().instance.id,
                    new JsonObject()
                            .put("handler", "exo-presigned-v1")
                            .put("finish_url", baseUrl + "/apps/v3/backups/upload/" + entry.getKey() + "/finish/")
                            .put(
                                    "upload_parameters",
                                    new JsonObject()
                                            .put("url", baseUrl + "/uploads/" + entry.getKey())
                                            .put("http_method", "PUT")
                                            .put("max_file_size", Backups.LARGEST_UPLOAD)
                                            .fields())
                            .fields());
        }
        return ApiResponse.created(new JsonObject()
                .put("uuid", backup)
                .put("results", results.fields())
                .fields());
    }

    private ApiResponse receive(ApiRequest request) {
        backups.receive(request.variable("ticket"), Objects.requireNonNull(request.upload()));
        return ApiResponse.empty(200);
    }

    private ApiResponse finishUpload(ApiRequest request) {
        backups.finishUpload(request.variable("ticket"));
        return ApiResponse.ok(Map.of());
    }

    private @Nullable Environment environment(Input input) {
        String id = input.text("environment");
        if (id == null) {
            return null;
        }
        Environment environment = world.environments.find(id).orElse(null);
        if (environment == null) {
            input.rejectUnknown("environment", id);
        }
        return environment;
    }

    private List<ServiceInstance> instances(Input input, @Nullable Environment environment) {
        List<ServiceInstance> instances = new ArrayList<>();
        for (String id : input.ids("services")) {
            ServiceInstance instance = world.instances.find(id).orElse(null);
            if (instance == null) {
                input.rejectUnknown("services", id);
            } else if (environment != null && instance.environment != environment) {
                input.reject("services", instance.describe() + " belongs to another environment.");
            } else {
                instances.add(instance);
            }
        }
        return instances;
    }

    private List<Backup.Part> parts() {
        return world.backups.newestFirst().stream()
                .flatMap(backup -> backup.parts.stream())
                .toList();
    }

    private Optional<Backup.Part> part(String id) {
        return parts().stream().filter(part -> part.id.equals(id)).findFirst();
    }

    private ApiResponse listParts(ApiRequest request) {
        backups.deleteExpired();
        List<String> ofBackups = request.parameters("backup");
        List<String> ofInstances = request.parameters("service_instance");
        return Page.of(
                baseUrl,
                request,
                parts().stream()
                        .filter(part -> ofBackups.isEmpty() || ofBackups.contains(part.backup.id))
                        .filter(part -> ofInstances.isEmpty() || ofInstances.contains(part.instance.id))
                        .toList(),
                BackupEndpoints::render);
    }

    private ApiResponse getPart(ApiRequest request) {
        backups.deleteExpired();
        return ApiResponse.ok(render(part(request.id()).orElseThrow(ApiException::notFound)));
    }

    private ApiResponse listRestores(ApiRequest request) {
        List<String> ofBackups = request.parameters("backup");
        List<String> environments = request.parameters("environment");
        return Page.of(
                baseUrl,
                request,
                world.restores.newestFirst().stream()
                        .filter(restore -> ofBackups.isEmpty() || ofBackups.contains(restore.backup.id))
                        .filter(restore -> environments.isEmpty() || environments.contains(environmentOf(restore).id))
                        .toList(),
                BackupEndpoints::render);
    }

    private ApiResponse getRestore(ApiRequest request) {
        return ApiResponse.ok(render(world.restores.get(request.id())));
    }

    private ApiResponse restore(ApiRequest request) {
        backups.deleteExpired();
        Input input = RESTORE_REQUEST.read(request.body());
        String backupId = input.text("backup");
        Backup backup = backupId == null ? null : world.backups.find(backupId).orElse(null);
        if (backupId != null && backup == null) {
            input.rejectUnknown("backup", backupId);
        }
        List<Backups.Move> moves = new ArrayList<>();
        if (backup != null && !input.isRejected("service_instance_restores")) {
            input.objects("service_instance_restores")
                    .forEach(item -> move(input, item, backup).ifPresent(moves::add));
        }
        input.check();
        Set<ServiceInstance> targets = new HashSet<>();
        for (Backups.Move move : moves) {
            checkCanBeRestored(move);
            if (!targets.add(move.target())) {
                throw ApiException.refused(
                        "Two dumps cannot be restored into " + move.target().describe() + " at once.");
            }
        }
        return ApiResponse.created(
                render(backups.restore(Objects.requireNonNull(backup), moves, input.textOr("notes", ""))));
    }

    private Optional<Backups.Move> move(Input input, Input item, Backup backup) {
        String field = "service_instance_restores";
        String partId = Objects.requireNonNull(item.text("service_instance_backup"));
        Optional<Backup.Part> part = backup.parts.stream()
                .filter(candidate -> candidate.id.equals(partId))
                .findFirst();
        if (part.isEmpty()) {
            input.rejectUnknown(field, partId);
            return Optional.empty();
        }
        String targetId = item.text("service_instance");
        if (targetId == null) {
            targetId = item.text("target_service_instance");
        }
        // Without a target it goes back to where it came from.
        String wanted = targetId == null ? part.get().instance.id : targetId;
        Optional<ServiceInstance> target = world.instances.find(wanted);
        if (target.isEmpty()) {
            input.rejectUnknown(field, wanted);
        }
        return target.map(instance -> new Backups.Move(part.get(), instance));
    }

    private static void checkCanBeRestored(Backups.Move move) {
        Backup.Part part = move.part();
        ServiceInstance target = move.target();
        if (!part.succeeded()) {
            throw ApiException.refused(
                    "The backup of " + part.instance.describe() + " has not completed successfully.");
        }
        ServiceInstances.checkWorks(target);
        if (!part.instance.service.scheme().equals(target.service.scheme())) {
            throw ApiException.refused("A backup of " + part.instance.service.name() + " cannot be restored into "
                    + target.describe() + ".");
        }
        if (target.restoreRunning || target.backupsRunning > 0) {
            throw ApiException.refused(
                    "A backup or a restore of " + target.describe() + " is running: wait until it has ended.");
        }
    }

    private ApiResponse listDownloads(ApiRequest request) {
        List<String> ofBackups = request.parameters("backup");
        return Page.of(
                baseUrl,
                request,
                world.downloads.newestFirst().stream()
                        .filter(download -> ofBackups.isEmpty() || ofBackups.contains(download.backup.id))
                        .toList(),
                BackupEndpoints::render);
    }

    private ApiResponse getDownload(ApiRequest request) {
        return ApiResponse.ok(render(world.downloads.get(request.id())));
    }

    private ApiResponse prepareDownload(ApiRequest request) {
        backups.deleteExpired();
        Input input = DOWNLOAD_REQUEST.read(request.body());
        String backupId = input.text("backup");
        Backup backup = backupId == null ? null : world.backups.find(backupId).orElse(null);
        if (backupId != null && backup == null) {
            input.rejectUnknown("backup", backupId);
        }
        List<Backup.Part> parts = new ArrayList<>();
        if (backup != null) {
            for (String id : input.ids("service_instance_backups")) {
                Optional<Backup.Part> part = backup.parts.stream()
                        .filter(candidate -> candidate.id.equals(id))
                        .findFirst();
                part.ifPresentOrElse(parts::add, () -> input.rejectUnknown("service_instance_backups", id));
            }
        }
        input.check();
        for (Backup.Part part : parts) {
            if (!part.succeeded()) {
                throw ApiException.refused(
                        "The backup of " + part.instance.describe() + " has not completed successfully.");
            }
        }
        return ApiResponse.created(render(
                backups.prepareDownload(Objects.requireNonNull(backup), parts, input.textOr("trigger", "MANUAL"))));
    }

    /** The parameter is called backup, but takes the id of the download. */
    private ApiResponse listDownloadItems(ApiRequest request) {
        List<String> downloads = request.parameters("backup");
        return Page.of(
                baseUrl,
                request,
                world.downloads.newestFirst().stream()
                        .filter(download -> downloads.isEmpty() || downloads.contains(download.id))
                        .flatMap(download -> download.items.stream())
                        .toList(),
                this::render);
    }

    private ApiResponse getDownloadItem(ApiRequest request) {
        return ApiResponse.ok(render(world.downloads.all().stream()
                .flatMap(download -> download.items.stream())
                .filter(item -> item.id.equals(request.id()))
                .findFirst()
                .orElseThrow(ApiException::notFound)));
    }

    private static Map<String, @Nullable Object> render(Backup backup) {
        return new JsonObject()
                .put("uuid", backup.id)
                .put("environment", backup.environment.id)
                .put("state", backup.state())
                .put("success", backup.success())
                .put("trigger", backup.trigger)
                .put("notes", backup.notes)
                .put("created_at", backup.createdAt)
                .put("ended_at", backup.endedAt())
                .put("scheduled_for_deletion_at", backup.scheduledForDeletionAt)
                .put(
                        "service_instance_backups",
                        backup.parts.stream().map(part -> part.id).toList())
                .fields();
    }

    private static Map<String, @Nullable Object> render(Backup.Part part) {
        return new JsonObject()
                .put("uuid", part.id)
                .put("backup", part.backup.id)
                .put("service_instance", part.instance.id)
                .put("service_type", part.instance.service.type())
                .put("queued_at", part.queuedAt)
                .put("started_at", part.startedAt)
                .put("taken_at", part.takenAt)
                .put("ended_at", part.endedAt)
                .put("size", part.size)
                .put("errors", part.errors)
                .fields();
    }

    private static Environment environmentOf(Restore restore) {
        return restore.items.get(0).target.environment;
    }

    private static Map<String, @Nullable Object> render(Restore restore) {
        List<Map<String, @Nullable Object>> items = restore.items.stream()
                .map(item -> new JsonObject()
                        .put("uuid", item.id)
                        .put("service_instance_backup", item.part.id)
                        .put("service_instance", item.target.id)
                        .put("ended_at", item.endedAt)
                        .put("errors", item.errors)
                        .fields())
                .toList();
        return new JsonObject()
                .put("uuid", restore.id)
                .put("backup", restore.backup.id)
                .put("environment", environmentOf(restore).id)
                .put("finished", restore.finished())
                .put("success", restore.success())
                .put("notes", restore.notes)
                .put("created_at", restore.createdAt)
                .put("ended_at", restore.endedAt())
                .put(
                        "errors",
                        restore.items.stream()
                                .flatMap(item -> item.errors.stream())
                                .toList())
                .put("service_instance_restores", items)
                .fields();
    }

    private static Map<String, @Nullable Object> render(Download download) {
        return new JsonObject()
                .put("uuid", download.id)
                .put("backup", download.backup.id)
                .put("trigger", download.trigger)
                .put("created_at", download.createdAt)
                .fields();
    }

    private Map<String, @Nullable Object> render(Download.Item item) {
        return new JsonObject()
                .put("uuid", item.id)
                .put("backup_download", item.download.id)
                .put("service_instance_backup", item.part.id)
                .put("ended_at", item.endedAt)
                .put("errors", item.errors)
                .put("download_url", item.ticket == null ? null : baseUrl + "/downloads/" + item.ticket)
                .fields();
    }
}
