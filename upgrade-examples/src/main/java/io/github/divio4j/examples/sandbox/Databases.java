package io.github.divio4j.examples.sandbox;

/** What stands behind the database services of a sandbox. */
public enum Databases {
    /** PostgreSQL servers; backups are made by pg_dump and restored by pg_restore. */
    REAL,
    /** Nothing: the API alone. Data source names lead nowhere and backups are placeholder files. */
    NONE
}
