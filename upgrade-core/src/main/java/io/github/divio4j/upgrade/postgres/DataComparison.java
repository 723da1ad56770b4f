package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.postgres.Catalog.Item;
import io.github.divio4j.upgrade.postgres.Catalog.ObjectKey;
import io.github.divio4j.upgrade.postgres.ComparedSide.Question;
import io.github.divio4j.upgrade.postgres.ComparedSide.TableSum;
import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import io.github.divio4j.upgrade.postgres.Difference.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Compares a database with what was restored from a dump of it, on servers of PostgreSQL 9.6 to 18, in whichever versions, as a role
 * that owns the objects or may read them all.
 *
 * <p>Compared are schemas, tables, columns, rows, sequences, indexes, constraints, triggers, rules, policies, views, materialized
 * views, functions, types, extensions, large objects and what the connected role may do. Not compared are owners, comments, versions
 * of extensions, the rows of foreign tables, of materialized views and of tables that belong to an extension, and whatever a role
 * that is no superuser cannot see.
 *
 * <p>All sessions on a database see the same state of it, in transactions that only read. To be told that both hold the same,
 * nobody must write to the source between the dump and the comparison. In the target, definitions that are written differently are
 * read into temporary objects, in a transaction that is rolled back.
 *
 * <p>The servers add up hashes of their rows, so that what is held here does not grow with the number of rows. An instance can be
 * used again and by several threads.
 */
public final class DataComparison {

    private static final int SAMPLES = 10;

    /** How closely rows and large objects are compared. Everything else is compared in either case. */
    public enum Level {
        /** Only how many there are. */
        COUNTS,
        /** How many there are, and their content. */
        CHECKSUMS
    }

    private final Level level;
    private final int connections;
    private final Duration statementTimeout;
    private final @Nullable Executor executor;
    private final List<String> roles;

    private DataComparison(Builder builder) {
        this.level = builder.level;
        this.connections = builder.connections;
        this.statementTimeout = builder.statementTimeout;
        this.executor = builder.executor;
        this.roles = List.copyOf(builder.roles);
    }

    /** Returns a builder for a comparison of checksums over two connections to each database, without a time limit. */
    public static Builder builder() {
        return new Builder();
    }

    /** Says how to compare. Not for several threads. */
    public static final class Builder {
        private Level level = Level.CHECKSUMS;
        private int connections = 2;
        private Duration statementTimeout = Duration.ZERO;
        private @Nullable Executor executor;
        private final Set<String> roles = new TreeSet<>();

        private Builder() {}

        /** Sets how closely rows are compared; by default {@link Level#CHECKSUMS}. */
        public Builder level(Level level) {
            this.level = requireNonNull(level, "level");
            return this;
        }

        /**
         * Sets how many connections to each of the databases are used at most, which is also how many tables are compared at once; by
         * default 2.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder connections(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("connections must be 1 or more, but is " + connections);
            }
            this.connections = connections;
            return this;
        }

        /**
         * Sets how long a statement may take, which for a table is one scan of it; by default there is no limit.
         *
         * @param timeout zero for no limit
         * @throws IllegalArgumentException if it is negative, or positive and less than a millisecond
         */
        public Builder statementTimeout(Duration timeout) {
            if (timeout.isNegative() || (!timeout.isZero() && timeout.toMillis() == 0)) {
                throw new IllegalArgumentException(
                        "the time that a statement may take must be a millisecond or more: " + timeout);
            }
            this.statementTimeout = timeout;
            return this;
        }

        /**
         * Sets where the tables are asked for, instead of in threads of its own. It is given two tasks for each connection; they block
         * while the servers work, need not run at once, and are done when the comparison ends.
         */
        public Builder executor(Executor executor) {
            this.executor = requireNonNull(executor, "executor");
            return this;
        }

        /** Compares what this role may do, too, and not only the connected one; it must go by this name in both databases. */
        public Builder alsoPrivilegesOf(String role) {
            roles.add(requireNonNull(role, "role"));
            return this;
        }

