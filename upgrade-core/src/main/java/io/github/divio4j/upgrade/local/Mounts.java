package io.github.divio4j.upgrade.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What a service mounts below {@code /var/lib/postgresql}. */
final class Mounts {

    static final String ROOT = "/var/lib/postgresql";
    private static final String DATA = ROOT + "/data";

    /** A target in the short form: behind the source, or alone; before options. */
    private static final Pattern SHORT =
            Pattern.compile("(?:^|(?<source>[^:]*(?::\\\\[^:]*)?):)(?<target>" + ROOT + "(?:/[^:]*)?)(?=$|:)");

    private Mounts() {}

    /**
     * A mount.
     *
     * @param source the folder or the volume; empty if it is neither
     * @param atData whether it is where versions before 18 keep their data
     * @param target the scalar that names the target
     * @param edit the edit of the target's value that moves it to where 18 keeps its data; null if it is not written in one piece
     */
    record Mount(
            ComposeModel.Value at,
            String source,
            boolean atData,
            ScalarNode target,
            @Nullable TextEdit edit) {}

    static List<Mount> of(ComposeModel model, String service) {
        List<Mount> mounts = new ArrayList<>();
        for (String key : List.of("volumes", "tmpfs")) {
            for (ComposeModel.Value value : model.values(service, key)) {
                List<Node> entries = value.node() instanceof SequenceNode s ? s.getValue() : List.of(value.node());
                entries.forEach(entry -> read(value, entry, mounts));
            }
        }
        return mounts;
    }

    private static void read(ComposeModel.Value at, Node entry, List<Mount> mounts) {
        if (entry instanceof ScalarNode scalar) {
            add(at, scalar, null, mounts);
        } else if (entry instanceof MappingNode m && YamlFile.value(m, "target") instanceof ScalarNode target) {
            Node source = YamlFile.value(m, "source");
            add(at, target, source instanceof ScalarNode s ? s.getValue() : "", mounts);
        }
    }

    private static void add(ComposeModel.Value at, ScalarNode scalar, @Nullable String source, List<Mount> mounts) {
        Map<String, String> values = at.env() == null ? Map.of() : at.env().values();
        Interpolation view = Interpolation.of(scalar.getValue(), values);
        Matcher found = view == null ? null : SHORT.matcher(view.text());
        if (view == null || found == null || !found.find()) {
            return;
        }
        String from = source != null ? source : found.group("source") == null ? "" : found.group("source");
        boolean atData = found.group("target").matches(DATA + "/*");
        Interpolation.Span span = view.span(found.start("target"), found.end("target"));
        boolean here = span != null && span.variable() == null;
        mounts.add(new Mount(
                at,
                from,
                atData,
                scalar,
                atData && here && span != null ? new TextEdit(span.start(), span.end(), ROOT) : null));
    }
}
