package io.github.divio4j.upgrade.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {

    private static String diff(String text) {
        List<TextEdit> edits = new ArrayList<>();
        for (int at = text.indexOf("13"); at >= 0; at = text.indexOf("13", at + 1)) {
            edits.add(new TextEdit(at, at + 2, "15"));
        }
        TextFile file = TextFile.of(Path.of("a.yml"), text.getBytes(StandardCharsets.UTF_8));
        return UnifiedDiff.of(file, edits);
    }

    @Test
    void showsThreeLinesAround() {
        assertThat(diff("1\n2\n3\n4\nx13\n6\n7\n8\n9\n")).isEqualTo("""
                --- a.yml
                +++ a.yml
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -x13
                +x15
                 6
                 7
                 8
                """);
    }

    @Test
    void changesThatAreNearShareAHunkAndOthersDoNot() {
        String near = "13\n1\n2\n3\n4\n5\n6\n13\n";
        String far = "13\n1\n2\n3\n4\n5\n6\n7\n13\n";

        assertThat(diff(near)).containsOnlyOnce("@@ -").contains("@@ -1,8 +1,8 @@\n");
        assertThat(diff(far)).contains("@@ -1,4 +1,4 @@\n", "@@ -6,4 +6,4 @@\n");
    }

    @Test
    void linesThatFollowEachOtherAreShownTogether() {
        assertThat(diff("13\n13\n")).endsWith("@@ -1,2 +1,2 @@\n-13\n-13\n+15\n+15\n");
    }

    @Test
    void tellsOfAMissingLineFeedAtTheEnd() {
        assertThat(diff("13"))
                .endsWith("@@ -1 +1 @@\n-13\n\\ No newline at end of file\n+15\n\\ No newline at end of file\n");
    }

    @Test
    void showsNoOtherLinesOfAnEnvFileBecauseTheyMayHoldPasswords() {
        String text = "PASSWORD=secret\nPG=13\nTOKEN=secret\n";
        TextFile file = TextFile.of(Path.of("x", ".env"), text.getBytes(StandardCharsets.UTF_8));
        int at = text.indexOf("13");

        assertThat(UnifiedDiff.of(file, List.of(new TextEdit(at, at + 2, "15"))))
                .endsWith("@@ -2 +2 @@\n-PG=13\n+PG=15\n");
    }

    @Test
    void keepsCarriageReturns() {
        assertThat(diff("13\r\nx\r\n")).endsWith("-13\r\n+15\r\n x\r\n");
    }
}
