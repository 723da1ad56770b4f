package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hosts that do not exist: data source names that look right, and backups that hold a line of text. */
final class Placeholders implements Hosting {
    private final Ids ids;

    Placeholders(Ids ids) {
        this.ids = ids;
    }

    private record Placeholder(String dsn, boolean database) implements Binding {}

    @Override
    public Binding provision(CatalogueService service) {
        String name = ids.letters(12);
        String password = URLEncoder.encode(ids.password(), StandardCharsets.UTF_8);
        // The top-level domain is reserved for names that never resolve.
        if (service.type().equals(CatalogueService.STORAGE)) {
            return new Placeholder(
                    service.scheme() + "://" + ids.letters(20) + ":" + password + "@" + name
                            + ".storage.sandbox.invalid/?auth=s3v4&domain=" + name + ".media.sandbox.invalid",
                    false);
        }
        int port = service.scheme().equals("mysql") ? 3306 : 5432;
        return new Placeholder(
                service.scheme() + "://" + name + ":" + password + "@" + service.identifier() + ".sandbox.invalid:"
                        + port + "/" + name,
                true);
    }

    @Override
    public void destroy(Binding binding) {}

    @Override
    public void backUp(Binding binding, Path file) throws HostingException {
        boolean database = binding instanceof Placeholder placeholder && placeholder.database();
        // Starts like a dump in PostgreSQL's custom format: clients look at these bytes.
        String content = (database ? "PGDMP" : "") + " placeholder: no server stands behind this sandbox\n";
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new HostingException("The backup could not be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(Binding binding, Path file) throws HostingException {
        if (!Files.isReadable(file)) {
            throw new HostingException("The backup is gone.");
        }
    }

    @Override
    public void close() {}
}
