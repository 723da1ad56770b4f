package io.github.divio4j.upgrade.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What would be changed in compose files and {@code .env}. Immutable. */
public final class ComposeChange {

    private final List<Changed> files;
    private final List<Notice> notices;

    ComposeChange(List<Changed> files, List<Notice> notices) {
        this.files = List.copyOf(files);
        this.notices = List.copyOf(notices);
    }

    /** A file with its edits, which are not empty. */
    record Changed(TextFile file, List<TextEdit> edits) {}

    /** Tells whether there is nothing to change. */
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /** The files that would be changed. */
    public Set<Path> files() {
        return Collections.unmodifiableSet(after().keySet());
    }

    /** The bytes that each changed file would have. */
    public Map<Path, byte[]> after() {
        Map<Path, byte[]> after = new TreeMap<>();
        files.forEach(changed -> after.put(changed.file().path(), changed.file().with(changed.edits())));
        return after;
    }

    /** Every part that would be replaced. */
    public List<FileEdit> edits() {
        List<FileEdit> edits = new ArrayList<>();
        files.forEach(changed ->
                changed.edits().forEach(edit -> edits.add(changed.file().inBytes(edit))));
        return List.copyOf(edits);
    }

    /** What a person should know or decide. */
    public List<Notice> notices() {
        return notices;
    }

    /** The change as a unified diff, empty if there is none. */
    public String diff() {
        StringBuilder diff = new StringBuilder();
        files.forEach(changed -> diff.append(UnifiedDiff.of(changed.file(), changed.edits())));
        return diff.toString();
    }

    /**
     * Writes the files. Each has its old or its new bytes at every moment, and keeps its permissions; a link stays, and the file
     * that it leads to is written. Nothing is written if one of them was changed since it was read, or cannot be written.
     *
     * @throws LocalUpgradeException if that is so, or a file could not be written
     */
    public void write() {
        List<FileReplacement> replacements = new ArrayList<>();
        try {
            for (Changed changed : files) {
                replacements.add(FileReplacement.prepare(
                        changed.file().path(),
                        changed.file().bytes(),
                        changed.file().with(changed.edits())));
            }
            replacements.forEach(FileReplacement::replace);
        } finally {
            replacements.forEach(FileReplacement::close);
        }
    }
}
