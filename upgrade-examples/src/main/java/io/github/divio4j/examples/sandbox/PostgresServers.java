package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL server for each major version that is needed; started when the first one needs it. */
final class PostgresServers implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PostgresServers.class.getName());

    private final RunFolder folder;
    private final boolean durable;
    private final Map<String, Slot> slots = new HashMap<>();

    PostgresServers(RunFolder folder, List<PostgresBinaries> binaries, boolean durable) {
        this.folder = folder;
        this.durable = durable;
        binaries.forEach(one -> slots.put(one.version(), new Slot(one)));
    }

    /** The server of one version, started or not. Its lock makes others wait for the start. */
    private final class Slot {
        private final PostgresBinaries binaries;
        private @Nullable PostgresServer server;
        private boolean closed;

        Slot(PostgresBinaries binaries) {
            this.binaries = binaries;
        }

        synchronized PostgresServer get() throws HostingException {
            if (closed) {
                throw new HostingException("The sandbox was stopped.");
            }
            PostgresServer running = server;
            if (running == null) {
                try {
                    running = PostgresServer.start(
                            binaries, folder.path().resolve("postgres-" + binaries.version()), durable);
                } catch (IOException | RuntimeException e) {
                    LOG.log(Level.WARNING, "PostgreSQL " + binaries.version() + " did not start", e);
                    throw new HostingException(
                            "PostgreSQL " + binaries.version() + " did not start: " + e.getMessage(), e);
                }
                server = running;
            }
            return running;
        }

        synchronized void close() {
            closed = true;
            if (server != null) {
                server.close();
            }
        }
    }

    PostgresServer get(String version) throws HostingException {
        Slot slot = slots.get(version);
        if (slot == null) {
            throw new HostingException("There is no PostgreSQL " + version + " server for this machine.");
        }
        return slot.get();
    }

    @Override
    public void close() {
        slots.values().parallelStream().forEach(Slot::close);
    }
}
