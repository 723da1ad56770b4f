package io.github.divio4j.examples.measure;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.postgres.PostgresDatabases;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.run.UpgradeRunner;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * An upgrade, or the way back, in a process of its own, to be killed. Arguments: the base URL, the application, where to ask for the
 * databases, and {@code upgrade} or {@code rollback}; the token is in TOKEN. Says {@code begins} when it does.
 */
final class UpgradingProcess {

    private static final UpgradeSpec SPEC = UpgradeSpec.to("15")
            .writes(UpgradeSpec.WritesPolicy.FENCE_REQUIRED)
            .verification(UpgradeSpec.Verification.CHECKSUMS)
            .analyze()
            .oldInstance(UpgradeSpec.OldInstance.KEEP)
            .build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String databases;
    private final String token;

    private UpgradingProcess(String databases, String token) {
        this.databases = databases;
        this.token = token;
    }

    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        UpgradingProcess process = new UpgradingProcess(arguments[2], System.getenv("TOKEN"));
        try (DivioClient divio =
                DivioClient.builder().baseUrl(arguments[0]).token(process.token).build()) {
            UpgradeRunner runner = DivioUpgrade.builder(divio, arguments[1])
                    .pollInterval(Duration.ofMillis(100))
                    .databases(PostgresDatabases.through((environment, instance) -> process.database(instance.id())))
                    .build()
                    .runner()
                    .build();
            out.println("begins");
            RunReport report = arguments[3].equals("rollback")
                    ? runner.rollback(SPEC, TargetAfterRollback.DELETE)
                    : runner.run(SPEC);
            out.println(report);
            System.exit(report.succeeded() ? 0 : 1);
        }
    }

    /** Data source names hold passwords, so they are asked for and not given as arguments. */
    private Optional<DataSource> database(String instance) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(databases + instance))
                            .header("Authorization", token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? Optional.of(LocalDatabases.dataSource(PostgresDsn.parse(answer.body())))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
