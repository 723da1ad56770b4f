package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.UpgradeSpec.Verification;
import org.junit.jupiter.api.Test;

class ComparedMarkTest {

    private static final ComparedMark MARK = new ComparedMark("restore 1/[é]", Verification.CHECKSUMS, "7311/16384");

    @Test
    void isReadAsItWasWritten() {
        assertThat(ComparedMark.in(MARK.in(""), "7311/16384")).isEqualTo(MARK);
    }

    @Test
    void leavesTheRestOfTheCommentAsItIs() {
        String comment = MARK.in("The orders.\n[divio4j-fence 1 owner=x]");

        assertThat(comment).startsWith("The orders.\n[divio4j-fence 1 owner=x]\n[divio4j-compared 1 ");
        assertThat(ComparedMark.in(comment, "7311/16384")).isEqualTo(MARK);
    }

    @Test
    void takesThePlaceOfAnEarlierOne() {
        ComparedMark later = new ComparedMark("restore 2", Verification.COUNTS, "7311/16384");

        String comment = later.in(MARK.in("The orders."));

        assertThat(comment).isEqualTo("The orders.\n" + later);
    }

    @Test
    void thatCameWithADumpOfAnotherDatabaseIsNone() {
        assertThat(ComparedMark.in(MARK.in(""), "7311/16385")).isNull();
        assertThat(ComparedMark.in("The orders.", "7311/16384")).isNull();
    }
}
