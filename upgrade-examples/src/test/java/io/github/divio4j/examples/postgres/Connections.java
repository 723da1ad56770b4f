package io.github.divio4j.examples.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Data sources that hand out other connections than new ones. */
final class Connections {
    private Connections() {}

    /** Hands out the given ones first, as a pool does. */
    static DataSource first(Collection<Connection> first, DataSource then) {
        Deque<Connection> rest = new ArrayDeque<>(first);
        return instead(then, () -> rest.isEmpty() ? then.getConnection() : rest.pop());
    }

    /** Cannot be reached from one connection, counted from 1, to another. */
    static DataSource failing(int from, int to, DataSource otherwise) {
        AtomicInteger count = new AtomicInteger();
        return instead(otherwise, () -> {
            int number = count.incrementAndGet();
            if (number >= from && number <= to) {
                throw new SQLException("no route to host", "08001");
            }
            return otherwise.getConnection();
        });
    }

    private interface Connecting {
        Connection connect() throws SQLException;
    }

    private static DataSource instead(DataSource original, Connecting connecting) {
        return (DataSource) Proxy.newProxyInstance(
                Connections.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return connecting.connect();
                    }
                    try {
                        return method.invoke(original, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
