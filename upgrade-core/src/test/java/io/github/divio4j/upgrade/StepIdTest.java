package io.github.divio4j.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ids of steps, and the notes that carry them through the platform. */
class StepIdTest {

    private static final StepId ID = new StepId("shop/test/back-up/DEFAULT/9.6-15");

    @Test
    void anIdNamesEnvironmentStepPrefixAndVersions() {
        StepId id = ids("shop", "test", "DEFAULT").backUp();

        assertThat(id).isEqualTo(ID).hasToString("shop/test/back-up/DEFAULT/9.6-15");
        assertThat(id.originalPrefix()).isEqualTo("DEFAULT");
    }

    private static StepIds ids(String application, String slug, String prefix) {
        return new StepIds(
                new EnvironmentRef(application, "environment-1", slug),
                prefix,
                PostgresVersion.parse("9.6"),
                PostgresVersion.parse("15"));
    }

    @Test
    void namesWithSlashesAndWhiteSpaceDoNotBreakAnId() {
        StepId id = ids("my shop", "feature/a b", "A/B 100%").backUp();

        assertThat(id).hasToString("my%0020shop/feature%002fa%0020b/back-up/A%002fB%0020100%0025/9.6-15");
        assertThat(id.originalPrefix()).isEqualTo("A/B 100%");
        assertThat(OperationNote.parse(new OperationNote(id, "instance-7").toString()))
                .contains(new OperationNote(id, "instance-7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", "shop/test/back-up/DEFAULT", "a/b/c/d/e/f", "shop/te st/back-up/DEFAULT/13-15"})
    void whatHasAnotherFormIsNoId(String text) {
        assertThatThrownBy(() -> new StepId(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void aNoteIsReadAsItWasWritten() {
        OperationNote note = new OperationNote(ID, "instance-7");

        assertThat(note).hasToString("divio4j shop/test/back-up/DEFAULT/9.6-15 instance=instance-7");
        assertThat(OperationNote.parse(note.toString())).contains(note);
    }

    @Test
    void aNoteHoldsTheRunAndTheOneItTookOverFrom() {
        OperationNote note =
                new OperationNote(ID, "instance-7", "20260101T000000000Z-3f9a", "20251231T000000000Z-0001");

        assertThat(note.toString())
                .endsWith(" instance=instance-7 run=20260101T000000000Z-3f9a over=20251231T000000000Z-0001");
        assertThat(OperationNote.parse(note.toString())).contains(note);
    }

    @Test
    void aNoteIsOfItsStepAndInstanceWhateverTheRun() {
        OperationNote note = new OperationNote(ID, "instance-7", "20260101T000000000Z-3f9a", null);

        assertThat(note.isOf(ID, "instance-7")).isTrue();
        assertThat(note.isOf(ID, "instance-8")).isFalse();
        assertThat(note).isNotEqualTo(new OperationNote(ID, "instance-7"));
    }

    @Test
    void whatSomebodyAppendedToANoteIsIgnored() {
        OperationNote note = new OperationNote(ID, "instance-7");

        assertThat(OperationNote.parse(note + " run= checked by Ann")).contains(note);
    }

    @Test
    void aPartOfANoteHoldsNoWhiteSpace() {
        assertThatThrownBy(() -> new OperationNote(ID, "instance-7", "my run", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("my run");
    }

    @Test
    void aNoteIsReadWithTheLineEndOfWhoeverStoredIt() {
        OperationNote note = new OperationNote(ID, "instance-7");

        assertThat(OperationNote.parse(note + "\r\n")).contains(note);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "before the release",
                "divio4j",
                "divio4j is great",
                "divio4j shop/test/back-up/DEFAULT/9.6-15",
                "divio4j nonsense instance=instance-7",
                "divio4j shop/test/back-up/DEFAULT/9.6-15 instance=",
                "made by divio4j shop/test/back-up/DEFAULT/9.6-15 instance=instance-7"
            })
    void theNotesOfOthersAreNotOurs(String notes) {
        assertThat(OperationNote.parse(notes)).isEmpty();
    }
}
