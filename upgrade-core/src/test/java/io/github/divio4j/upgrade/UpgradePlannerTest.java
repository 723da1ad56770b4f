package io.github.divio4j.upgrade;

import static io.github.divio4j.upgrade.Driving.complete;
import static io.github.divio4j.upgrade.Driving.executeOnce;
import static io.github.divio4j.upgrade.Driving.executeToTheEnd;
import static io.github.divio4j.upgrade.Driving.plan;
import static io.github.divio4j.upgrade.Driving.runThrough;
import static io.github.divio4j.upgrade.Driving.runToTheEnd;
import static io.github.divio4j.upgrade.Driving.runUpTo;
import static io.github.divio4j.upgrade.InstanceStatus.ATTACHED;
import static io.github.divio4j.upgrade.InstanceStatus.DETACHED;
import static io.github.divio4j.upgrade.InstanceStatus.PENDING_ATTACHMENT;
import static io.github.divio4j.upgrade.InstanceStatus.PENDING_DETACHMENT;
import static io.github.divio4j.upgrade.InstanceStatus.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.Blocker.Reason;
import io.github.divio4j.upgrade.EnvironmentPlan.Blocked;
import io.github.divio4j.upgrade.EnvironmentPlan.LeftAlone;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentPlan.UpToDate;
import io.github.divio4j.upgrade.UpgradePlanner.TargetAfterRollback;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.testing.SimulatedWorld;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is planned, and what is not planned and why. */
class UpgradePlannerTest {

    private static final UpgradeSpec TO_15 = UpgradeSpec.to("15").build();

    private final SimulatedWorld world = SimulatedWorld.create("shop", "9.6", "13", "15", "17");
    private final EnvironmentRef test = world.addEnvironment("test");

    private void source() {
        world.addPostgres(test, "13", "DEFAULT", ATTACHED);
    }

    private EnvironmentPlan planOf(EnvironmentRef environment, UpgradeSpec spec) {
        return plan(world, spec).environment(environment).orElseThrow();
    }

    private List<Blocker> blockers(UpgradeSpec spec) {
        return plan(world, spec).blockers();
    }

    private List<String> described(UpgradeSpec spec) {
        return plan(world, spec).steps().stream().map(Step::describe).toList();
    }

    // Blockers

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LEFT_SAVED_PLAN", "WRITES_REFUSED"})
    void everyBlockerNamesWhatItIsAboutAndHasARemedy(Reason reason) {
        Scene scene = sceneOf(reason);
        boolean back = EnumSet.of(Reason.SOURCE_GONE, Reason.PROVISIONING_RUNNING, Reason.RESTORE_RUNNING)
                .contains(reason);
        List<Blocker> blockers = back
                ? Driving.planRollback(world, scene.spec, TargetAfterRollback.DELETE)
                        .blockers()
                : blockers(scene.spec);

        assertThat(blockers).singleElement().satisfies(blocker -> {
            assertThat(blocker.reason()).isEqualTo(reason);
            assertThat(blocker.environment()).isEqualTo(test);
            assertThat(blocker.message()).contains(scene.names).endsWith(".");
            assertThat(blocker.remedy()).isNotBlank().endsWith(".");
            assertThat(blocker.toString())
                    .startsWith("shop/test: ")
                    .contains(blocker.message())
                    .endsWith(blocker.remedy());
        });
    }

    private record Scene(UpgradeSpec spec, String... names) {}

