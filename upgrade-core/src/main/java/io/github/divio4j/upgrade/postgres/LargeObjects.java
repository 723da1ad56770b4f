package io.github.divio4j.upgrade.postgres;

import io.github.divio4j.upgrade.postgres.Difference.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares the large objects of two databases, in the order of their oids, which a dump keeps. */
final class LargeObjects {

    private static final int AT_ONCE = 500;
    private static final int CHUNK = 1 << 20;

    private final SnapshotSession source;
    private final SnapshotSession target;
    private final int samples;
    private final List<String> keys = new ArrayList<>();
    private long missing;
    private long added;
    private long changed;

    LargeObjects(SnapshotSession source, SnapshotSession target, int samples) {
        this.source = source;
        this.target = target;
        this.samples = samples;
    }

    /**
     * Compares them.
     *
     * @param content whether their bytes are compared, too
     * @return null if they are the same
     */
    @Nullable
    Difference compare(boolean content) {
        Cursor left = new Cursor(source, content);
        Cursor right = new Cursor(target, content);
        LargeObject a = left.next();
        LargeObject b = right.next();
        while (a != null || b != null) {
            if (b == null || (a != null && a.oid() < b.oid())) {
                missing++;
                sample(a, " is missing in the target");
                a = left.next();
            } else if (a == null || b.oid() < a.oid()) {
                added++;
                sample(b, " is in the target only");
                b = right.next();
            } else {
                if (!a.content().equals(b.content()) || !left.restOf(a).equals(right.restOf(b))) {
                    changed++;
                    sample(a, " has other bytes");
                }
                a = left.next();
                b = right.next();
            }
        }
        if (missing + added + changed == 0) {
            return null;
        }
        return new Difference(
                Kind.LARGE_OBJECT,
                "the database",
                "differ: " + missing + " missing in the target, " + added + " in the target only, " + changed
                        + " changed",
                keys);
    }

    private void sample(@Nullable LargeObject object, String what) {
        if (object != null && keys.size() < samples) {
            keys.add("oid=" + object.oid() + what);
        }
    }

    /**
     * One of them.
     *
     * @param content a hash of its first bytes
     * @param more whether there may be others behind
     */
    private record LargeObject(long oid, String content, boolean more) {}

    private static final class Cursor {
        private final SnapshotSession session;
        private final boolean content;
        private final Deque<LargeObject> read = new ArrayDeque<>();
        private long last;
        private boolean end;

        Cursor(SnapshotSession session, boolean content) {
            this.session = session;
            this.content = content;
        }

        @Nullable
        LargeObject next() {
            if (read.isEmpty() && !end) {
                String bytes = content ? "lo_get(m.oid, 0, " + CHUNK + ")" : "'\\x'::bytea";
                session.forEach(
                        "SELECT o.oid, md5(o.bytes), length(o.bytes) FROM (SELECT m.oid, " + bytes
                                + " AS bytes FROM pg_largeobject_metadata m WHERE m.oid > " + last
                                + " ORDER BY m.oid LIMIT "
                                + AT_ONCE + " OFFSET 0) o",
                        subject(),
                        row -> read.add(new LargeObject(row.getLong(1), row.getString(2), row.getInt(3) == CHUNK)));
                end = read.size() < AT_ONCE;
                last = read.isEmpty() ? last : read.getLast().oid();
            }
            return read.poll();
        }

        /** Hashes what is behind the first chunk, one chunk after the other, so that no server must hold more of it. */
        String restOf(LargeObject object) {
            StringBuilder hashes = new StringBuilder();
            boolean more = object.more();
            for (long offset = CHUNK; more; offset += CHUNK) {
                List<String> chunk = new ArrayList<>();
                session.forEach(
                        "SELECT md5(b), length(b) FROM lo_get(" + object.oid() + "::oid, " + offset + ", " + CHUNK
                                + ") AS b",
                        subject(),
                        row -> chunk.addAll(List.of(row.getString(1), row.getString(2))));
                hashes.append(chunk.get(0));
                more = chunk.get(1).equals(Integer.toString(CHUNK));
            }
            return hashes.toString();
        }

        private String subject() {
            return "the large objects of the " + session.side();
        }
    }
}
