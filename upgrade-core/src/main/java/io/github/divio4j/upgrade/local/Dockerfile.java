package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What a service that is built is built on. */
final class Dockerfile {

    private static final Pattern FROM = Pattern.compile("^\\s*FROM\\s+(?:--\\S+\\s+)*(\\S+)", Pattern.CASE_INSENSITIVE);

    private Dockerfile() {}

    /** The image of the last stage, and where it is named. */
    record Base(Path file, int line, String image) {
        /** Null if the image does not tell. */
        @Nullable
        PostgresVersion version() {
            ImageName name = ImageName.parse(image);
            ImageFamily family = name.family();
            ImageFamily.Found found = family == null ? null : family.find(name.tag());
            return found == null ? null : ImageFamily.major(found.version());
        }
    }

    /** Null if it cannot be found. */
    static @Nullable Base baseOf(ComposeModel.Value value) {
        Node build = value.node();
        Node context = build instanceof MappingNode m ? YamlFile.value(m, "context") : build;
        Node name = build instanceof MappingNode m ? YamlFile.value(m, "dockerfile") : null;
        try {
            Path file = ComposeModel.folderOf(value.file().file().path())
                    .resolve(context instanceof ScalarNode s ? s.getValue() : ".")
                    .resolve(name instanceof ScalarNode s ? s.getValue() : "Dockerfile")
                    .normalize();
            return Files.isRegularFile(file) ? last(file) : null;
        } catch (InvalidPathException | IOException e) {
            return null;
        }
    }

    private static @Nullable Base last(Path file) throws IOException {
        Base base = null;
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < lines.size(); i++) {
            Matcher from = FROM.matcher(lines.get(i));
            if (from.find()) {
                base = new Base(file, i + 1, from.group(1));
            }
        }
        return base;
    }
}
