package io.github.divio4j.upgrade.store;

import io.github.divio4j.upgrade.run.Journal;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a file: one line of JSON for each entry, after a first line that says what the file is. An entry is on the
 * disk when {@link #append} returns. The form is described in upgrade-core/README.md.
 *
 * <p>One process at a time: while the journal is open, the file {@code <journal>.lock} beside it is locked; it stays there
 * afterwards. Anybody may read the journal at any time.
 *
 * <p>If a process died in the middle of an entry, the journal is opened without it: what there is of it becomes a line of
 * its own, for people, and {@link #torn} tells it. What the entry was to announce had not begun.
 *
 * <p>Safe for use by several threads.
 */
public final class FileJournal implements Journal, AutoCloseable {

    private static final Format FORMAT = new Format("divio4j-journal", 1);
    private static final String HEADER = Json.write(new TreeMap<>(FORMAT.fields()), "") + "\n";
    private static final String TORN = "TORN";

    /** A password may hold an @: the last one counts. The lengths are bounded so that no text takes long. */
    private static final Pattern PASSWORD = Pattern.compile("(://[^\\s:/@\"'<>]{0,256}:)[^\\s\"'<>]{1,1024}@");

    private final Path path;
    private final JournalLock lock;
    private final RandomAccessFile file;
    private final @Nullable String torn;
    /** Where the next line begins; what is behind it was not wholly written. */
    private long end;

    private boolean closed;

    /** How a file is opened. */
    interface Opener {
        RandomAccessFile open(File file) throws IOException;
    }

    /**
     * Opens a journal, and begins it if the file is not there or empty.
     *
     * @param path the file, in a folder that exists
     * @throws StoreException if another process has it open, it cannot be written to, or it is something else than a
     *     journal, and is left as it is then
     */
    public static FileJournal open(Path path) {
        return open(path, file -> new RandomAccessFile(file, "rw"));
    }

    static FileJournal open(Path path, Opener opener) {
        if (path.toFile().isDirectory()) {
            throw new StoreException("The journal " + path + " is a folder. Name a file in it.", null);
        }
        try {
            JournalLock lock = JournalLock.of(path);
            try {
                return open(path, lock, opener.open(path.toFile()));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(
                    "The journal " + path + " could not be opened: " + Reason.of(e)
                            + ". Choose a file in a folder that exists, can be written to and has room.",
                    e);
        }
    }

    private static FileJournal open(Path path, JournalLock lock, RandomAccessFile file) throws IOException {
        try {
            return new FileJournal(path, lock, file);
        } catch (Malformed e) {
            file.close();
            throw new StoreException(
                    "The file " + path + " is no journal that can be read, and is left as it is: " + e.getMessage()
                            + ". A run can do without its old journal: move it away, or use another file.",
                    e);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private FileJournal(Path path, JournalLock lock, RandomAccessFile file) throws IOException {
        this.path = path;
        this.lock = lock;
        this.file = file;
        byte[] content = content(file.length());
        int whole = content.length;
        while (whole > 0 && content[whole - 1] != '\n') {
            whole--;
        }
        String rest = new String(content, whole, content.length - whole, StandardCharsets.UTF_8);
        this.end = whole;
        if (whole == 0 && HEADER.startsWith(rest)) {
            this.torn = null;
            write(HEADER);
            syncFolder();
            return;
        }
        entries(whole == 0 ? rest : new String(content, 0, whole, StandardCharsets.UTF_8));
        this.torn = rest.isEmpty() ? null : rest;
        if (!rest.isEmpty()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("kind", TORN);
            line.put("text", rest);
            write(Json.write(line, "") + "\n");
        }
    }

    /** What there was of an entry that was not wholly written when the journal was opened; empty if there was none. */
    public Optional<String> torn() {
        return Optional.ofNullable(torn);
    }

    @Override
    public synchronized void append(Entry entry) {
        checkOpen();
        try {
            write(line(entry));
        } catch (IOException e) {
            throw new StoreException("an entry could not be added to the journal " + path + ": " + Reason.of(e), e);
        }
    }

    @Override
    public synchronized List<Entry> records() {
        checkOpen();
        try {
            return entries(new String(content(end), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new StoreException("the journal " + path + " could not be read: " + Reason.of(e), e);
        } catch (Malformed e) {
            throw new StoreException("the journal " + path + " was changed meanwhile: " + e.getMessage(), e);
        }
    }

    /** Lets other processes have it. What was added is on the disk already. Does nothing if it is closed. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock;
                file) {
            // Nothing else is left to do.
        } catch (IOException e) {
            throw new StoreException(
                    "The journal " + path + " could not be closed: " + Reason.of(e)
                            + ". What was added to it is there.",
                    e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreException("the journal " + path + " is closed", null);
        }
    }

    // The file

    private byte[] content(long length) throws IOException {
        byte[] content = new byte[Math.toIntExact(length)];
        file.seek(0);
        file.readFully(content);
        return content;
    }

    private void write(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            file.seek(end);
            file.write(bytes);
            file.setLength(end + bytes.length);
            file.getFD().sync();
        } catch (IOException e) {
            takeBack(e);
            throw e;
        }
        end += bytes.length;
    }

    /** Where this fails, too, the next entry is written over what is there, or the next opening finds it torn. */
    private void takeBack(IOException cause) {
        try {
            file.setLength(end);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** A new file is there after a power failure only if its folder was written, too; not every system lets that be asked for. */
    @SuppressWarnings("EmptyCatch")
    private void syncFolder() {
        Path folder = path.toAbsolutePath().getParent();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notPossibleHere) {
            // The journal is used all the same: it is not needed to go on.
        }
    }

    // The lines

    private static String line(Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("at", entry.at().toString());
        fields.put("run", entry.run());
        fields.put("kind", entry.kind().name());
        if (entry.environment() != null) {
            fields.put("environment", entry.environment());
        }
        if (entry.step() != null) {
            fields.put("step", entry.step());
        }
        if (!entry.message().isEmpty()) {
            fields.put("message", withoutPasswords(entry.message()));
        }
        if (!entry.facts().isEmpty()) {
            Map<String, String> facts = new TreeMap<>();
            entry.facts().forEach((name, value) -> facts.put(name, withoutPasswords(value)));
            fields.put("facts", facts);
        }
        return Json.write(fields, "") + "\n";
    }

    private static String withoutPasswords(String text) {
        return PASSWORD.matcher(text).replaceAll("$1***@");
    }

    private static List<Entry> entries(String text) {
        List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            try {
                Json json = Json.parse(line);
                if (number == 1) {
                    FORMAT.check(json);
                } else if (isEntry(json)) {
                    entries.add(entry(json));
                }
            } catch (Malformed e) {
                throw new Malformed("in line " + number + ", " + e.getMessage());
            }
        }
        return entries;
    }

    /** What a newer version adds is for that version. */
    private static boolean isEntry(Json json) {
        String kind = json.at("kind").text();
        return Stream.of(Kind.values()).anyMatch(k -> k.name().equals(kind));
    }

    private static Entry entry(Json json) {
        String message = json.at("message").textOrNull();
        return new Entry(
                json.at("at").read(Instant::parse),
                json.at("run").text(),
                json.at("environment").textOrNull(),
                json.at("step").textOrNull(),
                json.at("kind").word(Kind.class),
                json.at("facts").texts(),
                message == null ? "" : message);
    }
}
