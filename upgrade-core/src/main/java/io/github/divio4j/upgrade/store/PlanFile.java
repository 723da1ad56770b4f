package io.github.divio4j.upgrade.store;

import io.github.divio4j.upgrade.SavedPlan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plans as JSON. The same plan always gives the same bytes: UTF-8, names sorted, one value a line, lines end with
 * {@code \n}; so two plans can be compared as texts. The form is described in upgrade-core/README.md.
 *
 * <p>What a newer version adds to the form is ignored; a form that this version cannot know is refused.
 */
public final class PlanFile {

    private static final Format FORMAT = new Format("divio4j-plan", 1);
    private static final String AGAIN = " Make the plan again.";

    private PlanFile() {}

    /** Writes a plan as JSON. */
    public static String toJson(SavedPlan plan) {
        Map<String, Object> fields = new TreeMap<>(PlanJson.write(plan));
        fields.putAll(FORMAT.fields());
        return Json.write(fields, "  ") + "\n";
    }

    /**
     * Reads a plan from JSON.
     *
     * @throws StoreException if it is no plan that this version can read; the message says where in it, and why
     */
    public static SavedPlan fromJson(String json) {
        return read(json, "The text");
    }

    private static SavedPlan read(String json, String name) {
        try {
            Json root = Json.parse(json);
            FORMAT.check(root);
            return PlanJson.read(root);
        } catch (Malformed e) {
            throw new StoreException(name + " is no plan that can be read: " + e.getMessage() + "." + AGAIN, e);
        }
    }

    /**
     * Writes a plan to a file, in place of what it held. Whoever reads the file meanwhile, or after a crash, finds what it
     * held before or the whole plan.
     *
     * @throws StoreException if it cannot be written
     */
    public static synchronized void write(Path file, SavedPlan plan) {
        Path part = file.resolveSibling(
                "." + file.getFileName() + "-" + ProcessHandle.current().pid() + ".part");
        try {
            try {
                Files.writeString(part, toJson(plan));
                try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                move(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new StoreException(
                    "The plan could not be written to " + file + ": " + Reason.of(e)
                            + ". Choose a file in a folder that exists, can be written to and has room.",
                    e);
        }
    }

    private static void move(Path part, Path whole) throws IOException {
        try {
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Reads a plan from a file.
     *
     * @throws StoreException if it cannot be read, or is no plan that this version can read; the message says where in it,
     *     and why
     */
    public static SavedPlan read(Path file) {
        try {
            return read(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), "The file " + file);
        } catch (IOException e) {
            throw new StoreException(
                    "The plan " + file + " could not be read: " + Reason.of(e) + ". Check the name of the file.", e);
        }
    }
}
