package io.github.divio4j.upgrade.local;

import io.github.divio4j.upgrade.PostgresVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Works out one change. */
final class ComposeChangePlanner {

    /** Since this version the images keep their data below another folder. */
    private static final int NEW_DATA_DIRECTORY = 18;

    private final ComposeFile compose;
    private final ComposeModel model;
    private final LocalSpec spec;
    private final Set<String> chosen;

    private final Map<Path, YamlFile> yamlFiles = new TreeMap<>();
    private final Map<Path, TextFile> files = new TreeMap<>();
    private final Map<Path, List<TextEdit>> edits = new TreeMap<>();
    private final Set<Notice> notices = new LinkedHashSet<>();

    ComposeChangePlanner(ComposeFile compose, ComposeModel model, LocalSpec spec, Set<String> chosen) {
        this.compose = compose;
        this.model = model;
        this.spec = spec;
        this.chosen = chosen;
    }

    ComposeChange plan() {
        for (String service : chosen) {
            List<ComposeModel.Definition> definitions = model.services().getOrDefault(service, List.of());
            List<ComposeModel.Value> builds = model.values(service, "build", 1);
            if (!builds.isEmpty()) {
                built(service, definitions.get(0), builds.get(0));
            } else {
                List<ComposeModel.Value> images = compose.images(service);
                if (images.isEmpty()) {
                    notice(
                            Notice.Kind.UNDECIDED,
                            definitions.get(0).file(),
                            definitions.get(0).key(),
                            service + " has no image. Write it into the file.");
                }
                images.forEach(image -> image(service, image));
            }
            mounts(service, !edits.isEmpty());
        }
        shared();
        List<ComposeChange.Changed> changed = new ArrayList<>();
        edits.forEach((path, all) -> changed.add(checked(path, all)));
        return new ComposeChange(changed, List.copyOf(notices));
    }

