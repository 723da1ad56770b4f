package io.github.divio4j.upgrade.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.CatalogueService;
import io.github.divio4j.upgrade.EnvironmentPlan.Ready;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.InstanceRef;
import io.github.divio4j.upgrade.SavedPlan;
import io.github.divio4j.upgrade.SavedPlan.Planned;
import io.github.divio4j.upgrade.Step;
import io.github.divio4j.upgrade.StepId;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.UpgradeSpec.OldInstance;
import io.github.divio4j.upgrade.report.Report;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlanFileTest {

    @TempDir
    Path folder;

    static Stream<SavedPlan> plans() {
        return RecordedPlans.all().values().stream();
    }

    private static SavedPlan plan() {
        return RecordedPlans.all().values().iterator().next();
    }

    @ParameterizedTest
    @MethodSource("plans")
    void aPlanIsReadAsItWasWritten(SavedPlan plan) {
        SavedPlan read = PlanFile.fromJson(PlanFile.toJson(plan));

        assertThat(read).isEqualTo(plan);
        assertThat(read.plan().steps()).isEqualTo(plan.plan().steps());
        assertThat(Report.of(read.plan()).text())
                .isEqualTo(Report.of(plan.plan()).text());
        assertThat(PlanFile.toJson(read)).isEqualTo(PlanFile.toJson(plan));
    }

    @Test
    void aPlanIsReadFromTheFileThatItWasWrittenTo() throws IOException {
        Path file = folder.resolve("plan.json");
        PlanFile.write(file, RecordedPlans.all().get("up-to-date"));
        PlanFile.write(file, plan());

        assertThat(PlanFile.read(file)).isEqualTo(plan());
        assertThat(file).hasContent(PlanFile.toJson(plan()));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void everySettingOfASpecIsKept() {
        UpgradeSpec spec = UpgradeSpec.to("15")
                .targetService("service-15")
                .sourcePrefix("MAIN")
                .stagingPrefix("NEXT")
                .retiredPrefix("LAST")
                .maximumBackupAge(Duration.ofMinutes(90))
                .sourceInstance("instance-13")
                .downloadBackup()
                .deleteOldInstanceAfter(Duration.ofDays(7))
                .wave("test", "stage")
                .wave("live")
                .build();
        UpgradeSpec keep = UpgradeSpec.to("15").oldInstance(OldInstance.KEEP).build();

        assertThat(SpecJson.read(Json.parse(Json.write(SpecJson.write(keep), ""))))
                .isEqualTo(keep);
        assertThat(SpecJson.read(Json.parse(Json.write(SpecJson.write(spec), ""))))
                .isEqualTo(spec);
    }

    @Test
    void everyGetterOfASpecHasItsFieldUnlessItIsOfAFunction() {
        assertThat(SpecJson.write(UpgradeSpec.to("15").build()).keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(UpgradeSpec.class.getDeclaredMethods())
                        .filter(m -> Modifier.isPublic(m.getModifiers())
                                && !Modifier.isStatic(m.getModifiers())
                                && m.getParameterCount() == 0)
                        .filter(m -> m.getReturnType() != Predicate.class && m.getReturnType() != ToIntFunction.class)
                        .map(Method::getName)
                        .filter(name -> !name.equals("hashCode") && !name.equals("toString"))
                        .toList());
    }

    @Test
    void aSettingThatAFileDoesNotNameHasItsDefault() {
        assertThat(SpecJson.read(Json.parse("{\"targetVersion\": \"15\"}")))
                .isEqualTo(UpgradeSpec.to("15").build());
    }

    @ParameterizedTest
    @EnumSource
    void everyFieldOfAStepIsKept(Step.Kind kind) throws Exception {
        Step step = stepOf(kind);
        EnvironmentRef environment = step.environment();
        Map<String, Object> fields = StepJson.write(step);

        assertThat(StepJson.read(Json.parse(Json.write(fields, "")), environment))
                .isEqualTo(step);
        assertThat(fields.keySet())
                .containsAll(Arrays.stream(step.getClass().getRecordComponents())
                        .map(RecordComponent::getName)
                        .filter(name -> !name.equals("environment"))
                        .toList());
    }

    /** A step of a kind, every field of which is set. */
    private static Step stepOf(Step.Kind kind) throws Exception {
        for (Class<?> type : Step.class.getPermittedSubclasses()) {
            List<Object> values = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                values.add(valueOf(component));
            }
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Step step = (Step) type.getDeclaredConstructor(types).newInstance(values.toArray());
            if (step.kind() == kind) {
                return step;
            }
        }
        throw new AssertionError("no step of kind " + kind);
    }

    private static Object valueOf(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == StepId.class) {
            return new StepId("shop/test/" + component.getName() + "/DEFAULT/13-15");
        } else if (type == EnvironmentRef.class) {
            return new EnvironmentRef("shop", "environment-1", "test");
        } else if (type == InstanceRef.class) {
            return new InstanceRef(
                    InstanceRef.Role.TARGET,
                    new CatalogueService("service-15", component.getName(), "postgres-15"),
                    "NEW");
        } else if (type == Set.class) {
            return Set.of("one", "two");
        } else if (type == boolean.class) {
            return true;
        } else if (type == UpgradeSpec.Verification.class) {
            return UpgradeSpec.Verification.CHECKSUMS;
        }
        assertThat(type).isEqualTo(String.class);
        return component.getName();
    }

    @Test
    void namesAreSortedAndLinesEndWithALineFeed() {
        String json = PlanFile.toJson(plan());

        assertThat(json).doesNotContain("\r").endsWith("}\n");
        assertThat(json.lines()
                        .filter(l -> l.startsWith("  \""))
                        .map(l -> l.strip().split("\"")[1]))
                .isSorted()
                .contains("format", "version");
    }

    @Test
    void unknownFieldsAreIgnored() {
        String json = PlanFile.toJson(plan()).replaceAll("\\{\n", "{\n\"added later\": [1, {\"a\": null}],\n");

        assertThat(PlanFile.fromJson(json)).isEqualTo(plan());
    }

    @Test
    void aNewerFormIsRefused() {
        assertThatThrownBy(() -> PlanFile.fromJson(PlanFile.toJson(plan()).replace("\"version\": 1", "\"version\": 2")))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "The text is no plan that can be read: its format has version 2, and this divio4j knows none"
                                + " after 1: use a newer divio4j. Make the plan again.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                              | it is no JSON, or only a part of it
                    hello                                           | it is no JSON, or only a part of it: reading came to $
                    []                                              | does not say that its format is "divio4j-plan"
                    {}                                              | does not say that its format is "divio4j-plan"
                    {"format": 3}                                   | at $.format there is something else where a text should be
                    {"format": "divio4j-journal", "version": 1}     | does not say that its format is "divio4j-plan"
                    {"format": "divio4j-plan"}                      | at $.version there is nothing where a whole number should be
                    {"format": "divio4j-plan", "version": 0.5}      | at $.version there is something else where a whole number
                    {"format": "divio4j-plan", "version": 1}        | at $.goal there is nothing where a text should be
                    {"format": "divio4j-plan", "version": 1} more   | it is no JSON, or only a part of it
                    """)
    void whatIsNoPlanIsRefusedWithItsPlaceAndWhatToDo(String content, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("plan.json"), content);

        assertThatThrownBy(() -> PlanFile.read(file))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The file " + file + " is no plan that can be read: ")
                .hasMessageContaining(reason)
                .hasMessageEndingWith(" Make the plan again.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "kind": "PROVISION"   | "kind": "PAINT"      | what is at $.environments[0].steps[1].kind is not known
                    "regionId": "region-1"| "regionId": null     | at $.environments[0].steps[0].regionId there is nothing
                    "waves": []           | "waves": [[]]        | what is at $.spec is not known or cannot be: a wave needs
                    "targetVersion": "15" | "targetVersion": "x" | what is at $.spec.targetVersion is not known or cannot be
                    "inCutover": false    | "inCutover": "no"    | at $.environments[0].inCutover there is something else
                    "status": "ATTACHED"  | "status": "GONE"     | what is at $.environments[0].seen.databases[0].status
                    """)
    void aPlanWithAWrongValueIsRefusedWithItsPlace(String right, String wrong, String reason) {
        String json = PlanFile.toJson(plan());
        assertThat(json).contains(right);

        assertThatThrownBy(() -> PlanFile.fromJson(json.replace(right, wrong)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(reason);
    }

    @Test
    @Tag("large")
    void aPlanThatWasCutShortIsRefusedWhereverThatWas() {
        byte[] whole = PlanFile.toJson(plan()).strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            String part = new String(whole, 0, length, StandardCharsets.UTF_8);
            assertThatThrownBy(() -> PlanFile.fromJson(part))
                    .as("%s bytes", length)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("only a part of it");
        }
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        Path file = folder.resolve("plan.json");

        assertThatThrownBy(() -> PlanFile.read(file))
                .isInstanceOf(StoreException.class)
                .hasMessage("The plan " + file + " could not be read: there is no " + file
                        + ". Check the name of the file.");
    }

    @Test
    void aFileThatCannotBeWrittenIsSaid() {
        assertThatThrownBy(() -> PlanFile.write(folder.resolve("no/plan.json"), plan()))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The plan could not be written to " + folder.resolve("no/plan.json"))
                .hasMessageEndingWith(" Choose a file in a folder that exists, can be written to and has room.");
    }

    @Test
    void environmentsWithoutStepsOfTheirOwnHaveNone() {
        assertThat(RecordedPlans.all().get("blocked").environments())
                .extracting(Planned::plan)
                .noneMatch(Ready.class::isInstance);
    }
}
