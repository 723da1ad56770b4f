package io.github.divio4j.upgrade.divio;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.model.BackupDownload;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.StepId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder that backups are downloaded to: for each {@code application/environment/BACKUP.dump}, its SHA-256 in {@code
 * BACKUP.dump.sha256} as {@code sha256sum -c} reads it, and {@code BACKUP.properties}, the manifest. The manifest comes last:
 * where it is, everything is.
 */
final class BackupStore {

    private static final Duration LONGEST_PREPARATION = Duration.ofHours(2);
    private static final String MANIFEST = ".properties";

    private final Path directory;
    private final DivioClient divio;
    private final Clock clock;
    private final Transfers transfers = new Transfers("divio4j-backup-download");

    BackupStore(Path directory, DivioClient divio, Clock clock) {
        this.directory = directory;
        this.divio = divio;
        this.clock = clock;
    }

    /**
     * What to download.
     *
     * @param part the part of the backup that holds the source
     */
    record Wanted(
            StepId step, EnvironmentRef environment, InstanceRef source, Observation.Backup backup, String part) {}

    private Path folder(EnvironmentRef environment) {
        return directory.resolve(safe(environment.application())).resolve(safe(environment.slug()));
    }

    /** Names of the platform must not lead out of the folder; the usual ones stay as they are. */
    private static String safe(String name) {
        String safe = URLEncoder.encode(name, StandardCharsets.UTF_8);
        return safe.startsWith(".") ? "%2E" + safe.substring(1) : safe;
    }

    /** The ids of the backups of an environment that are stored completely. */
    Set<String> stored(EnvironmentRef environment) {
        try (Stream<Path> files = Files.list(folder(environment))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(MANIFEST))
                    .map(n -> n.substring(0, n.length() - MANIFEST.length()))
                    .map(n -> URLDecoder.decode(n, StandardCharsets.UTF_8))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (NoSuchFileException none) {
            return Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder of downloaded backups " + folder(environment), e);
        }
    }

    /**
     * Begins a download, or finds the one that this process began; the next call for one that has ended begins anew. It goes on
     * in a thread of its own, for as long as the file takes.
     */
    Transfers.Transfer transfer(Wanted wanted) {
        return transfers.transfer(wanted.backup().id(), bytes -> store(wanted, bytes));
    }

    void forget(Wanted wanted) {
        transfers.forget(wanted.backup().id());
    }

    private void store(Wanted wanted, AtomicLong bytes) throws IOException {
        Path folder = Files.createDirectories(folder(wanted.environment()));
        Instant begun = clock.instant();
        ServiceInstanceDownload ready = ready(divio, wanted.backup().id(), wanted.part());
        String name = safe(wanted.backup().id());
        Path dump = folder.resolve(name + ".dump");
        long size = 0;
        String digest = "";
        if (!ready.empty()) {
            size = divio.files().download(ready, dump, (sent, total) -> bytes.set(sent));
            digest = sha256(dump);
            write(folder.resolve(name + ".dump.sha256"), digest + "  " + dump.getFileName() + "\n");
        }
        write(folder.resolve(name + MANIFEST), manifest(wanted, begun, size, digest));
    }

    /** Asks for the file of a part of a backup, and waits until it can be downloaded. */
    static ServiceInstanceDownload ready(DivioClient divio, String backupId, String partId) throws IOException {
        BackupDownload download = divio.backupDownloads().create(backupId, List.of(partId));
        ServiceInstanceDownload part = divio.backupDownloads()
                .parts(download.id())
                .findFirst()
                .orElseThrow(() -> new IOException("Divio lists no file for the backup " + backupId));
        return divio.waiters().download(part.id()).within(LONGEST_PREPARATION);
    }

    private String manifest(Wanted wanted, Instant begun, long size, String digest) {
        CatalogueService service = wanted.source().service();
        return String.join(
                "\n",
                "application=" + wanted.environment().application(),
                "environment=" + wanted.environment().slug(),
                "step=" + wanted.step(),
                "backup=" + wanted.backup().id(),
                "backup_started_at=" + wanted.backup().startedAt(),
                "service=" + service.name().replace('\n', ' '),
                "postgres_version="
                        + service.postgresVersion().map(Object::toString).orElse("unknown"),
                "download_started_at=" + begun,
                "download_ended_at=" + clock.instant(),
                "size=" + size,
                "sha256=" + digest,
                "empty_database=" + digest.isEmpty(),
                "");
    }

    private static void write(Path file, String text) throws IOException {
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".part");
        try {
            // What the name promises must hold after a power failure, too.
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                byte[] buffer = new byte[64 * 1024];
                while (in.read(buffer) != -1) {
                    // Only the digest counts.
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