    private Scene sceneOf(Reason reason) {
        switch (reason) {
            case NO_POSTGRES -> {
                world.addInstance(test, "Object Storage", "STORAGE", "DEFAULT", ATTACHED);
                return new Scene(TO_15, "Object Storage (DEFAULT)");
            }
            case NO_SOURCE -> {
                source();
                return new Scene(
                        UpgradeSpec.to("15").sourcePrefix("MAIN").build(), "MAIN", "PostgreSQL Database 13 (DEFAULT)");
            }
            case SEVERAL_SOURCES -> {
                source();
                world.addPostgres(test, "9.6", "MAIN", ATTACHED);
                return new Scene(TO_15, "PostgreSQL Database 13 (DEFAULT)", "PostgreSQL Database 9.6 (MAIN)");
            }
            case UNKNOWN_VERSION -> {
                source();
                world.addInstance(test, "PostgreSQL Shared", Observation.DATABASE, "MAIN", ATTACHED);
                return new Scene(TO_15, "MAIN", "PostgreSQL Shared");
            }
            case DOWNGRADE -> {
                world.addPostgres(test, "17", "DEFAULT", ATTACHED);
                return new Scene(TO_15, "PostgreSQL Database 17 (DEFAULT)", "PostgreSQL 15");
            }
            case TARGET_NOT_OFFERED -> {
                source();
                return new Scene(UpgradeSpec.to("18").build(), "PostgreSQL 18", "PostgreSQL Database 17");
            }
            case SEVERAL_TARGET_SERVICES -> {
                source();
                String other = world.addService("PostgreSQL Database 15 HA");
                return new Scene(TO_15, "PostgreSQL Database 15 HA", other);
            }
            case PREFIX_TAKEN -> {
                source();
                world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "NEW", ATTACHED);
                return new Scene(TO_15, "NEW", "MySQL Database 8");
            }
            case ORIGINAL_PREFIX_UNKNOWN -> {
                world.addPostgres(test, "13", "OLD", ATTACHED);
                return new Scene(TO_15, "PostgreSQL Database 13 (OLD)");
            }
            case SOURCE_NOT_ATTACHED -> {
                world.addPostgres(test, "13", "DEFAULT", PENDING_ATTACHMENT);
                return new Scene(TO_15, "PostgreSQL Database 13 (DEFAULT)", "PENDING_ATTACHMENT");
            }
            case TARGET_VISIBLE -> {
                source();
                world.addPostgres(test, "15", "NEW", ATTACHED);
                return new Scene(TO_15, "PostgreSQL Database 15 (NEW)", "ATTACHED");
            }
            case TARGET_NOT_OURS -> {
                source();
                world.addPostgres(test, "15", "NEW", DETACHED);
                return new Scene(TO_15, "PostgreSQL Database 15 (NEW)");
            }
            case RESTORE_NOT_PROVEN -> {
                world.addPostgres(test, "13", "OLD", ATTACHED);
                world.addPostgres(test, "15", "DEFAULT", PENDING_ATTACHMENT);
                return new Scene(TO_15, "PostgreSQL Database 15 (DEFAULT)", "PostgreSQL Database 13 (OLD)");
            }
            case BACKUP_TOO_OLD -> {
                source();
                runUpTo(world, TO_15, Step.Kind.DEPLOY);
                world.sleep(Duration.ofHours(2));
                return new Scene(TO_15, "PostgreSQL Database 15 (DEFAULT)", "2026-01-01T00:01:00Z", "PT1H");
            }
            case WRITES_MAY_BE_MISSING -> {
                source();
                runUpTo(world, TO_15, Step.Kind.DEPLOY);
                world.sleep(Duration.ofHours(8));
                world.deploy(test);
                world.sleep(Duration.ofMinutes(1));
                return new Scene(TO_15, "PostgreSQL Database 15 (DEFAULT)", "PostgreSQL Database 13 (OLD)", "PT1H");
            }
            case TARGET_NOT_DEPLOYED -> {
                world.addPostgres(test, "15", "DEFAULT", PENDING_ATTACHMENT);
                return new Scene(TO_15, "PostgreSQL Database 15 (DEFAULT)", "PENDING_ATTACHMENT");
            }
            case CALL_NOT_SUPPORTED -> {
                source();
                world.refuse(Step.Kind.RESTORE, "the field service_instance is not known.");
                return new Scene(TO_15, "restore the backup into PostgreSQL Database 15 (NEW)", "service_instance");
            }
            case SOURCE_GONE -> {
                source();
                runToTheEnd(world, TO_15);
                return new Scene(TO_15, "PostgreSQL Database 15 (DEFAULT)");
            }
            case PROVISIONING_RUNNING -> {
                source();
                executeOnce(world, runUpTo(world, TO_15, Step.Kind.PROVISION));
                return new Scene(TO_15, "PostgreSQL Database 15 (NEW)");
            }
            case RESTORE_RUNNING -> {
                source();
                executeOnce(world, runUpTo(world, TO_15, Step.Kind.RESTORE));
                return new Scene(TO_15, "PostgreSQL Database 15 (NEW)");
            }
            case BACKUP_RUNNING -> {
                String source = world.addPostgres(test, "13", "DEFAULT", ATTACHED);
                executeOnce(world, runUpTo(world, TO_15, Step.Kind.BACK_UP));
                world.rename(source, "MAIN");
                return new Scene(TO_15, "backup", "another prefix");
            }
            case DEPLOYMENT_RUNNING -> {
                source();
                world.deploy(test);
                return new Scene(TO_15, "deployment");
            }
            case NOT_FENCED -> {
                source();
                runUpTo(world, TO_15, Step.Kind.DEPLOY);
                return new Scene(
                        UpgradeSpec.to("15")
                                .writes(UpgradeSpec.WritesPolicy.FENCE_REQUIRED)
                                .build(),
                        "PostgreSQL Database 13 (OLD)");
            }
            case NOT_VERIFIED -> {
                source();
                UpgradeSpec.Builder fenced = UpgradeSpec.to("15").writes(UpgradeSpec.WritesPolicy.FENCE_IF_POSSIBLE);
                runUpTo(world, TO_15, Step.Kind.DEPLOY);
                return new Scene(
                        fenced.verification(UpgradeSpec.Verification.COUNTS).build(),
                        "PostgreSQL Database 15 (DEFAULT)",
                        "PostgreSQL Database 13 (OLD)");
            }
            case PREFLIGHT_FAILED -> {
                source();
                world.obstruct(test, "table public.orders in PostgreSQL Database 13 (DEFAULT) has OIDs.", "Drop them.");
                UpgradeSpec spec = UpgradeSpec.to("15").preflight().build();
                runThrough(world, spec, "preflight");
                return new Scene(spec, "public.orders", "PostgreSQL Database 13 (DEFAULT)");
            }
            case UNKNOWN_STATUS -> {
                world.addPostgres(test, "13", "DEFAULT", UNKNOWN);
                return new Scene(TO_15, "PostgreSQL Database 13 (DEFAULT)", "UNKNOWN");
            }
        }
        throw new AssertionError("no scene for " + reason);
    }

    @Test
    void onlyWhatRunsPassesByItself() {
        assertThat(Reason.values())
                .filteredOn(Reason::passesByItself)
                .containsExactly(
                        Reason.PROVISIONING_RUNNING,
                        Reason.RESTORE_RUNNING,
                        Reason.BACKUP_RUNNING,
                        Reason.DEPLOYMENT_RUNNING,
                        Reason.WRITES_REFUSED);
    }

    @Test
    void everythingThatStandsInTheWayIsReportedAtOnce() {
        world.addPostgres(test, "13", "DEFAULT", PENDING_ATTACHMENT);
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "NEW", ATTACHED);
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "OLD", ATTACHED);
        world.deploy(test);

        assertThat(blockers(TO_15))
                .extracting(Blocker::reason)
                .containsExactlyInAnyOrder(
                        Reason.PREFIX_TAKEN,
                        Reason.PREFIX_TAKEN,
                        Reason.SOURCE_NOT_ATTACHED,
                        Reason.DEPLOYMENT_RUNNING);
    }

    @Test
    void anUnknownTargetAndSeveralSourcesAreReportedAtOnce() {
        source();
        world.addPostgres(test, "9.6", "MAIN", ATTACHED);

        assertThat(blockers(UpgradeSpec.to("18").build()))
                .extracting(Blocker::reason)
                .containsExactlyInAnyOrder(Reason.TARGET_NOT_OFFERED, Reason.SEVERAL_SOURCES);
    }

    @Test
    void aBlockedEnvironmentHidesNoOther() {
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "DEFAULT", ATTACHED);

        assertThat(planOf(test, TO_15)).isInstanceOf(Blocked.class);
        assertThat(planOf(live, TO_15)).isInstanceOf(Ready.class);
        assertThat(plan(world, TO_15).isUpToDate()).isFalse();
    }

    @Test
    void aTargetOfUnknownStatusBlocks() {
        source();
        world.addPostgres(test, "15", "NEW", UNKNOWN);

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.UNKNOWN_STATUS);
    }

    @Test
    void aTakenRetiredPrefixBlocksBeforeAnythingIsDone() {
        source();
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "OLD", ATTACHED);

        assertThat(blockers(TO_15)).singleElement().satisfies(b -> {
            assertThat(b.reason()).isEqualTo(Reason.PREFIX_TAKEN);
            assertThat(b.remedy()).contains("retiredPrefix");
        });
    }

    @Test
    void anOlderPostgresUnderTheStagingPrefixBlocks() {
        world.addPostgres(test, "13", "NEW", ATTACHED);

        assertThat(blockers(TO_15)).singleElement().satisfies(b -> {
            assertThat(b.reason()).isEqualTo(Reason.PREFIX_TAKEN);
            assertThat(b.remedy()).contains("stagingPrefix");
        });
    }

    @Test
    void anInstanceThatTookTheOriginalPrefixInTheCutoverBlocks() {
        source();
        runThrough(world, TO_15, "rename-source");
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "DEFAULT", PENDING_ATTACHMENT);

        assertThat(blockers(TO_15)).singleElement().satisfies(b -> {
            assertThat(b.reason()).isEqualTo(Reason.PREFIX_TAKEN);
            assertThat(b.message()).contains("DEFAULT", "MySQL Database 8");
            assertThat(b.remedy()).isEqualTo("Rename that instance.");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW", "DETACHED", "PENDING_ATTACHMENT", "ATTACHED"})
    void whatTakesAPrefixMayBeDeletedIfTheApplicationDoesNotUseIt(InstanceStatus status) {
        source();
        world.addInstance(test, "MySQL Database 8", Observation.DATABASE, "OLD", status);

        String remedy = blockers(TO_15).get(0).remedy();

        boolean unused = status == InstanceStatus.NEW || status == DETACHED;
        assertThat(remedy).startsWith(unused ? "Rename or delete that instance" : "Rename that instance");
    }

    @Test
    void storageUnderOurPrefixesTakesNothing() {
        source();
        world.addInstance(test, "Object Storage", "STORAGE", "NEW", ATTACHED);
        world.addInstance(test, "Object Storage", "STORAGE", "OLD", ATTACHED);

        runToTheEnd(world, TO_15);

        assertThat(world.instances(test))
                .containsExactly(
                        "Object Storage (NEW) ATTACHED",
                        "Object Storage (OLD) ATTACHED",
                        "PostgreSQL Database 15 (DEFAULT) ATTACHED");
    }

    @Test
    void anEnvironmentThatIsObservedTwiceIsRefused() {
        source();
        Observation seen = world.observe(test);

        assertThatThrownBy(() -> UpgradePlanner.plan(List.of(seen, seen), TO_15))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shop/test is observed twice");
    }

    @Test
    void withoutEnvironmentsThereIsNothingToDo() {
        assertThat(UpgradePlanner.plan(List.of(), TO_15).isUpToDate()).isTrue();
    }

    // Source and target

    @Test
    void theSourcePrefixChoosesAmongSeveralSources() {
        source();
        world.addPostgres(test, "9.6", "MAIN", ATTACHED);

        UpgradeSpec spec = UpgradeSpec.to("15").sourcePrefix("MAIN").build();
        runToTheEnd(world, spec);

        assertThat(world.instances(test))
                .containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED", "PostgreSQL Database 15 (MAIN) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void theSourcePrefixMakesAnUnreadableServiceElsewhereIrrelevant() {
        source();
        world.addInstance(test, "PostgreSQL Shared", Observation.DATABASE, "MAIN", ATTACHED);

        assertThat(planOf(test, UpgradeSpec.to("15").sourcePrefix("DEFAULT").build()))
                .isInstanceOf(Ready.class);
    }

    @Test
    void theSourcesIdMakesAnUnreadableServiceElsewhereIrrelevant() {
        String source = world.addPostgres(test, "13", "DEFAULT", ATTACHED);
        world.addInstance(test, "PostgreSQL Shared", Observation.DATABASE, "MAIN", ATTACHED);

        assertThat(planOf(test, UpgradeSpec.to("15").sourceInstance(source).build()))
                .isInstanceOf(Ready.class);
    }

    @Test
    void anUnreadableServiceIsInTheWayIfItIsTheNamedSourceOrUnderTheStagingPrefix() {
        String source = world.addPostgres(test, "13", "DEFAULT", ATTACHED);
        String unreadable = world.addInstance(test, "PostgreSQL Shared", Observation.DATABASE, "MAIN", ATTACHED);

        assertThat(blockers(UpgradeSpec.to("15").sourceInstance(unreadable).build()))
                .extracting(Blocker::reason)
                .contains(Reason.UNKNOWN_VERSION);
        world.rename(unreadable, "NEW");
        assertThat(blockers(UpgradeSpec.to("15").sourceInstance(source).build()))
                .extracting(Blocker::reason)
                .contains(Reason.UNKNOWN_VERSION);
    }

    @Test
    void anOnlyDatabaseWhoseVersionCannotBeToldIsNotSaidToBeMissing() {
        world.addInstance(test, "PostgreSQL Shared", Observation.DATABASE, "DEFAULT", ATTACHED);

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.UNKNOWN_VERSION);
    }

    @Test
    void aTargetWithoutASourceIsNoDowngrade() {
        world.addPostgres(test, "15", "NEW", PENDING_ATTACHMENT);

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.NO_SOURCE);
    }

    @Test
    void eachEnvironmentIsPlannedByTheCatalogueOfItsOwnRegion() {
        source();
        SimulatedWorld elsewhere = SimulatedWorld.create("blog", "13", "17");
        EnvironmentRef live = elsewhere.addEnvironment("live");
        elsewhere.addPostgres(live, "13", "DEFAULT", ATTACHED);

        UpgradePlan plan = UpgradePlanner.plan(List.of(world.observe(test), elsewhere.observe(live)), TO_15);

        assertThat(plan.environment(test)).containsInstanceOf(Ready.class);
        assertThat(plan.blockers()).singleElement().satisfies(b -> {
            assertThat(b.environment()).isEqualTo(live);
            assertThat(b.reason()).isEqualTo(Reason.TARGET_NOT_OFFERED);
        });
    }

    @Test
    void theTargetServiceChoosesAmongSeveralOfTheVersion() {
        source();
        String highlyAvailable = world.addService("PostgreSQL Database 15 HA");

        assertThat(described(UpgradeSpec.to("15").targetService(highlyAvailable).build()))
                .startsWith("add PostgreSQL Database 15 HA (NEW)");
    }

    @Test
    void aTargetServiceWithoutAVersionInItsNameIsTakenAtItsWord() {
        source();
        String next = world.addService("PostgreSQL Next");

        UpgradeSpec spec = UpgradeSpec.to("15").targetService(next).build();
        runToTheEnd(world, spec);

        assertThat(world.instances(test)).containsExactly("PostgreSQL Next (DEFAULT) ATTACHED");
        assertThat(plan(world, spec).isUpToDate()).isTrue();
    }

    @Test
    void aTargetServiceOfAnotherVersionIsRefused() {
        source();
        String other = world.addService("PostgreSQL Database 16");

        assertThat(blockers(UpgradeSpec.to("15").targetService(other).build()))
                .singleElement()
                .satisfies(b -> {
                    assertThat(b.reason()).isEqualTo(Reason.TARGET_NOT_OFFERED);
                    assertThat(b.message()).contains("PostgreSQL Database 16", "PostgreSQL 15");
                });
    }

    @Test
    void aTargetServiceThatIsNotOfferedIsRefused() {
        source();

        assertThat(blockers(UpgradeSpec.to("15").targetService("service-404").build()))
                .singleElement()
                .satisfies(b -> assertThat(b.message()).contains("service-404"));
    }

    @Test
    void anEnvironmentOnTheWishedVersionIsUpToDate() {
        world.addPostgres(test, "15", "DEFAULT", ATTACHED);

        assertThat(planOf(test, TO_15))
                .isInstanceOfSatisfying(
                        UpToDate.class, plan -> assertThat(plan.reason()).contains("PostgreSQL Database 15 (DEFAULT)"));
    }

    @Test
    void anEnvironmentThatIsInNoWaveIsLeftAlone() {
        source();

        assertThat(planOf(test, UpgradeSpec.to("15").wave("live").build())).isEqualTo(new LeftAlone(test));
    }

    @Test
    void theTargetIsAddedInTheRegionOfTheSource() {
        source();
        String region = world.observe(test).instances().get(0).regionId();

        assertThat(plan(world, TO_15).steps().get(0))
                .isInstanceOfSatisfying(
                        Step.AddService.class, s -> assertThat(s.regionId()).isEqualTo(region));
    }

    @Test
    void otherStagingAndRetiredPrefixesAreUsedThroughout() {
        source();
        UpgradeSpec spec = UpgradeSpec.to("15")
                .stagingPrefix("PG15")
                .retiredPrefix("PG13")
                .oldInstance(OldInstance.KEEP)
                .build();

        assertThat(described(spec))
                .contains(
                        "add PostgreSQL Database 15 (PG15)",
                        "rename PostgreSQL Database 13 (DEFAULT) to PG13",
                        "detach PostgreSQL Database 13 (PG13)",
                        "rename PostgreSQL Database 15 (PG15) to DEFAULT");
        runToTheEnd(world, spec);
        assertThat(world.instances(test))
                .containsExactly("PostgreSQL Database 13 (PG13) DETACHED", "PostgreSQL Database 15 (DEFAULT) ATTACHED");
    }

    @Test
    void aSourceThatIsPendingDetachmentIsNotDetachedAgain() {
        world.addPostgres(test, "13", "DEFAULT", PENDING_DETACHMENT);

        assertThat(plan(world, TO_15).steps()).extracting(Step::kind).doesNotContain(Step.Kind.DETACH);
    }

    @Test
    void aSelectorChoosesAmongSeveralServicesOfTheVersion() {
        source();
        world.addService("PostgreSQL Database 15 HA");
        UpgradeSpec spec = UpgradeSpec.to("15")
                .targetSelector(service -> service.name().endsWith("HA"))
                .build();

        assertThat(described(spec)).contains("add PostgreSQL Database 15 HA (NEW)");
    }

    @Test
    void theSourceMayBeNamedByItsId() {
        source();
        String main = world.addPostgres(test, "9.6", "MAIN", ATTACHED);
        UpgradeSpec spec = UpgradeSpec.to("15").sourceInstance(main).build();

        assertThat(blockers(UpgradeSpec.to("15").sourceInstance("nobody").build()))
                .extracting(Blocker::reason)
                .containsExactly(Reason.NO_SOURCE);
        assertThat(described(spec)).contains("back up PostgreSQL Database 9.6 (MAIN)");
        runToTheEnd(world, spec);
        assertThat(world.instances(test))
                .containsExactly("PostgreSQL Database 13 (DEFAULT) ATTACHED", "PostgreSQL Database 15 (MAIN) ATTACHED");
    }

    @Test
    void theBackupIsDownloadedBeforeTheOldInstanceIsDeleted() {
        source();
        UpgradeSpec spec = UpgradeSpec.to("15").downloadBackup().build();

        assertThat(plan(world, spec).steps())
                .extracting(Step::kind)
                .endsWith(Step.Kind.DEPLOY, Step.Kind.DOWNLOAD_BACKUP, Step.Kind.DELETE_SERVICE);
        runUpTo(world, spec, Step.Kind.DELETE_SERVICE);
        assertThat(plan(world, spec).steps()).extracting(Step::kind).containsExactly(Step.Kind.DELETE_SERVICE);
        runToTheEnd(world, spec);
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void theOldInstanceIsDeletedWhenItsTimeIsOver() {
        source();
        UpgradeSpec spec =
                UpgradeSpec.to("15").deleteOldInstanceAfter(Duration.ofDays(7)).build();
        runToTheEnd(world, spec);

        assertThat(planOf(test, spec))
                .isInstanceOfSatisfying(
                        UpToDate.class,
                        plan -> assertThat(plan.reason()).contains("is kept, detached, until 2026-01-08T"));
        world.sleep(Duration.ofDays(7));
        assertThat(described(spec)).containsExactly("delete PostgreSQL Database 13 (OLD) (point of no return)");
    }

    // The middle of the cutover

    @Test
    void theOriginalPrefixIsToldByTheNoteOfTheBackupInTheMiddleOfTheCutover() {
        world.addPostgres(test, "13", "MAIN", ATTACHED);
        runThrough(world, TO_15, "detach");

        assertThat(described(TO_15))
                .containsExactly(
                        "rename PostgreSQL Database 15 (NEW) to MAIN",
                        "deploy, which moves the application to PostgreSQL Database 15 (MAIN)",
                        "delete PostgreSQL Database 13 (OLD) (point of no return)");
    }

    @Test
    void anotherDatabaseOfTheWishedVersionDoesNotConfuseTheCutover() {
        world.addPostgres(test, "13", "MAIN", ATTACHED);
        world.addPostgres(test, "15", "DEFAULT", ATTACHED);

        runToTheEnd(world, TO_15);

        assertThat(world.instances(test))
                .containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED", "PostgreSQL Database 15 (MAIN) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void anEnvironmentInItsCutoverGoesBeforeThePreparationOfOthers() {
        source();
        runThrough(world, TO_15, "rename-source");
        EnvironmentRef another = world.addEnvironment("another");
        world.addPostgres(another, "13", "DEFAULT", ATTACHED);

        UpgradePlan plan = plan(world, TO_15);

        assertThat(plan.steps().subList(0, 4))
                .allSatisfy(s -> assertThat(s.environment()).isEqualTo(test));
        assertThat(plan.steps().get(4).environment()).isEqualTo(another);
    }

    @Test
    void theCutoverOfLiveGoesBeforeTheMigrationOfTest() {
        EnvironmentRef live = world.addEnvironment("live");
        world.addPostgres(live, "13", "DEFAULT", ATTACHED);
        UpgradeSpec liveOnly = UpgradeSpec.to("15").wave("live").build();
        runThrough(world, liveOnly, "rename-source");
        source();

        assertThat(plan(world, TO_15).steps().get(0).environment()).isEqualTo(live);
    }

    @Test
    void somebodyElsesDeploymentBetweenTheRenamesIsWaitedForAndRecoveredFrom() {
        source();
        runThrough(world, TO_15, "rename-source");
        world.deploy(test);

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.DEPLOYMENT_RUNNING);
        world.sleep(Duration.ofMinutes(1));
        runToTheEnd(world, TO_15);

        assertThat(world.instances(test)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void somebodyElsesDeploymentBetweenDetachAndRenameIsRecoveredFromByADeployment() {
        source();
        runThrough(world, TO_15, "detach");
        world.deploy(test);
        world.sleep(Duration.ofMinutes(1));

        assertThat(plan(world, TO_15).steps())
                .extracting(Step::kind)
                .containsExactly(Step.Kind.RENAME_PREFIX, Step.Kind.DEPLOY, Step.Kind.DELETE_SERVICE);
        runToTheEnd(world, TO_15);
        assertThat(world.instances(test)).containsExactly("PostgreSQL Database 15 (DEFAULT) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void somebodyElsesDeploymentAfterBothRenamesIsAsGoodAsOurs() {
        source();
        runThrough(world, TO_15, "rename-target");
        world.deploy(test);

        assertThat(plan(world, TO_15).steps())
                .extracting(Step::kind)
                .containsExactly(Step.Kind.DEPLOY, Step.Kind.DELETE_SERVICE);
        world.sleep(Duration.ofMinutes(1));
        assertThat(plan(world, TO_15).steps()).extracting(Step::kind).containsExactly(Step.Kind.DELETE_SERVICE);
    }

    private void swapPrefixesByHand() {
        Observation seen = world.observe(test);
        world.rename(seen.databaseAt("DEFAULT").orElseThrow().id(), "OLD");
        world.rename(seen.databaseAt("NEW").orElseThrow().id(), "DEFAULT");
    }

    @Test
    void anApplicationThatWasDeployedAfterTheSwapRunsOnTheTargetEvenIfItStillSeesTheSource() {
        source();
        runThrough(world, TO_15, "restore");
        swapPrefixesByHand();
        world.deploy(test);
        world.sleep(Duration.ofHours(5));

        assertThat(described(TO_15))
                .containsExactly(
                        "detach PostgreSQL Database 13 (OLD)",
                        "deploy, which moves the application to PostgreSQL Database 15 (DEFAULT)",
                        "delete PostgreSQL Database 13 (OLD) (point of no return)");
    }

    @Test
    void anApplicationThatWasDeployedBeforeTheSwapRunsOnTheSource() {
        source();
        runThrough(world, TO_15, "restore");
        world.deploy(test);
        world.sleep(Duration.ofHours(5));
        swapPrefixesByHand();

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.BACKUP_TOO_OLD);
    }

    @Test
    void nothingIsDeletedWhileADeploymentRuns() {
        source();
        runUpTo(world, TO_15, Step.Kind.DELETE_SERVICE);
        world.deploy(test);

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.DEPLOYMENT_RUNNING);
    }

    @Test
    void anEnvironmentThatHasMovedStaysUpToDateWhileADeploymentRuns() {
        world.addPostgres(test, "13", "OLD", DETACHED);
        world.addPostgres(test, "15", "DEFAULT", ATTACHED);
        world.deploy(test);

        assertThat(planOf(
                        test, UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build()))
                .isInstanceOf(UpToDate.class);
    }

    @Test
    void aFailedDeploymentLeavesTheDeploymentMissing() {
        source();
        Step deploy = runUpTo(world, TO_15, Step.Kind.DEPLOY);
        world.failNext(Step.Kind.DEPLOY);
        executeToTheEnd(world, deploy);

        assertThat(plan(world, TO_15).steps())
                .extracting(Step::kind)
                .containsExactly(Step.Kind.DEPLOY, Step.Kind.DELETE_SERVICE);
    }

    // Backups

    @Test
    void aBackupThatGrewTooOldBeforeTheCutoverIsTakenAgain() {
        source();
        runThrough(world, TO_15, "restore");
        String stale = world.observe(test).backups().get(0).id();
        world.sleep(Duration.ofHours(2));

        List<Step> steps = plan(world, TO_15).steps();

        assertThat(steps).extracting(Step::kind).startsWith(Step.Kind.BACK_UP, Step.Kind.RESTORE);
        assertThat(((Step.BackUp) steps.get(0)).unusable()).containsExactly(stale);
        runToTheEnd(world, TO_15);
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void aBackupOfExactlyTheAllowedAgeIsFresh() {
        source();
        runThrough(world, TO_15, "restore");
        world.sleep(Duration.ofHours(1).minusMinutes(2));

        assertThat(plan(world, TO_15).steps().get(0).kind()).isEqualTo(Step.Kind.RENAME_PREFIX);
        world.sleep(Duration.ofNanos(1));
        assertThat(plan(world, TO_15).steps().get(0).kind()).isEqualTo(Step.Kind.BACK_UP);
    }

    @Test
    void aLargerMaximumAgeSavesACutoverWhoseBackupIsTooOld() {
        source();
        runUpTo(world, TO_15, Step.Kind.DEPLOY);
        world.sleep(Duration.ofHours(2));
        UpgradeSpec patient =
                UpgradeSpec.to("15").maximumBackupAge(Duration.ofHours(3)).build();

        runToTheEnd(world, patient);

        assertThat(plan(world, patient).isUpToDate()).isTrue();
    }

    @Test
    void theAgeOfTheBackupNoLongerMattersOnceTheApplicationHasMoved() {
        source();
        runUpTo(world, TO_15, Step.Kind.DELETE_SERVICE);
        world.sleep(Duration.ofDays(30));

        assertThat(plan(world, TO_15).steps()).extracting(Step::kind).containsExactly(Step.Kind.DELETE_SERVICE);
    }

    @Test
    void aRestoreIsNotRepeatedForAnOlderBackupOfTheSameSource() {
        source();
        runThrough(world, TO_15, "restore");
        world.sleep(Duration.ofHours(2));
        runThrough(world, TO_15, "back-up");

        assertThat(plan(world, TO_15).steps().get(0).kind()).isEqualTo(Step.Kind.RESTORE);
        runThrough(world, TO_15, "restore");
        assertThat(plan(world, TO_15).steps().get(0).kind()).isEqualTo(Step.Kind.RENAME_PREFIX);
        assertThat(world.observe(test).restores()).hasSize(2);
    }

    @Test
    void aBackupOutlivesItsTarget() {
        source();
        runThrough(world, TO_15, "restore");
        world.removeInstance(world.observe(test).databaseAt("NEW").orElseThrow().id());

        assertThat(plan(world, TO_15).steps())
                .extracting(Step::kind)
                .startsWith(Step.Kind.ADD_SERVICE, Step.Kind.PROVISION, Step.Kind.RESTORE, Step.Kind.RENAME_PREFIX);
    }

    @Test
    void aRestoreOfThisUpgradeThatRunsIsGoneOnWith() {
        source();
        executeOnce(world, runUpTo(world, TO_15, Step.Kind.RESTORE));

        assertThat(plan(world, TO_15).steps().get(0).kind()).isEqualTo(Step.Kind.RESTORE);
    }

    @Test
    void aRestoreIntoAnotherTargetIsWaitedFor() {
        source();
        executeOnce(world, runUpTo(world, TO_15, Step.Kind.RESTORE));
        world.rename(world.observe(test).databaseAt("NEW").orElseThrow().id(), "KEPT");

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.RESTORE_RUNNING);
    }

    @Test
    void aRestoreOfABackupThatIsNotGoodAnyMoreIsWaitedFor() {
        source();
        executeOnce(world, runUpTo(world, TO_15, Step.Kind.RESTORE));
        world.expireBackups(test);

        assertThat(blockers(TO_15)).extracting(Blocker::reason).containsExactly(Reason.RESTORE_RUNNING);
    }

    // Deleting

    @Test
    void aDetachedOldDatabaseWithoutOurBackupIsNeverDeleted() {
        world.addPostgres(test, "13", "OLD", DETACHED);
        world.addPostgres(test, "15", "DEFAULT", ATTACHED);

        assertThat(planOf(test, TO_15))
                .isInstanceOfSatisfying(
                        UpToDate.class,
                        plan -> assertThat(plan.reason()).contains("PostgreSQL Database 13 (OLD)", "not deleted"));
    }

    @Test
    void anAttachedOldDatabaseIsNeverDeleted() {
        world.addPostgres(test, "13", "OLD", ATTACHED);
        world.addPostgres(test, "15", "DEFAULT", ATTACHED);

        assertThat(planOf(test, TO_15)).isInstanceOf(Blocked.class);
    }

    @Test
    void nothingIsDeletedWhileItIsNotKnownWhatTheApplicationWasDeployedWith() {
        source();
        Step delete = runUpTo(world, TO_15, Step.Kind.DELETE_SERVICE);
        Observation seen = world.observe(test);
        Observation unsure = new Observation(
                test,
                seen.observedAt(),
                seen.catalogue(),
                seen.instances(),
                seen.backups(),
                seen.restores(),
                seen.deployments(),
                null);

        assertThat(UpgradePlanner.plan(List.of(unsure), TO_15).environments())
                .singleElement()
                .isInstanceOfSatisfying(
                        UpToDate.class,
                        plan -> assertThat(plan.reason()).contains("not deleted, because it is not known"));
        assertThat(SafetyCheck.violation(delete, unsure)).isPresent();
        assertThat(SafetyCheck.violation(delete, seen)).isEmpty();
    }

    @Test
    void aKeptInstanceIsDeletedWhenTheWishChanges() {
        source();
        runToTheEnd(world, UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build());

        assertThat(described(TO_15)).containsExactly("delete PostgreSQL Database 13 (OLD) (point of no return)");
    }

    @Test
    void aKeptInstanceStandsInTheWayOfTheNextUpgradeAndSaysSo() {
        source();
        runToTheEnd(world, UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build());

        assertThat(blockers(UpgradeSpec.to("17").build())).singleElement().satisfies(b -> {
            assertThat(b.reason()).isEqualTo(Reason.PREFIX_TAKEN);
            assertThat(b.message()).contains("OLD", "PostgreSQL Database 13");
        });
    }

    @Test
    void anUpgradeCanBeFollowedByAnother() {
        source();
        runToTheEnd(world, TO_15);
        runToTheEnd(world, UpgradeSpec.to("17").build());

        assertThat(world.instances(test)).containsExactly("PostgreSQL Database 17 (DEFAULT) ATTACHED");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void whatThePlatformDoesNotSupportIsNoMatterOnceItIsDone() {
        source();
        runThrough(world, TO_15, "restore");
        world.refuse(Step.Kind.RESTORE, "the field service_instance is not known.");

        assertThat(blockers(TO_15)).isEmpty();
    }

    // The check before a step

    @Test
    void aStepIsCheckedOnlyAgainstItsOwnEnvironment() {
        source();
        EnvironmentRef live = world.addEnvironment("live");
        Step step = plan(world, TO_15).steps().get(0);

        assertThatThrownBy(() -> SafetyCheck.violation(step, world.observe(live)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("shop/test", "shop/live");
    }

    @Test
    void nothingIsRenamedWhileADeploymentRuns() {
        source();
        Step rename = runUpTo(world, TO_15, Step.Kind.RENAME_PREFIX);
        world.deploy(test);

        assertThat(SafetyCheck.violation(rename, world.observe(test))).contains("a deployment of shop/test runs");
    }

    @Test
    void nothingIsRestoredIntoWhatTheApplicationSees() {
        source();
        Step restore = runUpTo(world, TO_15, Step.Kind.RESTORE);
        world.deploy(test);
        world.sleep(Duration.ofMinutes(1));

        assertThat(SafetyCheck.violation(restore, world.observe(test)))
                .hasValueSatisfying(v -> assertThat(v).contains("PostgreSQL Database 15 (NEW)", "ATTACHED"));
    }

    @Test
    void theSourceIsNotDeletedBeforeTheApplicationHasMoved() {
        source();
        List<Step> steps = plan(world, TO_15).steps();
        Step delete = steps.get(steps.size() - 1);
        steps.subList(0, steps.size() - 2).forEach(s -> complete(world, s));

        assertThat(SafetyCheck.violation(delete, world.observe(test)))
                .hasValueSatisfying(v -> assertThat(v).contains("the application has not moved"));
        executeOnce(world, steps.get(steps.size() - 2));
        assertThat(SafetyCheck.violation(delete, world.observe(test))).isPresent();
    }
}
