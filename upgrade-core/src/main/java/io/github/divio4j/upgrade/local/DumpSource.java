package io.github.divio4j.upgrade.local;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the dump of an environment's database comes from, in place of Divio's own command line tool. {@code
 * io.github.divio4j.upgrade.divio.DivioDumpSource} asks the platform for it.
 */
@FunctionalInterface
public interface DumpSource {

    /**
     * Fetches a new dump in PostgreSQL's custom format. It may take as long as it needs.
     *
     * @param environment the slug of the environment
     * @param prefix the prefix of the database
     * @param file where to put it; there is nothing yet, and nothing must stay there if this fails
     * @return false if the database is empty and there is no dump
     * @throws IOException if it cannot be fetched or written
     */
    boolean fetch(String environment, String prefix, Path file) throws IOException;
}
