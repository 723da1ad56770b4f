package io.github.divio4j.upgrade.divio;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.model.Backup;
import io.github.divio4j.client.model.BackupDownload;
import io.github.divio4j.client.model.Environment;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.ServiceInstance;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.ServiceType;
import io.github.divio4j.upgrade.local.DumpSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Dumps of an application's databases on Divio, for a local copy: a new backup, which the platform may delete after an hour, as the
 * one that its own command line tool makes ({@code divio app pull db}), and its download. It does not close the client.
 */
public final class DivioDumpSource implements DumpSource {

    private static final Duration LONGEST = Duration.ofHours(2);
    private static final Duration KEPT = Duration.ofHours(1);

    private final DivioClient divio;
    private final String applicationSlug;
    private final Clock clock;

    private DivioDumpSource(DivioClient divio, String applicationSlug, Clock clock) {
        this.divio = requireNonNull(divio, "divio");
        this.applicationSlug = requireNonNull(applicationSlug, "applicationSlug");
        this.clock = clock;
    }

    /**
     * Makes it. Calls nothing yet.
     *
     * @param applicationSlug the application's slug, as in its address in the control panel
     */
    public static DivioDumpSource of(DivioClient divio, String applicationSlug) {
        return new DivioDumpSource(divio, applicationSlug, Clock.systemUTC());
    }

    /**
     * Backs up the database and downloads it; both together may take up to four hours.
     *
     * @throws io.github.divio4j.client.error.DivioException if the platform does not do it
     * @throws IOException if the environment has no database of that prefix, or the file cannot be written
     */
    @Override
    public boolean fetch(String environment, String prefix, Path file) throws IOException {
        String application = divio.applications().getBySlug(applicationSlug).id();
        Environment from = divio.environments().getBySlug(application, environment);
        ServiceInstance database = divio.serviceInstances().list(from.id()).stream()
                .filter(each -> each.type().equals(ServiceType.DATABASE)
                        && each.prefix().equalsIgnoreCase(prefix))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        applicationSlug + ", " + environment + " has no database with the prefix " + prefix));
        Backup begun = divio.backups()
                .create(NewBackup.builder(from.id(), List.of(database.id()))
                        .notes("divio4j: for a local copy")
                        .scheduledForDeletionAt(clock.instant().plus(KEPT))
                        .build());
        Backup backup = divio.waiters().backup(begun.id()).within(LONGEST);
        BackupDownload download = divio.backupDownloads().create(backup.id(), backup.serviceInstanceBackupIds());
        ServiceInstanceDownload part = divio.backupDownloads()
                .parts(download.id())
                .findFirst()
                .orElseThrow(() -> new IOException("Divio lists no file for the backup " + backup.id()));
        ServiceInstanceDownload ready = divio.waiters().download(part.id()).within(LONGEST);
        if (ready.empty()) {
            return false;
        }
        divio.files().download(ready, file);
        return true;
    }
}
