package io.github.divio4j.upgrade.local;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The difference between a file and itself with edits, as {@code patch} reads it. The edits must not add or remove lines. */
final class UnifiedDiff {

    private static final int CONTEXT = 3;

    /** Other lines of such a file may hold passwords. */
    private static final Path WITHOUT_CONTEXT = Path.of(".env");

    private UnifiedDiff() {}

    static String of(TextFile file, List<TextEdit> edits) {
        // With the byte order mark, which is a part of the first line.
        List<String> before = lines(file.bytes());
        List<String> after = lines(file.with(edits));
        StringBuilder diff = new StringBuilder();
        diff.append("--- ")
                .append(file.path())
                .append("\n+++ ")
                .append(file.path())
                .append('\n');
        int context = WITHOUT_CONTEXT.equals(file.path().getFileName()) ? 0 : CONTEXT;
        int next = 0;
        while ((next = firstChange(before, after, next)) < before.size()) {
            int begin = Math.max(0, next - context);
            int last = next;
            for (int i = next; i < before.size() && i <= last + 2 * context + 1; i++) {
                if (!before.get(i).equals(after.get(i))) {
                    last = i;
                }
            }
            int end = Math.min(before.size(), last + 1 + context);
            hunk(diff, before, after, begin, end);
            next = end;
        }
        return diff.toString();
    }

    private static int firstChange(List<String> before, List<String> after, int from) {
        int i = from;
        while (i < before.size() && before.get(i).equals(after.get(i))) {
            i++;
        }
        return i;
    }

    private static void hunk(StringBuilder diff, List<String> before, List<String> after, int begin, int end) {
        String range = (begin + 1) + (end - begin == 1 ? "" : "," + (end - begin));
        diff.append("@@ -").append(range).append(" +").append(range).append(" @@\n");
        int at = begin;
        while (at < end) {
            if (before.get(at).equals(after.get(at))) {
                line(diff, ' ', before.get(at));
                at++;
                continue;
            }
            int changed = at;
            while (changed < end && !before.get(changed).equals(after.get(changed))) {
                changed++;
            }
            before.subList(at, changed).forEach(text -> line(diff, '-', text));
            after.subList(at, changed).forEach(text -> line(diff, '+', text));
            at = changed;
        }
    }

    private static void line(StringBuilder diff, char sign, String text) {
        diff.append(sign).append(text);
        if (!text.endsWith("\n")) {
            diff.append("\n\\ No newline at end of file\n");
        }
    }

    /** The lines with their ends. */
    private static List<String> lines(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        int begin = 0;
        while (begin < text.length()) {
            int end = text.indexOf('\n', begin);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(begin, next));
            begin = next;
        }
        return lines;
    }
}
