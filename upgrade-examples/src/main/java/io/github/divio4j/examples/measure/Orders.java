package io.github.divio4j.examples.measure;

import io.github.divio4j.examples.sandbox.OrderBookStatistics;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The orders in a database.
 *
 * @param seeded how many were there before the application ran
 * @param placed the numbers of all others
 * @param duplicated how many are there more than once, or do not have the lines that they were placed with
 */
record Orders(int seeded, Set<Long> placed, int duplicated) {

    /** Reads all of them. */
    static Orders in(PostgresDsn database) throws SQLException {
        int seeded = 0;
        int duplicated = 0;
        Set<Long> placed = new HashSet<>();
        try (Connection connection = database.connect("measure");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT o.number, (SELECT count(*) FROM order_lines l"
                        + " WHERE l.order_id = o.id) FROM orders o")) {
            while (rows.next()) {
                if (rows.getLong(1) < OrderBookStatistics.FIRST_NUMBER) {
                    seeded++;
                } else if (!placed.add(rows.getLong(1)) || rows.getInt(2) != 2) {
                    duplicated++;
                }
            }
        }
        return new Orders(seeded, placed, duplicated);
    }

    /** How many of these are not there. */
    int missing(List<Long> wanted) {
        return (int) wanted.stream().filter(number -> !placed.contains(number)).count();
    }
}
