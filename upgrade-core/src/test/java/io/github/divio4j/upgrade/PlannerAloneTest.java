package io.github.divio4j.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planner works in a JVM that has nothing else of divio4j's dependencies, not even JSpecify. */
class PlannerAloneTest {

    @TempDir
    Path folder;

    @Test
    void thePlannerNeedsNothingButItsOwnClasses() throws Exception {
        Path copy = folder.resolve(PlanAlone.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(copy.getParent());
        Files.copy(classesOf(PlanAlone.class).resolve(folder.relativize(copy).toString()), copy);

        assertThat(outputOf(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classesOf(UpgradePlanner.class) + File.pathSeparator + folder,
                        PlanAlone.class.getName()))
                .isEqualToIgnoringNewLines("""
                        add PostgreSQL Database 15 (NEW)
                        provision PostgreSQL Database 15 (NEW)
                        back up PostgreSQL Database 13 (DEFAULT)
                        restore the backup into PostgreSQL Database 15 (NEW)
                        rename PostgreSQL Database 13 (DEFAULT) to OLD
                        detach PostgreSQL Database 13 (OLD)
                        rename PostgreSQL Database 15 (NEW) to DEFAULT
                        deploy, which moves the application to PostgreSQL Database 15 (DEFAULT)
                        delete PostgreSQL Database 13 (OLD) (point of no return)
                        """);
    }

    private static Path classesOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private String outputOf(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}

/** Plans one environment and prints the steps. */
final class PlanAlone {

    private PlanAlone() {}

    public static void main(String[] args) {
        Observation seen = new Observation(
                new EnvironmentRef("shop", "environment-1", "test"),
                Instant.EPOCH,
                List.of(
                        new CatalogueService("service-13", "PostgreSQL Database 13", null),
                        new CatalogueService("service-15", "PostgreSQL Database 15", "postgresql-15")),
                List.of(new Observation.Instance(
                        "instance-1",
                        "service-13",
                        Observation.DATABASE,
                        "DEFAULT",
                        InstanceStatus.ATTACHED,
                        "ATTACHED",
                        "region-1")),
                List.of(),
                List.of(),
                List.of(),
                null);
        UpgradePlan plan =
                UpgradePlanner.plan(List.of(seen), UpgradeSpec.to("15").build());
        plan.steps().forEach(step -> System.out.println(step.describe()));
    }
}
