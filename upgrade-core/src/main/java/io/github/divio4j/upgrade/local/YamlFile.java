package io.github.divio4j.upgrade.local;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** A YAML file as nodes that know where in the text they stand. */
final class YamlFile {

    /** Deeper than any file that a person writes; the parser calls itself once a level. */
    private static final int DEEPEST = 200;

    private final TextFile file;
    private final List<Event> events;
    private final List<Node> documents;

    private YamlFile(TextFile file, List<Event> events, List<Node> documents) {
        this.file = file;
        this.events = events;
        this.documents = documents;
    }

    /**
     * Parses a file.
     *
     * @throws LocalUpgradeException if it is no YAML, or a mapping has the same key twice; it names line and column
     */
    static YamlFile parse(TextFile file) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(file.path().toString()).build();
        try {
            List<Event> events = new ArrayList<>();
            int depth = 0;
            ParserImpl parser = parser(settings, file);
            while (parser.hasNext()) {
                Event event = parser.next();
                events.add(event);
                depth += nesting(event);
                if (depth > DEEPEST) {
                    throw new LocalUpgradeException(place(file, event.getStartMark()) + ": nested more than " + DEEPEST
                            + " levels deep, which no compose file is.");
                }
            }
            List<Node> documents = new ArrayList<>();
            new Composer(settings, parser(settings, file)).forEachRemaining(documents::add);
            YamlFile yaml = new YamlFile(file, events, documents);
            yaml.refuseDuplicateKeys();
            return yaml;
        } catch (MarkedYamlEngineException e) {
            throw new LocalUpgradeException(
                    place(file, e.getProblemMark()) + ": this is no valid YAML: " + e.getProblem() + ".", e);
        } catch (ReaderException e) {
            int index = Math.min(
                    e.getPosition(), file.text().codePointCount(0, file.text().length()));
            throw new LocalUpgradeException(
                    file.place(file.index(index)) + ": the character U+" + "%04X".formatted(e.getCodePoint())
                            + " is not allowed in YAML.",
                    e);
        } catch (YamlEngineException e) {
            throw new LocalUpgradeException(file.place(0) + ": this is no valid YAML: " + e.getMessage(), e);
        }
    }

    private static ParserImpl parser(LoadSettings settings, TextFile file) {
        return new ParserImpl(settings, new StreamReader(settings, file.text()));
    }

    private static int nesting(Event event) {
        return switch (event.getEventId()) {
            case MappingStart, SequenceStart -> 1;
            case MappingEnd, SequenceEnd -> -1;
            default -> 0;
        };
    }

    private static String place(TextFile file, Optional<Mark> mark) {
        return mark.map(m -> file.path() + ", line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1))
                .orElseGet(() -> file.place(0));
    }

    private void refuseDuplicateKeys() {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>(documents);
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (!seen.add(node)) {
                continue;
            }
            if (node instanceof SequenceNode sequence) {
                sequence.getValue().forEach(open::push);
            } else if (node instanceof MappingNode mapping) {
                Map<String, Node> keys = new HashMap<>();
                for (NodeTuple entry : mapping.getValue()) {
                    if (entry.getKeyNode() instanceof ScalarNode key) {
                        Node first = keys.putIfAbsent(key.getValue(), key);
                        if (first != null) {
                            throw new LocalUpgradeException(place(file, key.getStartMark()) + ": the key \""
                                    + key.getValue() + "\" is there twice, first in line " + line(first)
                                    + ". Remove one of them.");
                        }
                    }
                    open.push(entry.getKeyNode());
                    open.push(entry.getValueNode());
                }
            }
        }
    }

    TextFile file() {
        return file;
    }

    List<Node> documents() {
        return documents;
    }

    /** Where a node begins, for people. */
    String place(Node node) {
        return file.path() + ", line " + line(node);
    }

    /** The line in which a node begins, from 1; 1 if it does not know. */
    static int line(Node node) {
        return node.getStartMark().map(m -> m.getLine() + 1).orElse(1);
    }

    /**
     * The value of a key: the mapping's own, otherwise that of the mappings that it merges ({@code <<}).
     *
     * @return null if there is none
     */
    static @Nullable Node value(MappingNode mapping, String key) {
        return value(mapping, key, 0);
    }

    private static @Nullable Node value(MappingNode mapping, String key, int depth) {
        if (depth > DEEPEST) {
            return null;
        }
        Node merged = null;
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode name) {
                if (name.getValue().equals(key)) {
                    return entry.getValueNode();
                }
                if (name.getValue().equals("<<")) {
                    merged = entry.getValueNode();
                }
            }
        }
        if (merged instanceof MappingNode base) {
            return value(base, key, depth + 1);
        }
        if (merged instanceof SequenceNode bases) {
            for (Node base : bases.getValue()) {
                Node found = base instanceof MappingNode m ? value(m, key, depth + 1) : null;
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /**
     * Where in the text the characters of a scalar stand, so that the n-th character of its value is the n-th from there.
     *
     * @return -1 if they do not stand there one by one: with escapes, or broken across lines
     */
    int position(ScalarNode scalar) {
        return position(scalar.getValue(), index(scalar.getStartMark()), index(scalar.getEndMark()));
    }

    private int index(Optional<Mark> mark) {
        return file.index(mark.map(Mark::getIndex).orElse(0));
    }

    private int position(String whole, int start, int end) {
        String value = whole.strip();
        // An anchor or a tag stands before the value and may hold the same characters.
        int found = file.text().indexOf(value, behindProperties(start, end));
        boolean inside = !value.isEmpty() && found >= 0 && found + value.length() <= end;
        int again = inside ? file.text().indexOf(value, found + 1) : -1;
        boolean twice = again >= 0 && again + value.length() <= end;
        return inside && !twice ? found - whole.indexOf(value) : -1;
    }

    private int behindProperties(int start, int end) {
        int at = start;
        while (at < end && (file.text().charAt(at) == '&' || file.text().charAt(at) == '!')) {
            while (at < end && !Character.isWhitespace(file.text().charAt(at))) {
                at++;
            }
            while (at < end && Character.isWhitespace(file.text().charAt(at))) {
                at++;
            }
        }
        return at;
    }

    /**
     * Makes sure that a file says the same as this one but for the scalars that were edited: the edits are right only if the
     * parser thinks so, too.
     *
     * @throws LocalUpgradeException if it does not
     */
    void checkSameBut(List<TextEdit> edits, YamlFile edited) {
        Iterator<Event> after = edited.events.iterator();
        for (Event before : events) {
            Event other = after.hasNext() ? after.next() : null;
            if (other == null || !(same(before, other) || changedAsMeant(before, other, edits))) {
                throw new LocalUpgradeException(place(file, before.getStartMark())
                        + ": changing the image here would change what else the file says. Change it by hand.");
            }
        }
    }

    private static boolean same(Event before, Event after) {
        if (before.getEventId() != after.getEventId()) {
            return false;
        }
        if (before instanceof NodeEvent node && !node.getAnchor().equals(((NodeEvent) after).getAnchor())) {
            return false;
        }
        if (before instanceof AliasEvent alias) {
            return alias.getAlias().equals(((AliasEvent) after).getAlias());
        }
        if (before instanceof CollectionStartEvent start) {
            return start.getTag().equals(((CollectionStartEvent) after).getTag());
        }
        if (before instanceof ScalarEvent scalar) {
            return scalar.getValue().equals(((ScalarEvent) after).getValue());
        }
        return true;
    }

    private boolean changedAsMeant(Event before, Event after, List<TextEdit> edits) {
        if (!(before instanceof ScalarEvent old) || !(after instanceof ScalarEvent changed)) {
            return false;
        }
        int start = index(old.getStartMark());
        int end = index(old.getEndMark());
        int position = position(old.getValue(), start, end);
        StringBuilder expected = new StringBuilder(old.getValue());
        // From the last to the first, so that the places of the others stay.
        edits.stream()
                .filter(edit -> edit.start() >= start && edit.end() <= end)
                .sorted(Comparator.comparingInt(TextEdit::start).reversed())
                .forEach(edit -> expected.replace(edit.start() - position, edit.end() - position, edit.replacement()));
        return changed.getValue().contentEquals(expected);
    }
}