        /** Returns the comparison. */
        public DataComparison build() {
            return new DataComparison(this);
        }
    }

    /**
     * Compares. Blocks until everything is compared or something fails.
     *
     * @param source where the dump was made
     * @param target where it was restored
     * @throws DatabaseException if either cannot be reached or read, if a statement takes too long, if a table is dropped meanwhile,
     *     or if the thread is interrupted, whose interrupt status is then set; nothing was changed
     */
    public ComparisonResult compare(DataSource source, DataSource target) {
        requireNonNull(source, "source");
        requireNonNull(target, "target");
        long begin = System.nanoTime();
        try (ComparedSide before = ComparedSide.open(source, "source", statementTimeout);
                ComparedSide after = ComparedSide.open(target, "target", statementTimeout)) {
            return new Comparing(before, after).run(begin);
        }
    }

    /** One comparison that is under way. */
    private final class Comparing {
        private final ComparedSide before;
        private final ComparedSide after;
        private final List<Difference> differences = new ArrayList<>();
        private final List<String> remarks = new ArrayList<>();

        /** Definitions that are written differently. */
        private final List<Written> written = new ArrayList<>();

        private record Written(ObjectKey key, String definition, Item source, Item target) {}

        Comparing(ComparedSide before, ComparedSide after) {
            this.before = before;
            this.after = after;
        }

        ComparisonResult run(long begin) {
            SnapshotSession source = before.first();
            SnapshotSession target = after.first();
            List<String> known = rolesOfBoth();
            Map<ObjectKey, Item> old = Catalog.read(source, known).items();
            Map<ObjectKey, Item> now = Catalog.read(target, known).items();
            compareObjects(old, now);

            boolean inUtf8 = !encoding(source).equals(encoding(target));
            RowHash hash = new RowHash(inUtf8);
            List<ComparedTable> tables = ComparedTable.read(source).stream()
                    .filter(table -> now.containsKey(new ObjectKey(Kind.TABLE, table.name())))
                    .toList();
            Set<String> changed = tablesWithOtherColumns(old, now);
            sum(tables, hash, changed);
            compareRows(tables, hash, changed);
            Difference largeObjects = new LargeObjects(source, target, SAMPLES).compare(level == Level.CHECKSUMS);
            if (largeObjects != null) {
                differences.add(largeObjects);
            }
            String sourceVersion = source.value("SHOW server_version", "the source");
            String targetVersion = target.value("SHOW server_version", "the target");
            compareDefinitions();
            differences.sort(Comparator.comparing(Difference::kind).thenComparing(Difference::object));
            return new ComparisonResult(
                    level,
                    sourceVersion,
                    targetVersion,
                    tables.size(),
                    before.sums().values().stream().mapToLong(TableSum::rows).sum(),
                    tables.stream().mapToLong(ComparedTable::bytes).sum(),
                    Duration.ofNanos(System.nanoTime() - begin),
                    differences,
                    remarks);
        }

        private List<String> rolesOfBoth() {
            List<String> both = new ArrayList<>();
            for (String role : roles) {
                String sql = "SELECT count(*) FROM pg_roles WHERE rolname = " + Catalog.literal(role);
                boolean old =
                        before.first().value(sql, "the roles of the source").equals("1");
                boolean now =
                        after.first().value(sql, "the roles of the target").equals("1");
                if (old && now) {
                    both.add(role);
                } else {
                    differences.add(difference(Kind.PRIVILEGE, "role " + role, old ? MISSING : now ? ADDED : NOWHERE));
                }
            }
            return both;
        }

        private String encoding(SnapshotSession session) {
            return session.value("SHOW server_encoding", "the " + session.side());
        }

