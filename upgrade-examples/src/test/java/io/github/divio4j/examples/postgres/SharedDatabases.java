package io.github.divio4j.examples.postgres;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives test classes the same servers, since starting them takes longer than most tests; they are stopped at the end. */
final class SharedDatabases implements ParameterResolver {

    /** The oldest, the newest, and two in between: dumps of the first three can be made on every machine. */
    static List<String> versions() {
        List<String> all = LocalDatabases.versions();
        return List.of(all.get(0), all.get(1), all.get(2), all.get(all.size() - 1));
    }

    static Stream<String> oldestAndNewest() {
        return Stream.of(versions().get(0), versions().get(3));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalDatabases.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedDatabases.class))
                .getOrComputeIfAbsent(LocalDatabases.class, type -> new LocalDatabases(), LocalDatabases.class);
    }
}
