package io.github.divio4j.upgrade.local;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file {@code .env} beside a compose file: the values of its variables, as Docker Compose reads them. */
final class EnvFile {

    private static final Pattern LINE = Pattern.compile(
            "^[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*=[ \\t]*"
                    + "(?:\"([^\"\\\\\\r\\n]*)\"|'([^'\\r\\n]*)'|([^\"'\\r\\n][^\\r\\n]*?)?)(?:[ \\t]+#[^\\r\\n]*|[ \\t]*)$",
            Pattern.MULTILINE);

    private final TextFile file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * A variable.
     *
     * @param value what it is
     * @param start where the value begins in the file
     */
    record Entry(String value, int start) {}

    EnvFile(TextFile file) {
        this.file = file;
        Matcher line = LINE.matcher(file.text());
        while (line.find()) {
            for (int group = 2; group <= 4; group++) {
                boolean literal = line.group(group) != null
                        && (group == 3 || !line.group(group).contains("$"));
                if (literal) {
                    // The last one of a name counts.
                    entries.put(line.group(1), new Entry(line.group(group), line.start(group)));
                } else if (line.group(group) != null) {
                    entries.remove(line.group(1));
                }
            }
        }
    }

    TextFile file() {
        return file;
    }

    Optional<Entry> entry(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** The values of all variables that are written out. */
    Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        entries.forEach((name, entry) -> values.put(name, entry.value()));
        return values;
    }
}