        private void compareObjects(Map<ObjectKey, Item> old, Map<ObjectKey, Item> now) {
            Set<ObjectKey> all = new TreeSet<>(old.keySet());
            all.addAll(now.keySet());
            Set<String> relations = relationsOf(old);
            relations.retainAll(relationsOf(now));
            for (ObjectKey key : all) {
                Item before = old.get(key);
                Item after = now.get(key);
                if (before != null && after != null) {
                    compareFacts(key, before, after);
                } else if (before != null && (before.of() == null || relations.contains(before.of()))) {
                    if (key.kind() == Kind.INDEX
                            && "false".equals(before.facts().get("valid"))) {
                        remarks.add("index " + key.name() + " is not valid in the source, and such are not dumped");
                    } else {
                        differences.add(difference(key.kind(), key.name(), MISSING));
                    }
                } else if (after != null && (after.of() == null || relations.contains(after.of()))) {
                    differences.add(difference(key.kind(), key.name(), ADDED));
                }
            }
        }

        private Set<String> relationsOf(Map<ObjectKey, Item> items) {
            Set<String> relations = new HashSet<>();
            items.forEach((key, item) -> {
                switch (key.kind()) {
                    case TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE, TYPE -> relations.add(key.name());
                    case SCHEMA -> relations.add("schema " + key.name());
                    case FUNCTION -> relations.add("function " + key.name());
                    default -> {}
                }
            });
            return relations;
        }

        private void compareFacts(ObjectKey key, Item old, Item now) {
            List<String> what = new ArrayList<>();
            Map<String, String> facts = new LinkedHashMap<>(old.facts());
            facts.putAll(now.facts());
            for (String fact : facts.keySet()) {
                String was = old.facts().getOrDefault(fact, "none");
                String is = now.facts().getOrDefault(fact, "none");
                if (!was.equals(is)) {
                    compareFact(key, fact, was, is, what);
                }
            }
            Set<String> definitions = new TreeSet<>(old.definitions().keySet());
            definitions.addAll(now.definitions().keySet());
            for (String definition : definitions) {
                String was = old.definitions().get(definition);
                String is = now.definitions().get(definition);
                if (was == null || is == null) {
                    what.add(
                            was == null
                                    ? "has a " + definition + " in the target only"
                                    : "lacks its " + definition + " in the target");
                } else if (!was.equals(is)) {
                    written.add(new Written(key, definition, old, now));
                }
            }
            if (!what.isEmpty()) {
                differences.add(difference(key.kind(), key.name(), String.join("; ", what)));
            }
        }

        private void compareFact(ObjectKey key, String fact, String was, String is, List<String> what) {
            if (key.kind() == Kind.PRIVILEGE) {
                Set<String> lost = privileges(was);
                lost.removeAll(privileges(is));
                if (lost.isEmpty()) {
                    remarks.add("privileges of " + key.name() + " are more in the target: " + is + ", in the source: "
                            + was);
                } else {
                    what.add("lack " + String.join(", ", lost) + " in the target");
                }
            } else if (key.kind() == Kind.INDEX && fact.matches("valid|ready") && is.equals("true")) {
                remarks.add("index " + key.name() + " is " + fact + " in the target, and was not in the source");
            } else {
                what.add("has another " + fact + ": " + was + " in the source, " + is + " in the target");
            }
        }

        private Set<String> privileges(String text) {
            Set<String> privileges = new TreeSet<>(List.of(text.split(", ", -1)));
            privileges.remove("none");
            return privileges;
        }

        /** Those whose rows cannot have the same text. */
        private Set<String> tablesWithOtherColumns(Map<ObjectKey, Item> old, Map<ObjectKey, Item> now) {
            Set<String> tables = new HashSet<>();
            Set<ObjectKey> all = new HashSet<>(old.keySet());
            all.addAll(now.keySet());
            for (ObjectKey key : all) {
                if (key.kind() == Kind.COLUMN) {
                    Item was = old.get(key);
                    Item is = now.get(key);
                    boolean same = was != null && is != null && typeOf(was).equals(typeOf(is));
                    Item there = was == null ? is : was;
                    if (!same && there != null) {
                        tables.add(String.valueOf(there.of()));
                    }
                }
            }
            return tables;
        }

        private String typeOf(Item column) {
            return column.facts().getOrDefault("type", "none");
        }

        private @Nullable RowHash hashFor(ComparedTable table, RowHash hash, Set<String> changed) {
            return level == Level.COUNTS || changed.contains(table.name()) ? null : hash;
        }

