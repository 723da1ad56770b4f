package io.github.divio4j.upgrade.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** {@link Journal#inMemory}. */
final class MemoryJournal implements Journal {

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    @Override
    public void append(Entry entry) {
        entries.add(entry);
    }

    @Override
    public List<Entry> records() {
        return List.copyOf(entries);
    }
}
