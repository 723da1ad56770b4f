package io.github.divio4j.upgrade.divio;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.model.BackupUpload;
import io.github.divio4j.client.model.NewBackup;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.UploadPart;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.OperationNote;
import io.github.divio4j.upgrade.divio.StartedOperations.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes a backup of one instance one of another: downloads its file into a temporary one that only this user can read, and
 * uploads that. Where it breaks off, a backup without a file is left at the platform, which nothing uses.
 */
final class BackupCopier {

    private static final Duration LONGEST_DIGESTION = Duration.ofHours(2);

    private final DivioClient divio;
    private final StartedOperations started;
    private final Clock clock;
    private final Transfers transfers = new Transfers("divio4j-backup-copy");

    BackupCopier(DivioClient divio, StartedOperations started, Clock clock) {
        this.divio = divio;
        this.started = started;
        this.clock = clock;
    }

    /**
     * What to copy.
     *
     * @param part the part of the backup that holds the source
     * @param note what the copy is to say of itself; its target is the instance that the copy is for
     */
    record Wanted(
            EnvironmentRef environment, Observation.Backup backup, String part, String targetId, OperationNote note) {
        private String name() {
            return backup.id() + " " + targetId;
        }
    }

    Transfers.Transfer copy(Wanted wanted) {
        return transfers.transfer(wanted.name(), bytes -> copy(wanted, bytes));
    }

    void forget(Wanted wanted) {
        transfers.forget(wanted.name());
    }

    private void copy(Wanted wanted, AtomicLong bytes) throws IOException {
        ServiceInstanceDownload ready = BackupStore.ready(divio, wanted.backup().id(), wanted.part());
        if (ready.empty()) {
            throw new IOException("it is of an empty database, and there is no file to upload. Restore it by naming the"
                    + " target (restoring), or write to the database and run again");
        }
        Path file = Files.createTempFile("divio4j-", ".dump");
        try {
            divio.files().download(ready, file, (sent, total) -> bytes.set(sent));
            upload(wanted, file, bytes);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void upload(Wanted wanted, Path file, AtomicLong bytes) throws IOException {
        Instant before = clock.instant();
        long downloaded = bytes.get();
        String environmentId = wanted.environment().id();
        BackupUpload upload = divio.uploads()
                .create(NewBackup.builder(environmentId, List.of(wanted.targetId()))
                        .notes(wanted.note().toString())
                        .build());
        started.backup(new Started(environmentId, upload.id(), wanted.note(), upload.id(), before));
        UploadPart part = upload.parts().stream()
                .filter(p -> p.serviceInstanceId().equals(wanted.targetId()))
                .findFirst()
                .orElseThrow(() -> new IOException("Divio names no place to upload the file to"));
        divio.files().upload(part, file, (sent, total) -> bytes.set(downloaded + sent));
        divio.waiters().backup(upload.id()).within(LONGEST_DIGESTION);
    }
}