        private void sum(List<ComparedTable> tables, RowHash hash, Set<String> changed) {
            Queue<Question> source = ComparedSide.queue();
            Queue<Question> target = ComparedSide.queue();
            for (ComparedTable table : tables) {
                Question question = new Question(table.name(), table.sum(hashFor(table, hash, changed)));
                source.add(question);
                target.add(question);
            }
            if (executor != null) {
                sum(source, target, executor);
                return;
            }
            ExecutorService own = Executors.newFixedThreadPool(2 * connections, task -> {
                Thread thread = new Thread(task, "divio4j-compare");
                thread.setDaemon(true);
                return thread;
            });
            try {
                sum(source, target, own);
            } finally {
                own.shutdown();
            }
        }

        private void sum(Queue<Question> source, Queue<Question> target, Executor threads) {
            AtomicReference<RuntimeException> failure = new AtomicReference<>();
            List<CompletableFuture<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                boolean onFirst = i == 0;
                if (onFirst || before.isShared()) {
                    tasks.add(start(threads, failure, () -> before.ask(source, onFirst)));
                }
                if (onFirst || after.isShared()) {
                    tasks.add(start(threads, failure, () -> after.ask(target, onFirst)));
                }
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(tasks.toArray(new CompletableFuture<?>[0]));
            try {
                all.get();
            } catch (InterruptedException e) {
                failure.compareAndSet(
                        null,
                        DatabaseException.because(
                                Reason.INTERRUPTED,
                                SnapshotSession.ACTION,
                                "the source and the target",
                                "the thread was interrupted",
                                SnapshotSession.TRUE_NOW,
                                "Compare again."));
                cancel();
                // The sessions are closed by who uses them, and they are done soon.
                all.join();
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            RuntimeException failed = failure.get();
            if (failed != null) {
                throw failed;
            }
        }

        private CompletableFuture<Void> start(
                Executor threads, AtomicReference<RuntimeException> failure, Runnable task) {
            return CompletableFuture.runAsync(
                    () -> {
                        try {
                            task.run();
                        } catch (RuntimeException e) {
                            // What others say after that is that they were cancelled.
                            if (failure.compareAndSet(null, e)) {
                                cancel();
                            }
                        }
                    },
                    threads);
        }

        private void cancel() {
            before.cancel();
            after.cancel();
        }

        private void compareRows(List<ComparedTable> tables, RowHash hash, Set<String> changed) {
            for (ComparedTable table : tables) {
                TableSum old = requireNonNull(before.sums().get(table.name()));
                TableSum now = requireNonNull(after.sums().get(table.name()));
                if (old.equals(now)) {
                    continue;
                }
                RowHash used = hashFor(table, hash, changed);
                String what = old.rows() == now.rows()
                        ? "have other content: " + old.rows() + " of them in both"
                        : "differ in number: " + old.rows() + " in the source, " + now.rows() + " in the target";
                List<String> keys = used == null
                        ? List.of()
                        : new RowSamples(table, used, Math.max(old.rows(), now.rows()), SAMPLES)
                                .find(before.first(), after.first());
                differences.add(new Difference(Kind.ROWS, table.name(), what, keys));
            }
        }

        private void compareDefinitions() {
            if (written.isEmpty()) {
                return;
            }
            Definitions definitions = new Definitions(after.first());
            for (Written one : written) {
                Boolean same = definitions.same(one.definition(), one.source(), one.target());
                String name = one.key().name();
                if (same == null) {
                    remarks.add("the " + one.definition() + " of " + name
                            + " is written differently in source and target; whether it is the same could not be told");
                } else if (!same) {
                    differences.add(difference(one.key().kind(), name, "has another " + one.definition()));
                }
            }
        }

        private static final String MISSING = "is missing in the target";
        private static final String ADDED = "is in the target only";
        private static final String NOWHERE = "is in neither of them";

        private Difference difference(Kind kind, String name, String what) {
            return new Difference(kind, name, what, List.of());
        }
    }
}
