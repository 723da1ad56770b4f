package io.github.divio4j.examples.sandbox;

import java.nio.file.Path;
import java.sql.SQLException;

/** Real PostgreSQL servers; what is not PostgreSQL is left to placeholders. */
final class PostgresHosting implements Hosting {
    private final Ids ids;
    private final PostgresServers servers;
    private final ClientTools tools;
    private final Placeholders others;

    PostgresHosting(Ids ids, PostgresServers servers, ClientTools tools) {
        this.ids = ids;
        this.servers = servers;
        this.tools = tools;
        this.others = new Placeholders(ids);
    }

    private record Database(PostgresServer server, PostgresDsn address) implements Binding {
        @Override
        public String dsn() {
            return address.text();
        }
    }

    @Override
    public Binding provision(CatalogueService service) throws HostingException {
        String version = service.version();
        if (version == null) {
            return others.provision(service);
        }
        PostgresServer server = servers.get(version);
        try {
            return new Database(server, server.createDatabase("app_" + ids.letters(12), ids.password()));
        } catch (SQLException e) {
            throw new HostingException("The database could not be made: " + e.getMessage(), e);
        }
    }

    @Override
    public void destroy(Binding binding) throws HostingException {
        if (binding instanceof Database database) {
            try {
                database.server().dropDatabase(database.address());
            } catch (SQLException e) {
                throw new HostingException("The database could not be dropped: " + e.getMessage(), e);
            }
        } else {
            others.destroy(binding);
        }
    }

    @Override
    public void backUp(Binding binding, Path file) throws HostingException, InterruptedException {
        if (binding instanceof Database database) {
            tools.dump(database.address(), file);
        } else {
            others.backUp(binding, file);
        }
    }

    @Override
    public void restore(Binding binding, Path file) throws HostingException, InterruptedException {
        if (binding instanceof Database database) {
            try {
                database.server().emptyDatabase(database.address());
            } catch (SQLException e) {
                throw new HostingException("The database could not be emptied: " + e.getMessage(), e);
            }
            tools.restore(database.address(), file);
        } else {
            others.restore(binding, file);
        }
    }

    @Override
    public void close() {
        servers.close();
    }
}
