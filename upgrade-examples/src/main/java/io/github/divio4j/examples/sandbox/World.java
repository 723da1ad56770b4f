package io.github.divio4j.examples.sandbox;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * All that the platform knows, behind one lock.
 *
 * <p>Requests and the ends of operations run inside the lock and are short; what takes long (servers, dumps) runs outside.
 */
final class World {
    private final ReentrantLock lock = new ReentrantLock();

    final Ids ids = new Ids();
    final Account account;
    final Region region;
    final Table<CatalogueService> services = new Table<>();
    final Table<Application> applications = new Table<>();
    final Table<Environment> environments = new Table<>();
    final Table<ServiceInstance> instances = new Table<>();
    final Table<Deployment> deployments = new Table<>();
    final Table<Backup> backups = new Table<>();
    final Table<Restore> restores = new Table<>();
    final Table<Download> downloads = new Table<>();
    final Table<Repository> repositories = new Table<>();

    private final Clock clock;

    World(Clock clock) {
        this.clock = clock;
        account = new Account(ids.next(), ids.next(), ids.next(), ids.next());
        region = new Region(ids.next(), "Sandbox");
    }

    /** The one user with the one organisation and what it may choose from. */
    record Account(String userId, String organisationId, String planGroupId, String appTemplateId) {}

    /** Rows by id, in the order they were added. */
    static final class Table<T> {
        private final Map<String, T> rows = new LinkedHashMap<>();

        void add(String id, T row) {
            rows.put(id, row);
        }

        void remove(String id) {
            rows.remove(id);
        }

        Optional<T> find(String id) {
            return Optional.ofNullable(rows.get(id));
        }

        /** The row that a path names. */
        T get(String id) {
            return find(id).orElseThrow(ApiException::notFound);
        }

        Collection<T> all() {
            return Collections.unmodifiableCollection(rows.values());
        }

        List<T> newestFirst() {
            List<T> list = new ArrayList<>(rows.values());
            Collections.reverse(list);
            return list;
        }
    }

    <T> T inside(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void update(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    Instant now() {
        return clock.instant();
    }

    List<ServiceInstance> instancesOf(Environment environment) {
        return instances.all().stream()
                .filter(instance -> instance.environment == environment)
                .toList();
    }
}
