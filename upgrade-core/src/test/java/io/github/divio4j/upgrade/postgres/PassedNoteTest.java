package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.PostgresVersion;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassedNoteTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.123Z");
    private static final PassedNote NOTE = new PassedNote(PostgresVersion.parse("15"), NOW, "7 shop");

    private static DatabaseNotes notes(String comment, String database, Instant at) {
        return new DatabaseNotes(comment, database, at);
    }

    @Test
    void isReadFromTheCommentBesideWhatOthersWrote() {
        String comment = NOTE.in("orders of the shop\n[divio4j-fence 1 owner=a]");

        assertThat(comment).startsWith("orders of the shop\n[divio4j-fence 1 owner=a]\n");
        assertThat(PassedNote.in(notes(comment, "7 shop", NOW))).isEqualTo(NOTE);
    }

    @Test
    void takesThePlaceOfAnEarlierOne() {
        PassedNote later = new PassedNote(PostgresVersion.parse("17"), NOW.plusSeconds(1), "7 shop");

        assertThat(later.in(NOTE.in("orders"))).isEqualTo(later.in("orders"));
    }

    @Test
    void ofAnotherDatabaseItSaysNothing() {
        assertThat(PassedNote.in(notes(NOTE.in(""), "8 shop", NOW))).isNull();
    }

    @Test
    void isGoodForAWhileOnly() {
        Instant end = NOW.plus(PassedNote.GOOD_FOR);

        assertThat(PassedNote.in(notes(NOTE.in(""), "7 shop", end))).isEqualTo(NOTE);
        assertThat(PassedNote.in(notes(NOTE.in(""), "7 shop", end.plusMillis(1))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders",
                "[divio4j-passed 1 target=15 at=yesterday database=7+shop]",
                "[divio4j-passed 1 target=15 at=2026-13-01T12:00:00Z database=7+shop]",
                "[divio4j-passed 1 target=. at=2026-01-01T12:00:00Z database=7+shop]",
                "[divio4j-passed 1 target=15 at=2026-01-01T12:00:00Z database=%zz]"
            })
    void whatCannotBeReadIsNoNote(String comment) {
        assertThat(PassedNote.in(notes(comment, "7 shop", NOW))).isNull();
    }
}
