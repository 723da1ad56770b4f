///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS io.github.divio4j:divio-client:0.1.0-SNAPSHOT
import io.github.divio4j.client.*;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.model.*;
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.time.Duration;
import java.util.*;

/** Backs up the database of an environment and downloads the dump. Arguments: APPLICATION ENVIRONMENT [PREFIX] FILE. */
public final class BackUpAndDownload {
    public static void main(String[] args) throws NoSuchAlgorithmException {
        String zone = System.getenv().getOrDefault("DIVIO_ZONE", "divio.com");
        Credentials auth = Credentials.firstOf(Credentials.fromEnvironment("DIVIO_API_TOKEN"), Credentials.fromNetrc());
        try (DivioClient divio = DivioClient.builder().zone(zone).credentials(auth).build()) {
            Path file = Path.of(args.length == 3 || args.length == 4 ? args[args.length - 1] : "").toAbsolutePath();
            if (Files.isDirectory(file) || !Files.isWritable(file.getParent())) {
                throw new IllegalArgumentException("usage: BackUpAndDownload.java APPLICATION ENVIRONMENT [PREFIX] FILE"
                        + ", where FILE is in a folder that can be written");
            }
            ServiceInstanceDownload dump = backUp(divio, args[0], args[1], args.length == 3 ? "DEFAULT" : args[2]);
            long size = divio.files().download(dump, file, BackUpAndDownload::draw);
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            Files.copy(file, new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
            System.out.printf("%n%s%n%d bytes%nSHA-256 %s%n", file, size, HexFormat.of().formatHex(sha256.digest()));
        } catch (DivioException | IOException | IllegalArgumentException | IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(e instanceof DivioException || e instanceof IOException ? 1 : 2);
        }
    }

    static ServiceInstanceDownload backUp(DivioClient divio, String app, String env, String prefix) throws IOException {
        Environment environment = divio.environments().getBySlug(divio.applications().getBySlug(app).id(), env);
        ServiceInstance database = divio.serviceInstances().list(environment.id()).stream()
                .filter(each -> each.type().equals(ServiceType.DATABASE) && each.prefix().equalsIgnoreCase(prefix))
                .findFirst().orElseThrow(() -> new IOException(app + ", " + env + " has no database " + prefix));
        Backup started = divio.backups().create(NewBackup.builder(environment.id(), List.of(database.id())).build());
        System.out.printf("backup %s of %s, %s, %s%n", started.id(), app, env, prefix);
        Backup backup = divio.waiters().backup(started.id()).within(Duration.ofHours(2));
        BackupDownload download = divio.backupDownloads().create(backup.id(), backup.serviceInstanceBackupIds());
        ServiceInstanceDownload part = divio.backupDownloads().parts(download.id()).findFirst().orElseThrow();
        ServiceInstanceDownload dump = divio.waiters().download(part.id()).within(Duration.ofHours(2));
        if (dump.empty()) {
            throw new IOException("the database is empty: there is nothing to download, and no file was written");
        }
        return dump;
    }

    static long drawn = -1;
    static void draw(long bytes, long total) {
        boolean terminal = System.console() != null; // if not, as in the log of a cron job: a line per tenth
        long step = total < 1 ? bytes >> 24 : bytes * (terminal ? 100 : 10) / total;
        String bar = "#".repeat((int) (total < 1 ? 0 : bytes * 40 / total));
        System.out.print(step == drawn ? "" : "[%-40s] %.1f MB%s".formatted(bar, bytes / 1e6, terminal ? "\r" : "\n"));
        drawn = step;
    }
}
