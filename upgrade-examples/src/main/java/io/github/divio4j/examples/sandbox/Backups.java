package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes backups, takes in uploaded ones, restores them and gets them ready for download. */
final class Backups {
    static final long LARGEST_UPLOAD = 5L * 1024 * 1024 * 1024;

    private final World world;
    private final Operations operations;
    private final Hosting hosting;
    private final Path dumps;
    private final Map<String, Backup.Part> awaitedUploads = new LinkedHashMap<>();
    private final Map<String, Backup.Part> finishedUploads = new LinkedHashMap<>();

    Backups(World world, Operations operations, Hosting hosting, Path dumps) {
        this.world = world;
        this.operations = operations;
        this.hosting = hosting;
        this.dumps = dumps;
    }

    Backup make(
            Environment environment,
            List<ServiceInstance> instances,
            String trigger,
            String notes,
            @Nullable Instant deletion) {
        Backup backup = add(environment, instances, trigger, notes, deletion);
        backup.parts.forEach(this::dump);
        return backup;
    }

    /** A backup whose dumps somebody will bring; each part is awaited under a ticket. */
    Map<String, Backup.Part> await(
            Environment environment, List<ServiceInstance> instances, String notes, @Nullable Instant deletion) {
        Backup backup = add(environment, instances, "UPLOAD", notes, deletion);
        Map<String, Backup.Part> tickets = new LinkedHashMap<>();
        backup.parts.forEach(part -> tickets.put(world.ids.letters(40), part));
        awaitedUploads.putAll(tickets);
        return tickets;
    }

    private Backup add(
            Environment environment,
            List<ServiceInstance> instances,
            String trigger,
            String notes,
            @Nullable Instant deletion) {
        Instant now = world.now();
        Backup backup = new Backup(world.ids.next(), environment, trigger, notes, now, deletion);
        for (ServiceInstance instance : instances) {
            String id = world.ids.next();
            backup.parts.add(new Backup.Part(id, backup, instance, dumps.resolve(id + ".dump"), now));
        }
        world.backups.add(backup.id, backup);
        return backup;
    }

    private void dump(Backup.Part part) {
        Binding binding = part.instance.requireBinding();
        part.instance.backupsRunning++;
        operations.start(
                Operation.BACKUP,
                part.backup.environment.slug,
                () -> {
                    Instant started = world.now();
                    world.update(() -> {
                        part.startedAt = started;
                        part.takenAt = started;
                    });
                    hosting.backUp(binding, part.file);
                    return Files.size(part.file);
                },
                size -> world.update(() -> {
                    part.size = size;
                    part.instance.backupsRunning--;
                    part.end(world.now(), List.of());
                }),
                error -> world.update(() -> {
                    part.instance.backupsRunning--;
                    part.end(world.now(), List.of(error));
                }));
    }

    /** Takes in a file; a second one under the same ticket replaces the first. */
    void receive(String ticket, Path file) {
        Backup.Part part = awaited(ticket);
        try {
            if (Files.size(file) > LARGEST_UPLOAD) {
                throw ApiException.detail(413, "The file is larger than " + LARGEST_UPLOAD + " bytes.");
            }
            Files.move(file, part.file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw ApiException.detail(500, "The file could not be stored: " + e.getMessage());
        }
    }

    private Backup.Part awaited(String ticket) {
        Backup.Part part = awaitedUploads.get(ticket);
        if (part == null) {
            throw ApiException.notFound();
        }
        return part;
    }

    /** Looks at what was uploaded. Told twice, it looks once. */
    void finishUpload(String ticket) {
        if (finishedUploads.containsKey(ticket)) {
            return;
        }
        Backup.Part part = awaited(ticket);
        awaitedUploads.remove(ticket);
        finishedUploads.put(ticket, part);
        operations.start(
                Operation.BACKUP,
                part.backup.environment.slug,
                () -> {
                    Instant started = world.now();
                    world.update(() -> {
                        part.startedAt = started;
                        part.takenAt = started;
                    });
                    if (!Files.exists(part.file)) {
                        throw new HostingException("Nothing was uploaded.");
                    }
                    return Files.size(part.file);
                },
                size -> world.update(() -> {
                    part.size = size;
                    part.end(world.now(), List.of());
                }),
                error -> world.update(() -> part.end(world.now(), List.of(error))));
    }

    /** A dump and where it goes. */
    record Move(Backup.Part part, ServiceInstance target) {}

    Restore restore(Backup backup, List<Move> moves, String notes) {
        Restore restore = new Restore(world.ids.next(), backup, notes, world.now());
        for (Move move : moves) {
            restore.items.add(new Restore.Item(world.ids.next(), move.part(), move.target()));
        }
        world.restores.add(restore.id, restore);
        restore.items.forEach(this::replaceData);
        return restore;
    }

    private void replaceData(Restore.Item item) {
        ServiceInstance target = item.target;
        Binding binding = target.requireBinding();
        target.restoreRunning = true;
        operations.start(
                Operation.RESTORE,
                target.environment.slug,
                () -> {
                    hosting.restore(binding, item.part.file);
                    return item;
                },
                done -> world.update(() -> {
                    target.restoreRunning = false;
                    done.end(world.now(), List.of());
                }),
                error -> world.update(() -> {
                    target.restoreRunning = false;
                    item.end(world.now(), List.of(error));
                }));
    }

    Download prepareDownload(Backup backup, List<Backup.Part> parts, String trigger) {
        Download download = new Download(world.ids.next(), backup, trigger, world.now());
        for (Backup.Part part : parts) {
            download.items.add(new Download.Item(world.ids.next(), download, part));
        }
        world.downloads.add(download.id, download);
        for (Download.Item item : download.items) {
            operations.start(
                    Operation.DOWNLOAD,
                    backup.environment.slug,
                    () -> {
                        if (!Files.exists(item.part.file)) {
                            throw new HostingException("The backup has been deleted.");
                        }
                        return item;
                    },
                    ready -> world.update(() -> {
                        ready.ticket = world.ids.letters(40);
                        ready.endedAt = world.now();
                    }),
                    error -> world.update(() -> {
                        item.errors = List.of(error);
                        item.endedAt = world.now();
                    }));
        }
        return download;
    }

    /** The file behind the secret part of a download's address. */
    Path downloadable(String ticket) {
        return world.downloads.all().stream()
                .flatMap(download -> download.items.stream())
                .filter(item -> ticket.equals(item.ticket))
                .map(item -> item.part.file)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(ApiException::notFound);
    }

    /** Backups vanish when their time has come. */
    void deleteExpired() {
        Instant now = world.now();
        for (Backup backup : List.copyOf(world.backups.all())) {
            if (backup.finished() && backup.expired(now)) {
                world.backups.remove(backup.id);
                for (Backup.Part part : backup.parts) {
                    try {
                        Files.deleteIfExists(part.file);
                    } catch (IOException e) {
                        // The folder that it is in is deleted with the sandbox.
                    }
                }
            }
        }
    }
}
