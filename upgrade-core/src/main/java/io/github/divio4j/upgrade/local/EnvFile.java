package io.github.divio4j.upgrade.local;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code .env} beside a compose file: the values of its variables, as Docker Compose reads them, with those of the file
 * that is stronger.
 */
final class EnvFile {

    private static final Pattern LINE = Pattern.compile(
            "^[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*[=:][ \\t]*"
                    // What is quoted may go on in the next lines.
                    + "(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|'([^']*+)'|([^\"'\\r\\n][^\\r\\n]*?)?)"
                    + "(?:[ \\t]+#[^\\r\\n]*|[ \\t]*)$",
            Pattern.MULTILINE);

    private final @Nullable EnvFile stronger;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * A variable.
     *
     * @param value what it is
     * @param file where it is written
     * @param start where the value begins in the file
     */
    record Entry(String value, TextFile file, int start) {}

    /**
     * Reads the variables.
     *
     * @param stronger where a variable has another value that counts instead, or null
     */
    EnvFile(TextFile file, @Nullable EnvFile stronger) {
        this.stronger = stronger;
        Matcher line = LINE.matcher(file.text());
        while (line.find()) {
            for (int group = 2; group <= 4; group++) {
                boolean literal = line.group(group) != null && isLiteral(line.group(group), group);
                if (literal) {
                    // The last one of a name counts.
                    entries.put(line.group(1), new Entry(line.group(group), file, line.start(group)));
                } else if (line.group(group) != null) {
                    entries.remove(line.group(1));
                }
            }
        }
    }

    private static boolean isLiteral(String value, int group) {
        boolean replaced = group == 2 && value.contains("\\");
        return group == 3 || !(replaced || value.contains("$"));
    }

    Optional<Entry> entry(String name) {
        Optional<Entry> outer = stronger == null ? Optional.empty() : stronger.entry(name);
        return outer.isPresent() ? outer : Optional.ofNullable(entries.get(name));
    }

    /** The values of all variables that are written out. */
    Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        entries.forEach((name, entry) -> values.put(name, entry.value()));
        if (stronger != null) {
            values.putAll(stronger.values());
        }
        return values;
    }
}
