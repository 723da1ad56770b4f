package io.github.divio4j.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.UpgradeSpec.Provisioning;
import io.github.divio4j.upgrade.UpgradeSpec.Restoring;
import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import io.github.divio4j.upgrade.UpgradeSpec.WritesPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradeSpecTest {

    @Test
    void theDefaultsAreThoseOfTheManual() {
        UpgradeSpec spec = UpgradeSpec.to("15").build();

        assertThat(spec.targetVersion()).isEqualTo(PostgresVersion.parse("15"));
        assertThat(spec.targetServiceId()).isNull();
        assertThat(spec.sourcePrefix()).isNull();
        assertThat(spec.stagingPrefix()).isEqualTo("NEW");
        assertThat(spec.retiredPrefix()).isEqualTo("OLD");
        assertThat(spec.writes()).isEqualTo(WritesPolicy.ACCEPT_LOSS);
        assertThat(spec.maximumBackupAge()).isEqualTo(Duration.ofHours(1));
        assertThat(spec.verification()).isEqualTo(Verification.NONE);
        assertThat(spec.analyze()).isFalse();
        assertThat(spec.provisioning()).isEqualTo(Provisioning.BY_CALL);
        assertThat(spec.restoring()).isEqualTo(Restoring.INTO_TARGET);
        assertThat(spec.deadline()).isEqualTo(Duration.ofHours(2));
        assertThat(spec.deadline(Step.Kind.RESTORE)).isEqualTo(Duration.ofHours(2));
        assertThat(spec.deadlines()).isEmpty();
        assertThat(spec.oldInstance()).isEqualTo(OldInstance.DELETE);
        assertThat(spec.retention()).isZero();
        assertThat(spec.downloadBackup()).isFalse();
        assertThat(spec.targetSelector()).isNull();
        assertThat(spec.sourceInstanceId()).isNull();
        assertThat(spec.waves()).isEmpty();
        assertThat(spec.waveFunction()).isNull();
    }

    @Test
    void inWordsItSaysWhatIsWished() {
        assertThat(UpgradeSpec.to(PostgresVersion.parse("15")).build().toString())
                .contains(
                        "to PostgreSQL 15",
                        "source automatic",
                        "not downloaded",
                        "old instance DELETE",
                        "waves default")
                .doesNotContain("after");
        assertThat(UpgradeSpec.to("15")
                        .sourcePrefix("MAIN")
                        .downloadBackup()
                        .deleteOldInstanceAfter(Duration.ofHours(5))
                        .wave("test")
                        .build()
                        .toString())
                .contains("source at MAIN", " downloaded", "DELETE after PT5H", "waves [[test]]")
                .doesNotContain("not downloaded");
        assertThat(UpgradeSpec.to("15")
                        .sourceInstance("4711")
                        .waves(e -> 0)
                        .build()
                        .toString())
                .contains("source 4711", "waves by a function");
    }

    @Test
    void thePresetWithoutLossFencesComparesAnalyzesStoresAndKeeps() {
        UpgradeSpec spec = UpgradeSpec.withoutLoss("15").build();

        assertThat(spec.writes()).isEqualTo(WritesPolicy.FENCE_REQUIRED);
        assertThat(spec.verification()).isEqualTo(Verification.CHECKSUMS);
        assertThat(spec.analyze()).isTrue();
        assertThat(spec.downloadBackup()).isTrue();
        assertThat(spec.oldInstance()).isEqualTo(OldInstance.DELETE);
        assertThat(spec.retention()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void whatIsComparedMustStandStill() {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15").verification(Verification.COUNTS);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("verification needs a writes policy with a fence");
        assertThat(builder.writes(WritesPolicy.FENCE_IF_POSSIBLE).build().verification())
                .isEqualTo(Verification.COUNTS);
    }

    @Test
    void aDeadlineHoldsForOneKindOfStepOrForAllOthers() {
        UpgradeSpec spec = UpgradeSpec.to("15")
                .deadline(Duration.ofMinutes(30))
                .deadline(Step.Kind.RESTORE, Duration.ofHours(9))
                .build();

        assertThat(spec.deadline(Step.Kind.RESTORE)).isEqualTo(Duration.ofHours(9));
        assertThat(spec.deadline(Step.Kind.BACK_UP)).isEqualTo(Duration.ofMinutes(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void aDeadlineIsPositive(Duration time) {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15");

        assertThatThrownBy(() -> builder.deadline(time)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.deadline(Step.Kind.DEPLOY, time)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutWavesLiveGoesAfterAllOthers() {
        UpgradeSpec spec = UpgradeSpec.to("15").build();

        assertThat(spec.waveOf(environment("test"))).hasValue(0);
        assertThat(spec.waveOf(environment("stage-1"))).hasValue(0);
        assertThat(spec.waveOf(environment("live"))).hasValue(1);
    }

    private static EnvironmentRef environment(String slug) {
        return new EnvironmentRef("shop", "id-of-" + slug, slug);
    }

    @Test
    void aFunctionMayTellTheWave() {
        UpgradeSpec spec = UpgradeSpec.to("15")
                .waves(e -> e.slug().startsWith("x") ? -1 : e.slug().length())
                .build();

        assertThat(spec.waveOf(environment("test"))).hasValue(4);
        assertThat(spec.waveOf(environment("x-test"))).isEmpty();
        assertThatThrownBy(() -> UpgradeSpec.to("15").waves(e -> 0).wave("test").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("either listed or told");
    }

    @Test
    void theTargetServiceIsEitherNamedOrSelected() {
        assertThatThrownBy(() -> UpgradeSpec.to("15")
                        .targetService("s")
                        .targetSelector(s -> true)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("either named or selected");
    }

    @Test
    void theOldInstanceStaysForAPositiveTimeOnly() {
        assertThat(UpgradeSpec.to("15")
                        .deleteOldInstanceAfter(Duration.ofDays(7))
                        .build()
                        .retention())
                .isEqualTo(Duration.ofDays(7));
        assertThatThrownBy(() -> UpgradeSpec.to("15").deleteOldInstanceAfter(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
    }

    @Test
    void listedWavesAreTheOnlyOnes() {
        UpgradeSpec spec =
                UpgradeSpec.to("15").wave("stage-1", "live").wave("test").build();

        assertThat(spec.waveOf(environment("stage-1"))).hasValue(0);
        assertThat(spec.waveOf(environment("live"))).hasValue(0);
        assertThat(spec.waveOf(environment("test"))).hasValue(1);
        assertThat(spec.waveOf(environment("stage-2"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "new", "NEW-1", "1NEW", "_NEW", "NEW DB", "NÄU", "A/B"})
    void whatCannotBePartOfAVariablesNameIsNoPrefix(String prefix) {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15");

        assertThatThrownBy(() -> builder.sourcePrefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + prefix + "\"");
        assertThatThrownBy(() -> builder.stagingPrefix(prefix)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.retiredPrefix(prefix)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stagingAndRetiredPrefixMustDiffer() {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15").stagingPrefix("OLD");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("staging and retired prefix are both OLD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NEW", "OLD"})
    void theSourcePrefixIsNeitherStagingNorRetired(String prefix) {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15").sourcePrefix(prefix);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("source prefix " + prefix);
    }

    @Test
    void anEnvironmentIsInOneWaveOnly() {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15").wave("test").wave("live", "test");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("environment test is listed in the waves twice");
    }

    @Test
    void aWaveHoldsAtLeastOneEnvironment() {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15");

        assertThatThrownBy(builder::wave).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void theMaximumBackupAgeIsPositive(Duration age) {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15");

        assertThatThrownBy(() -> builder.maximumBackupAge(age)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNoVersionIsRefusedAtOnce() {
        assertThatThrownBy(() -> UpgradeSpec.to("fifteen"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"fifteen\"");
    }

    @Test
    void specsWithTheSameSettingsAreEqual() {
        UpgradeSpec spec = UpgradeSpec.to("15").wave("test").wave("live").build();

        assertThat(spec)
                .isEqualTo(UpgradeSpec.to("15").wave("test").wave("live").build())
                .hasSameHashCodeAs(
                        UpgradeSpec.to("15").wave("test").wave("live").build())
                .isNotEqualTo(UpgradeSpec.to("15").wave("live").wave("test").build())
                .isNotEqualTo(UpgradeSpec.to("17").wave("test").wave("live").build());
    }

    @Test
    void aBuilderThatIsUsedAgainDoesNotChangeWhatItMade() {
        UpgradeSpec.Builder builder = UpgradeSpec.to("15").wave("test");
        UpgradeSpec spec = builder.build();

        builder.wave("live").stagingPrefix("NEXT");

        assertThat(spec).isEqualTo(UpgradeSpec.to("15").wave("test").build());
    }

    @Test
    void aSpecIsCopiedWithEverySetting() {
        UpgradeSpec everything = UpgradeSpec.to("15")
                .targetSelector(service -> true)
                .sourcePrefix("MAIN")
                .sourceInstance("instance-1")
                .stagingPrefix("NEXT")
                .retiredPrefix("LAST")
                .writes(WritesPolicy.FENCE_REQUIRED)
                .maximumBackupAge(Duration.ofMinutes(90))
                .verification(Verification.COUNTS)
                .analyze()
                .downloadBackup()
                .provisioning(Provisioning.BY_DEPLOYMENT)
                .restoring(Restoring.BY_UPLOAD)
                .deadline(Duration.ofHours(3))
                .deadline(Step.Kind.DEPLOY, Duration.ofHours(1))
                .deleteOldInstanceAfter(Duration.ofDays(7))
                .waves(environment -> 0)
                .build();
        UpgradeSpec listed =
                UpgradeSpec.to("15").targetService("id").wave("test").build();

        assertThat(everything.toBuilder().build()).isEqualTo(everything);
        assertThat(listed.toBuilder().build()).isEqualTo(listed);
    }
}
