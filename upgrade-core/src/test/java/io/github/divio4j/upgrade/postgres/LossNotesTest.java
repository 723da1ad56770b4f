package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.TableWrites;
import io.github.divio4j.upgrade.TableWrites.Accuracy;
import io.github.divio4j.upgrade.WrittenSince;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is kept of marks and losses in the comments of databases. */
class LossNotesTest {

    private static final String DATABASE = "7311/16384";
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final MarkNote MARK = new MarkNote(
            Set.of("backup 1", "b,2]"),
            new Mark(DATABASE, AT, 42, Map.of("public.\"a ]\"", new Mark.Counted(1, 2, 3, 4, null))));
    private static final TableWrites ORDERS = new TableWrites("public.\"o: ]\"", 3, 2, 1, Accuracy.UPPER_BOUND);
    private static final LossNote LOSS = new LossNote(
            "restore 1",
            DATABASE,
            true,
            new WrittenSince(
                    AT, AT.plusSeconds(9), List.of(ORDERS, new TableWrites("public.t", 0, 0, 0, Accuracy.EXACT))));

    @Test
    void aMarkIsReadAsItWasWrittenAndLeavesTheRestAsItIs() {
        String comment = MARK.in(LOSS.in("The orders.\n[divio4j-fence 1 owner=x]"));

        assertThat(comment).startsWith("The orders.\n[divio4j-fence 1 owner=x]\n[divio4j-lost 1 ");
        assertThat(MarkNote.in(comment, DATABASE)).isEqualTo(MARK);
        assertThat(MarkNote.in(comment.replace("backup+1", "backup+2"), DATABASE))
                .isNotEqualTo(MARK);
    }

    @Test
    void aMarkWithoutEarlierBackupsIsReadAsItWasWritten() {
        MarkNote first = new MarkNote(Set.of(), MARK.mark());

        assertThat(MarkNote.in(first.in(MARK.in("")), DATABASE)).isEqualTo(first);
    }

    @Test
    void whatALossIsOfIsReadWithoutTheTablesThatLostNothing() {
        LossNote read = LossNote.in(LOSS.in(MARK.in("")), DATABASE, "restore 1");

        assertThat(read).isNotNull();
        assertThat(read.lost()).isEqualTo(new WrittenSince(AT, AT.plusSeconds(9), List.of(ORDERS)));
        assertThat(read.certain()).isTrue();
    }

    @Test
    void noLossIsReadAsAMeasuredZero() {
        LossNote none = new LossNote("restore 1", DATABASE, false, new WrittenSince(AT, AT.plusSeconds(9), List.of()));

        LossNote read = LossNote.in(none.in(LOSS.in("")), DATABASE, "restore 1");

        assertThat(read).isEqualTo(none);
        assertThat(read.lost().none()).isTrue();
    }

    @Test
    void anotherDatabaseAndAnotherRestoreAreNotTakenForTheirs() {
        assertThat(MarkNote.in(MARK.in(""), "7311/1")).isNull();
        assertThat(LossNote.in(LOSS.in(""), "7311/1", "restore 1")).isNull();
        assertThat(LossNote.in(LOSS.in(""), DATABASE, "restore 2")).isNull();
    }

    @Test
    void whatSomebodyChangedIsNoNote() {
        assertThat(MarkNote.in(MARK.in("").replace("2026", "soon"), DATABASE)).isNull();
        assertThat(LossNote.in(LOSS.in("").replace("2026", "soon"), DATABASE, "restore 1"))
                .isNull();
    }
}
