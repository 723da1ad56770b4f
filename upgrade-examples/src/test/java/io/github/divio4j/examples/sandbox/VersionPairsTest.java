package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Data that moves between real servers of different major versions, over HTTP alone. */
class VersionPairsTest {
    private static final String INSTANCES = "/apps/v3/service-instances/";

    private static final List<String> VERSIONS =
            PostgresBinaries.available().stream().map(PostgresBinaries::version).toList();
    private static final int PG_DUMP = ClientTools.find(System.getenv("PATH")).dumpVersion();

    private static boolean canBeDumped(String version) {
        return Double.parseDouble(version) < PG_DUMP + 1;
    }

    /** Those that there are servers for on this machine, and a pg_dump. */
    static Stream<Arguments> pairs() {
        return Stream.of(List.of("9.6", "13"), List.of("13", "17"), List.of("15", "18"), List.of("14", "15"))
                .filter(VERSIONS::containsAll)
                .filter(pair -> canBeDumped(pair.get(0)))
                .filter(pair -> !pair.get(0).equals("14") || !VERSIONS.contains("13"))
                .map(pair -> Arguments.of(pair.get(0), pair.get(1)));
    }

    private static Sandbox sandbox(String version) {
        return Sandbox.builder()
                .source(version)
                .environments(List.of("test"))
                .speed(50)
                .rows(500)
                .start();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void theStepsOfTheManualMoveTheData(String from, String to) throws Exception {
        try (Sandbox sandbox = sandbox(from)) {
            Api api = new Api(sandbox);
            String source = api.find("test", "DEFAULT", "DATABASE");
            Map<String, String> before = Content.of(sandbox.dsn(source).orElseThrow());
            assertThat(Content.rows(before)).isEqualTo(500);
            String target = api.instance("test", "PostgreSQL Database " + to, "NEW");

            api.provision(target);
            assertThat(api.restore(api.backUp("test", source), target).body())
                    .containsEntry("success", "SUCCESS")
                    .containsEntry("errors", List.of());
            api.patch(INSTANCES + source + "/", Map.of("prefix", "OLD")).expect(200);
            api.post(INSTANCES + source + "/detach/", Map.of()).expect(200);
            api.patch(INSTANCES + target + "/", Map.of("prefix", "DEFAULT")).expect(200);
            String deployment = api.deploy("test").text("uuid");
            api.delete(INSTANCES + source + "/").expect(204);

            String url = api.deployedVariables(deployment).get("DATABASE_URL");
            assertThat(url).isEqualTo(sandbox.dsn(target).orElseThrow());
            assertThat(Content.one(url, "SHOW server_version")).startsWith(to + ".");
            assertThat(Content.of(url)).isEqualTo(before);
        }
    }

    @Test
    void theNewestServerCanBeBackedUpOrItIsSaidWhatToInstall() {
        String newest = VERSIONS.get(VERSIONS.size() - 1);
        try (Sandbox sandbox = sandbox(newest)) {
            Api api = new Api(sandbox);

            Api.MadeBackup backup = api.backUp("test", api.find("test", "DEFAULT", "DATABASE"));

            List<String> errors = canBeDumped(newest)
                    ? List.of()
                    : List.of("A PostgreSQL " + newest + " database can be dumped by pg_dump " + newest
                            + " or newer only, but the pg_dump on the PATH is version " + PG_DUMP
                            + ": install postgresql-client-" + newest + " and put it first on the PATH.");
            assertThat(backup.success()).isEqualTo(errors.isEmpty() ? "SUCCESS" : "FAILURE");
            assertThat(api.get("/apps/v3/service-instance-backups/" + backup.part() + "/")
                            .body())
                    .containsEntry("errors", errors);
        }
    }
}
