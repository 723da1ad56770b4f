package io.github.divio4j.upgrade.local;

import java.nio.file.Path;

/**
 * A service of a compose file that is PostgreSQL.
 *
 * @param name its name
 * @param image its image as it is written; empty if it has none
 * @param file where that is written
 * @param line the line there, from 1
 */
public record PostgresService(String name, String image, Path file, int line) {}
