package io.github.divio4j.upgrade.divio;

import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list of something that belongs to environments, read once for all who look at the same time, as long as it is short and
 * each row says which environment's it is. Safe for use by several threads.
 */
final class SharedList<T> {

    private final int most;
    private final Supplier<Stream<T>> list;
    private final Function<T, @Nullable String> environmentId;
    private final SharedRead<Optional<List<T>>> read = new SharedRead<>(this::read);
    /** Known to that read alone, of which there is one at a time. */
    private boolean isOfUse = true;

    /**
     * Creates one.
     *
     * @param most how many rows are few
     */
    SharedList(int most, Supplier<Stream<T>> list, Function<T, @Nullable String> environmentId) {
        this.most = most;
        this.list = list;
        this.environmentId = environmentId;
    }

    /** An environment's rows as of now; empty if the list was of no use once. */
    Optional<Stream<T>> of(String environment) {
        return read.get().map(all -> all.stream().filter(row -> environment.equals(environmentId.apply(row))));
    }

    private Optional<List<T>> read() {
        if (isOfUse) {
            try {
                List<T> all = list.get().limit(most + 1L).toList();
                isOfUse = all.size() <= most && all.stream().map(environmentId).allMatch(Objects::nonNull);
                return isOfUse ? Optional.of(all) : Optional.empty();
            } catch (DivioRateLimitedException e) {
                throw e;
            } catch (DivioException e) {
                // What is wrong with more than this list comes up again where each environment's own is read.
                isOfUse = false;
            }
        }
        return Optional.empty();
    }
}
