package io.github.divio4j.upgrade.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalUpgradeTest {

    private static final String COMPOSE = """
            services:
              web:
                image: nginx
              database_default:
                image: postgres:13.5-bookworm # local
                environment:
                  SERVICE_MANAGER: fsm-postgres
            """;

    private static final List<String> LOOKS = List.of(
            "docker [compose] [version]",
            "docker [compose] [config]",
            "docker [compose] [ps] [-a] [-q]",
            "docker [inspect]",
            "docker [volume] [ls]",
            "docker [compose] [logs]",
            "[psql]",
            "[pg_isready]");

    @TempDir
    private Path project;

    private StubPrograms stubs;
    private final List<String> output = new ArrayList<>();
    private final List<LocalStep.Kind> started = new ArrayList<>();

    @BeforeEach
    void anOldProjectThatRuns() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE);
        stubs = StubPrograms.in(project);
        stubs.put("container", "postgres:13.5-bookworm");
        stubs.put("running", "");
        stubs.put("tables", "");
        stubs.put("volumes", "shop_pgdata\n");
        stubs.put("web", "");
    }

    private LocalSpec.Builder spec() {
        return LocalSpec.to("15").environment("live");
    }

    private LocalUpgrade.Builder builder(LocalSpec spec) {
        return LocalUpgrade.builder(project, spec)
                .environment(stubs.environment())
                .listener(new LocalListener() {
                    @Override
                    public void started(LocalStep step) {
                        started.add(step.kind());
                    }

                    @Override
                    public void output(String line) {
                        output.add(line);
                    }
                });
    }

    private LocalUpgrade allowed() {
        return builder(spec().allowVolumeRemoval().build()).build();
    }

    /** The calls that change something. */
    private List<String> changes() throws IOException {
        return stubs.calls().stream()
                .filter(call -> LOOKS.stream().noneMatch(call::contains))
                .toList();
    }

    private String compose() throws IOException {
        return Files.readString(project.resolve("docker-compose.yml"));
    }

    @Test
    void theDryRunTellsTheStepsTheExactCommandsAndTheDifference() throws IOException {
        LocalPlan plan = allowed().plan();

        assertThat(plan.toString().replace(project + "/", "")).isEqualTo("""
                Local plan to PostgreSQL 15: 4 steps
                  1. change docker-compose.yml
                  2. remove all containers and the volumes shop_pgdata with everything in them
                       $ docker compose down -v
                  3. put DEFAULT of live in place of the database in database_default
                       $ divio app pull db live DEFAULT
                  4. start all containers
                       $ docker compose up -d

                --- docker-compose.yml
                +++ docker-compose.yml
                @@ -2,6 +2,6 @@
                   web:
                     image: nginx
                   database_default:
                -    image: postgres:13.5-bookworm # local
                +    image: postgres:15-bookworm # local
                     environment:
                       SERVICE_MANAGER: fsm-postgres
                """);
        assertThat(compose()).isEqualTo(COMPOSE);
        assertThat(changes()).isEmpty();
    }

    @Test
    void theProgramsAreCalledWithTheseVeryArguments() throws IOException {
        allowed().plan();

        assertThat(stubs.calls())
                .containsExactly(
                        "docker [compose] [version]",
                        "docker [compose] [config]",
                        "docker [compose] [ps] [-a] [-q]",
                        "docker [inspect] [--format] [{{index .Config.Labels \"com.docker.compose.service\"}}"
                                + "|{{.Config.Image}}|{{.State.Running}}"
                                + "|{{range .Mounts}}{{if eq .Type \"volume\"}}{{.Name}} {{end}}{{end}}] [c1]",
                        "docker [volume] [ls] [--format] [{{.Name}}|{{.Label \"com.docker.compose.project\"}}]");
    }

    @Test
    void theStepsAreDoneInTheOrderOfTheManual() throws IOException {
        LocalReport report = allowed().run();

        assertThat(report.succeeded()).isTrue();
        assertThat(compose()).isEqualTo(COMPOSE.replace("13.5", "15"));
        assertThat(changes())
                .containsExactly(
                        "docker [compose] [down] [-v]",
                        "divio [app] [pull] [db] [live] [DEFAULT]",
                        "docker [compose] [up] [-d] [database_default]",
                        "docker [compose] [up] [-d]");
        assertThat(started)
                .containsExactly(
                        LocalStep.Kind.UPDATE_COMPOSE_FILE,
                        LocalStep.Kind.COMPOSE_DOWN,
                        LocalStep.Kind.PULL_DATABASE,
                        LocalStep.Kind.COMPOSE_UP);
        assertThat(output).contains("removed", "pulled");
    }

    @Test
    void afterwardsThereIsNothingToDo() throws IOException {
        allowed().run();
        stubs.calls();

        LocalReport again = allowed().run();

        assertThat(again.done()).isEmpty();
        assertThat(again.succeeded()).isTrue();
        assertThat(changes()).isEmpty();
    }

    @Test
    void withoutLeaveNoVolumeIsRemovedAndTheFileStaysAsItIs() throws IOException {
        LocalReport report = builder(spec().build()).build().run();

        assertThat(report.left().blockers())
                .containsExactly(
                        "\"docker compose down -v\" would remove all containers and the volumes shop_pgdata with "
                                + "everything in them. Allow it, if nothing of that is needed.");
        assertThat(report.done()).isEmpty();
        assertThat(compose()).isEqualTo(COMPOSE);
        assertThat(changes()).isEmpty();
    }

    @Test
    void volumesWithoutANameOfTheirOwnAreNamedToo() throws IOException {
        String anonymous = "0123456789abcdef".repeat(4);
        stubs.put("volumes", "shop_pgdata\n" + anonymous + "\n");

        assertThat(builder(spec().build()).build().plan().blockers().get(0)).contains(anonymous + ", shop_pgdata");
    }

    @Test
    void volumesOfTheProjectThatSomebodyElseMadeAreNamedTooAndThoseOfOthersAreNot() throws IOException {
        stubs.put(
                "config",
                stubs.get("config")
                        + "volumes:\n  old: {name: made_by_hand}\n  other: {name: shared, external: true}\n");
        stubs.put("unlabelled", "made_by_hand\nshared\nstranger\n");

        assertThat(builder(spec().build()).build().plan().blockers().get(0))
                .contains("the volumes made_by_hand, shop_pgdata with");
    }

    @Test
    void withoutLeaveNoContainerIsRemovedEither() throws IOException {
        stubs.remove("volumes");

        LocalReport report = builder(spec().build()).build().run();

        assertThat(report.left().blockers())
                .containsExactly("\"docker compose down -v\" would remove all containers with everything in them. "
                        + "Allow it, if nothing of that is needed.");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aServiceWhoseProfileIsNotActiveIsSaid() throws IOException {
        stubs.put("config", "name: shop\nservices:\n  web:\n    image: nginx\n");

        assertThat(allowed().plan().blockers())
                .singleElement()
                .asString()
                .contains("leaves out database_default", "COMPOSE_PROFILES");
    }

    @Test
    void whereDockerComposeIsAProgramOfItsOwnThatIsRun() throws IOException {
        stubs.separateDockerCompose();

        assertThat(allowed().plan().steps().get(1).commands()).containsExactly(List.of("docker-compose", "down", "-v"));
        assertThat(allowed().run().succeeded()).isTrue();
    }

    @Test
    void theFilesThatTheShellNamesAreChanged() throws IOException {
        Files.writeString(project.resolve("dev.yml"), COMPOSE);
        Map<String, String> variables = stubs.environment();
        variables.put("COMPOSE_FILE", project.resolve("dev.yml").toString());

        LocalPlan plan = builder(spec().allowVolumeRemoval().build())
                .environment(variables)
                .build()
                .plan();

        assertThat(plan.change().files()).containsExactly(project.resolve("dev.yml"));
    }

    private void variables(String yaml) throws IOException {
        stubs.put(
                "config",
                "name: shop\nservices:\n  database_default:\n    image: IMAGE\n    environment: " + yaml + "\n"
                        + "  web:\n    image: nginx\n");
    }

    @Test
    void aDatabaseThatTheOfficialToolWouldNotFillIsSaidBeforeAnythingIsRemoved() throws IOException {
        variables("{POSTGRES_DB: shop}");

        assertThat(allowed().run().left().blockers())
                .singleElement()
                .asString()
                .contains("pulls into the database db as postgres, and database_default has shop of postgres");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aNameThatCannotBeUsedIsSaidBeforeAnythingIsRemoved() throws IOException {
        variables("{POSTGRES_USER: \"me; you\"}");

        assertThatThrownBy(() -> allowed().run())
                .hasMessageContaining("The variable POSTGRES_USER of database_default is \"me; you\"");
        assertThat(changes()).isEmpty();
    }

    @Test
    void otherDatabasesThatGoWithTheVolumesAreTold() throws IOException {
        Files.writeString(
                project.resolve("docker-compose.yml"), COMPOSE + "  database_reports:\n    image: postgres:13\n");
        LocalSpec both = spec().allServices().allowVolumeRemoval().build();

        assertThat(builder(both).build().plan().notices())
                .extracting(Notice::kind)
                .containsExactly(Notice.Kind.NOT_PULLED);
    }

    @Test
    void inAFreshCopyNothingHasToBeRemoved() throws IOException {
        Stream.of("container", "running", "tables", "volumes", "web").forEach(this::forget);

        LocalPlan plan = builder(spec().build()).build().plan();

        assertThat(plan.steps())
                .extracting(LocalStep::kind)
                .containsExactly(
                        LocalStep.Kind.UPDATE_COMPOSE_FILE, LocalStep.Kind.PULL_DATABASE, LocalStep.Kind.COMPOSE_UP);
    }

    private void forget(String name) {
        try {
            stubs.remove(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whereTheFileWasChangedByHandTheRestIsDone() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE.replace("13.5", "15"));

        assertThat(allowed().plan().steps())
                .extracting(LocalStep::kind)
                .containsExactly(LocalStep.Kind.COMPOSE_DOWN, LocalStep.Kind.PULL_DATABASE, LocalStep.Kind.COMPOSE_UP);
    }

    @Test
    void aProjectThatWasOnlyTakenDownIsStartedAndKeepsItsDatabase() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE.replace("13.5", "15"));
        Stream.of("container", "running", "web").forEach(this::forget);

        LocalReport report = allowed().run();

        assertThat(report.succeeded()).isTrue();
        assertThat(changes()).containsExactly("docker [compose] [up] [-d]");
    }

    @Test
    void filesThatTheNewServerRefusesAreNotRemovedWithoutLeave() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE.replace("13.5", "15"));
        Stream.of("container", "running", "web").forEach(this::forget);
        stubs.put("incompatible", "");

        LocalReport report = builder(spec().build()).build().run();

        assertThat(report.left().blockers())
                .singleElement()
                .asString()
                .contains("would remove all containers and the volumes shop_pgdata");
        assertThat(changes()).containsExactly("docker [compose] [up] [-d]");

        assertThat(allowed().run().done())
                .extracting(LocalStep::kind)
                .containsExactly(LocalStep.Kind.COMPOSE_DOWN, LocalStep.Kind.PULL_DATABASE, LocalStep.Kind.COMPOSE_UP);
    }

    @Test
    void aServerThatDoesNotAnswerIsNoReasonToReplaceItsDatabase() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE.replace("13.5", "15"));
        stubs.put("container", "postgres:15-bookworm");
        stubs.put(
                "fail",
                "compose exec -T database_default psql --username=postgres --dbname=postgres --no-psqlrc --quiet"
                        + " --tuples-only --no-align --set=ON_ERROR_STOP=1 --command=SELECT count(*) FROM pg_database"
                        + " WHERE datallowconn AND datname = 'db'");

        assertThatThrownBy(() -> allowed().plan()).hasMessageContaining("it went wrong");
    }

    @Test
    void aCommandThatFailsIsToldWithWhatItSaidAndTheNextRunGoesOn() throws IOException {
        stubs.put("fail", "compose down -v");

        assertThatThrownBy(() -> allowed().run())
                .isInstanceOf(LocalUpgradeException.class)
                .hasMessage("\"docker compose down -v\" failed with exit code 7: it went wrong");
        stubs.remove("fail");

        assertThat(allowed().run().done()).extracting(LocalStep::kind).startsWith(LocalStep.Kind.COMPOSE_DOWN);
    }

    @Test
    void aPullThatBrokeOffIsBegunAgain() throws IOException {
        stubs.put("broken", "");
        assertThatThrownBy(() -> allowed().run()).hasMessageContaining("no such environment");
        // It may have restored a part.
        stubs.put("container", "postgres:15-bookworm");
        stubs.put("running", "");
        stubs.put("tables", "");
        stubs.remove("broken");

        LocalReport report = allowed().run();

        assertThat(report.done()).extracting(LocalStep::kind).contains(LocalStep.Kind.PULL_DATABASE);
        assertThat(report.succeeded()).isTrue();
    }

    @Test
    void aMissingDockerIsSaid() throws IOException {
        stubs.remove("docker");

        assertThatThrownBy(() -> allowed().plan())
                .isInstanceOf(LocalUpgradeException.class)
                .hasMessageContaining("There is no program \"docker\" on the PATH");
    }

    @Test
    void aMissingOfficialToolIsSaidBeforeAnythingIsRemoved() throws IOException {
        stubs.remove("divio");

        LocalReport report = allowed().run();

        assertThat(report.left().blockers()).singleElement().asString().contains("no program \"divio\"");
        assertThat(changes()).isEmpty();
        assertThat(compose()).isEqualTo(COMPOSE);
    }

    @Test
    void aServiceThatTheOfficialToolDoesNotFindIsSaidBeforeAnythingIsRemoved() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE.replace("database_default", "pg"));

        assertThat(allowed().plan().blockers()).anyMatch(b -> b.contains("looks for a service database_default or db"));
    }

    @Test
    void theDatabaseOfAnotherPrefixIsNotReplaced() throws IOException {
        LocalUpgrade reports = builder(
                        spec().prefix("REPORTS").allowVolumeRemoval().build())
                .dumpSource((environment, prefix, file) -> true)
                .build();

        assertThatThrownBy(reports::run)
                .hasMessage(
                        "None of the services database_default is called database_reports or db, so which of them is "
                                + "REPORTS is not known. Choose one.");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aVariableOfTheShellThatIsStrongerThanTheFilesIsSaid() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE.replace("13.5", "15"));
        stubs.put("config", "name: shop\nservices:\n  database_default:\n    image: postgres:13-bookworm\n");

        assertThat(allowed().plan().blockers()).singleElement().asString().contains("a variable of the shell");
    }

    @Test
    void whatCannotBeDecidedBlocks() throws IOException {
        Files.writeString(project.resolve("docker-compose.yml"), COMPOSE.replace("13.5-bookworm", "13.5-stretch"));

        LocalReport report = allowed().run();

        assertThat(report.left().blockers()).singleElement().asString().contains("line 5", "13.5-stretch stays");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aProgramThatDoesNotEndIsStoppedWithItsChildren() throws Exception {
        stubs.put("slow", "");
        LocalUpgrade upgrade = builder(spec().allowVolumeRemoval().build())
                .deadline(Duration.ofSeconds(2))
                .build();

        assertThatThrownBy(upgrade::run)
                .hasMessage("\"divio app pull db live DEFAULT\" did not end within 2 seconds and was stopped. "
                        + "Look what it waits for, or allow more time.");

        assertThat(childEnds()).isTrue();
    }

    private boolean childEnds() throws Exception {
        return ProcessHandle.of(Long.parseLong(stubs.get("child").strip()))
                .map(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join())
                .map(process -> !process.isAlive())
                .orElse(true);
    }

    @Test
    void anInterruptStopsTheProgram() throws Exception {
        stubs.put("slow", "");
        CountDownLatch waits = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        LocalUpgrade upgrade = builder(spec().allowVolumeRemoval().build())
                .listener(new LocalListener() {
                    @Override
                    public void output(String line) {
                        if (line.equals("waiting")) {
                            waits.countDown();
                        }
                    }
                })
                .build();
        Thread thread = new Thread(() -> {
            try {
                upgrade.run();
            } catch (LocalUpgradeException e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("the flag was lost", e));
            }
        });
        thread.start();
        waits.await();
        while (!stubs.has("child")) {
            // Another process writes it: nothing but looking tells.
            Thread.sleep(5);
        }

        thread.interrupt();
        thread.join();

        assertThat(thrown.get()).hasMessageContaining("was stopped, because its caller was interrupted");
        assertThat(childEnds()).isTrue();
    }

    private LocalUpgrade withDumps(DumpSource source) throws IOException {
        stubs.remove("divio");
        return builder(spec().allowVolumeRemoval().build()).dumpSource(source).build();
    }

    @Test
    void withoutTheOfficialToolTheDumpIsThereAndCheckedBeforeAnythingIsRemoved() throws IOException {
        LocalReport report = withDumps((environment, prefix, file) -> {
                    Files.writeString(file, environment + prefix);
                    return true;
                })
                .run();

        assertThat(report.succeeded()).isTrue();
        assertThat(started)
                .containsExactly(
                        LocalStep.Kind.UPDATE_COMPOSE_FILE,
                        LocalStep.Kind.FETCH_DUMP,
                        LocalStep.Kind.COMPOSE_DOWN,
                        LocalStep.Kind.PULL_DATABASE,
                        LocalStep.Kind.COMPOSE_UP);
        assertThat(stubs.get("checked")).isEqualTo("liveDEFAULT");
        assertThat(stubs.get("restored")).isEqualTo("liveDEFAULT");
        assertThat(changes())
                .containsExactly(
                        "docker [compose] [run] [--rm] [--no-deps] [-T] [--entrypoint] [pg_restore] [database_default]"
                                + " [--file=/dev/null]",
                        "docker [compose] [down] [-v]",
                        "docker [compose] [up] [-d] [database_default]",
                        exec("[dropdb] [--username=postgres] [--if-exists] [divio4j_new]"),
                        exec("[createdb] [--username=postgres] [divio4j_new]"),
                        exec("[pg_restore] [--list]"),
                        exec("[pg_restore] [--username=postgres] [--dbname=divio4j_new] [--schema=public] [--no-owner]"
                                + " [--no-privileges] [--exit-on-error]"),
                        exec("[dropdb] [--username=postgres] [--if-exists] [divio4j_old]"),
                        "docker [compose] [up] [-d]");
        assertThat(project.resolve(".divio")).isEmptyDirectory();
    }

    @Test
    void theDatabaseAndTheUserAreThoseThatDockerComposeFinds() throws IOException {
        // The file says nothing of them: they may come from an env_file or a variable.
        variables("{POSTGRES_DB: shop, POSTGRES_USER: me}");

        withDumps((environment, prefix, file) -> {
                    Files.writeString(file, "dump");
                    return true;
                })
                .run();

        assertThat(changes()).contains(exec("[createdb] [--username=me] [divio4j_new]"));
    }

    private static String exec(String rest) {
        return "docker [compose] [exec] [-T] [database_default] " + rest;
    }

    @Test
    void aDumpThatCannotBeReadThroughLeavesEverythingAsItIs() throws IOException {
        stubs.put("fail", "compose run --rm --no-deps -T --entrypoint pg_restore database_default --file=/dev/null");
        LocalUpgrade upgrade = withDumps((environment, prefix, file) -> {
            Files.writeString(file, "half a dump");
            return true;
        });

        assertThatThrownBy(upgrade::run)
                .hasMessageContaining("cannot be restored, and the local database is as it was")
                .hasMessageContaining("it went wrong");

        assertThat(stubs.has("volumes")).isTrue();
        assertThat(stubs.has("tables")).isTrue();
        assertThat(project.resolve(".divio")).isEmptyDirectory();
    }

    @Test
    void anEmptyRemoteDatabaseLeavesTheLocalOneAsItIs() throws IOException {
        LocalReport report = withDumps((environment, prefix, file) -> false).run();

        assertThat(report.succeeded()).isFalse();
        assertThat(report.left().blockers())
                .singleElement()
                .asString()
                .contains("The database DEFAULT of live is empty", "were left as they are");
        assertThat(stubs.has("volumes")).isTrue();
        assertThat(stubs.has("tables")).isTrue();
        assertThat(changes()).isEmpty();
    }

    @Test
    void aDumpThatCannotBeFetchedLeavesEverythingAsItIs() throws IOException {
        LocalUpgrade upgrade = withDumps((environment, prefix, file) -> {
            throw new IOException("the line is dead");
        });

        assertThatThrownBy(upgrade::run).hasMessageContaining("the local database is as it was: the line is dead");

        assertThat(stubs.has("tables")).isTrue();
    }

    @Test
    void filesWithOtherNamesAreNamedToDockerCompose() throws IOException {
        Path file = Files.move(project.resolve("docker-compose.yml"), project.resolve("dev.yml"));
        Files.createLink(project.resolve("docker-compose.yml"), file);

        LocalPlan plan = LocalUpgrade.builder(spec().allowVolumeRemoval().build(), file)
                .environment(stubs.environment())
                .dumpSource((environment, prefix, dump) -> true)
                .build()
                .plan();

        assertThat(plan.steps().get(2).commands())
                .containsExactly(List.of("docker", "compose", "-f", file.toString(), "down", "-v"));
    }

    @Test
    void aNameThatLooksLikeAnOptionIsNone() {
        assertThatThrownBy(() -> LocalSpec.to("15").environment("--remote-id=1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void programsGetTheseVariablesAndNoOthers() throws IOException {
        Map<String, String> variables = stubs.environment();
        variables.put("DIVIO_TEST", "x");
        Files.writeString(project.resolve("stub/divio"), "#!/bin/sh\nenv > stub/variables\n");

        builder(spec().allowVolumeRemoval().build())
                .environment(variables)
                .build()
                .run();

        assertThat(stubs.get("variables").lines())
                .anyMatch("DIVIO_TEST=x"::equals)
                .noneMatch(line -> line.startsWith("HOME="));
    }
}