    private ComposeChange.Changed checked(Path path, List<TextEdit> all) {
        TextFile file = files.get(path);
        if (file == null) {
            throw new IllegalStateException("an edit of " + path + ", which was not read");
        }
        List<TextEdit> sorted =
                all.stream().sorted(Comparator.comparingInt(TextEdit::start)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).start() < sorted.get(i - 1).end()) {
                throw new LocalUpgradeException(file.place(sorted.get(i).start())
                        + ": two services use this text for different things. Change it by hand.");
            }
        }
        YamlFile yaml = yamlFiles.get(path);
        if (yaml != null) {
            yaml.checkSameBut(sorted, YamlFile.parse(TextFile.of(path, file.with(sorted))));
        }
        return new ComposeChange.Changed(file, sorted);
    }

    private void notice(Notice.Kind kind, YamlFile file, Node node, String message) {
        notices.add(new Notice(kind, file.file().path(), YamlFile.line(node), message));
    }

    private void edit(TextFile file, TextEdit edit) {
        files.putIfAbsent(file.path(), file);
        List<TextEdit> all = edits.computeIfAbsent(file.path(), p -> new ArrayList<>());
        if (!all.contains(edit)) {
            all.add(edit);
        }
    }

    /** Edits the value of a scalar; the place of the edit is that in the value. */
    private void edit(YamlFile file, ScalarNode scalar, TextEdit edit) {
        int position = file.position(scalar);
        if (position < 0) {
            throw new LocalUpgradeException(file.place(scalar)
                    + ": this is written with escapes or across lines and cannot be changed byte for byte. Write \""
                    + scalar.getValue().strip() + "\" in one piece.");
        }
        yamlFiles.putIfAbsent(file.file().path(), file);
        edit(file.file(), new TextEdit(edit.start() + position, edit.end() + position, edit.replacement()));
    }

    private void image(String service, ComposeModel.Value at) {
        if (!(at.node() instanceof ScalarNode scalar)) {
            throw new LocalUpgradeException(at.file().place(at.node()) + ": the image of " + service + " is no text.");
        }
        Map<String, String> variables =
                new HashMap<>(at.env() == null ? Map.of() : at.env().values());
        Interpolation now = expand(at, scalar, variables);
        variables.keySet().removeAll(now.withDefault());
        Interpolation byDefault = expand(at, scalar, variables);
        ImageName image = ImageName.parse(now.text());
        ImageDecision decision = ImageDecision.of(image, spec, spec.tags().get(service));
        switch (decision.kind()) {
            case UNDECIDED -> notice(Notice.Kind.UNDECIDED, at.file(), scalar, undecided(service, decision, now));
            case NEWER -> notice(Notice.Kind.NEWER, at.file(), scalar, service + ": " + decision.why() + ".");
            case UP_TO_DATE -> {}
            case CHANGE -> {
                decision.edits().forEach(edit -> apply(service, at, scalar, now, edit));
                if (image.mirrored() && spec.tags().get(service) == null) {
                    notice(
                            Notice.Kind.REGISTRY,
                            at.file(),
                            scalar,
                            service + ": whether " + image.registry() + " has the new tag is not known here.");
                }
            }
        }
        if (byDefault.unknown().isEmpty()) {
            ImageDecision other = ImageDecision.of(
                    ImageName.parse(byDefault.text()), spec, spec.tags().get(service));
            if (other.kind() == ImageDecision.Kind.CHANGE) {
                other.edits().forEach(edit -> apply(service, at, scalar, byDefault, edit));
            }
        }
        if (decision.kind() != ImageDecision.Kind.NEWER && image.tag().contains("alpine")) {
            notice(
                    Notice.Kind.SORTING,
                    at.file(),
                    scalar,
                    service + ": Alpine's images sort texts by musl, the cloud by "
                            + "glibc, so ORDER BY can give another order here. An image without \"alpine\" sorts as the cloud does.");
        }
    }

    private static Interpolation expand(ComposeModel.Value at, ScalarNode scalar, Map<String, String> values) {
        Interpolation view = Interpolation.of(scalar.getValue(), values);
        if (view == null) {
            throw new LocalUpgradeException(at.file().place(scalar) + ": \"" + scalar.getValue()
                    + "\" is no valid interpolation. Write ${NAME} or ${NAME:-default}.");
        }
        return view;
    }

    private String undecided(String service, ImageDecision decision, Interpolation now) {
        if (now.unknown().isEmpty()) {
            return service + ": " + decision.why();
        }
        return service + ": the image depends on " + String.join(", ", now.unknown())
                + ", which has no value here: give it one for PostgreSQL " + spec.version() + " in .env.";
    }

    private void apply(String service, ComposeModel.Value at, ScalarNode scalar, Interpolation view, TextEdit edit) {
        Interpolation.Span span = view.span(edit.start(), edit.end());
        if (span == null) {
            notice(
                    Notice.Kind.UNDECIDED,
                    at.file(),
                    scalar,
                    service + ": the version is put together from several parts. " + "Write it into one of them.");
            return;
        }
        TextEdit inPlace = new TextEdit(span.start(), span.end(), edit.replacement());
        String variable = span.variable();
        if (variable == null) {
            edit(at.file(), scalar, inPlace);
            if (span.defaultOf() != null) {
                notice(
                        Notice.Kind.VARIABLE,
                        at.file(),
                        scalar,
                        service + ": this is the default of " + span.defaultOf()
                                + ". Where that is set, in a shell or in an .env of somebody else, it has to be changed, too.");
            }
            return;
        }
        EnvFile env = at.env();
        Optional<EnvFile.Entry> entry = env == null ? Optional.empty() : env.entry(variable);
        if (entry.isEmpty()) {
            throw new IllegalStateException("a value of " + variable + " from nowhere");
        }
        TextFile file = entry.get().file();
        int start = entry.get().start();
        if (spec.editEnvFile()) {
            edit(file, new TextEdit(start + span.start(), start + span.end(), edit.replacement()));
        } else {
            String value = entry.get().value();
            notices.add(new Notice(
                    Notice.Kind.UNDECIDED,
                    file.path(),
                    file.line(start),
                    service + ": " + variable + " has to become "
                            + value.substring(0, span.start()) + edit.replacement() + value.substring(span.end())
                            + ". Change it, or let .env be edited."));
        }
    }

    private void built(String service, ComposeModel.Definition definition, ComposeModel.Value build) {
        if (spec.tags().containsKey(service)) {
            return;
        }
        Dockerfile.Base base = Dockerfile.baseOf(build);
        PostgresVersion version = base == null ? null : base.version();
        if (version == null || version.compareTo(spec.version().major()) < 0) {
            notice(
                    Notice.Kind.UNDECIDED,
                    definition.file(),
                    definition.key(),
                    service + " is built from a Dockerfile"
                            + (base == null
                                    ? ""
                                    : " on " + base.image() + " (" + base.file() + ", line " + base.line() + ")")
                            + ", which is not changed. Change its FROM to PostgreSQL " + spec.version()
                            + "; if that is done and not seen here, give any tag for this service.");
        }
    }

    private void mounts(String service, boolean changing) {
        boolean moves =
                spec.version().major().first() >= NEW_DATA_DIRECTORY && compose.variable(service, "PGDATA") == null;
        for (Mounts.Mount mount : Mounts.of(model, service)) {
            if (mount.atData() && moves) {
                dataDirectory(service, mount);
            }
            OldFiles.look(model, spec.version().major(), changing, service, mount)
                    .ifPresent(notices::add);
        }
    }

    private void dataDirectory(String service, Mounts.Mount mount) {
        if (!spec.moveDataDirectory()) {
            notice(
                    Notice.Kind.DATA_DIRECTORY,
                    mount.at().file(),
                    mount.target(),
                    service + ": since PostgreSQL 18 the "
                            + "images keep their data below /var/lib/postgresql, each version in a folder of its own, and what is "
                            + "mounted at /var/lib/postgresql/data is not used: the data would not be in it. Mount it at "
                            + "/var/lib/postgresql, or let the path be moved.");
        } else if (mount.edit() == null) {
            notice(
                    Notice.Kind.UNDECIDED,
                    mount.at().file(),
                    mount.target(),
                    service
                            + ": the path of this mount is put together from several parts. Change it by hand to "
                            + "/var/lib/postgresql.");
        } else {
            edit(mount.at().file(), mount.target(), mount.edit());
        }
    }

    /** Services that were not chosen and are changed all the same, because they use the same text. */
    private void shared() {
        Set<Node> ours = Collections.newSetFromMap(new IdentityHashMap<>());
        chosen.forEach(service -> compose.images(service).forEach(image -> ours.add(image.node())));
        for (String other : model.services().keySet()) {
            if (chosen.contains(other)) {
                continue;
            }
            for (ComposeModel.Value image : compose.images(other)) {
                if (ours.contains(image.node())
                        && edits.containsKey(image.file().file().path())) {
                    notice(
                            Notice.Kind.SHARED,
                            image.file(),
                            image.node(),
                            other + " uses the same image, and is changed, too.");
                }
            }
        }
    }
}
