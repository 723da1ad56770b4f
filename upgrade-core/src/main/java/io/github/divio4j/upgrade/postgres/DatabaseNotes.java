package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * What is kept in the comment of a database.
 *
 * @param database which database it is
 * @param at when it was read, by the server's clock
 */
record DatabaseNotes(String comment, String database, Instant at) {

    private static final String UNCHANGED = "the application goes on as before";

    static DatabaseNotes in(DataSource database) {
        try (Connected connected = Connected.to(database)) {
            return new DatabaseNotes(
                    connected.comment(),
                    connected.identity(),
                    connected.row("SELECT clock_timestamp()", row -> requireNonNull(Sessions.instant(row, 1))));
        } catch (SQLException e) {
            throw DatabaseException.of("read the comment of", "the database", UNCHANGED, e);
        }
    }

    /** Makes another comment of the one that a database has. */
    static void rewrite(DataSource database, UnaryOperator<String> rewriting) {
        try (Connected connected = Connected.to(database)) {
            WriteFence.change(connected, () -> {
                connected.comment(rewriting.apply(connected.comment()));
                return database;
            });
        } catch (SQLException e) {
            throw DatabaseException.of("write the comment of", "the database", UNCHANGED, e);
        }
    }
}
