package io.github.divio4j.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A list of the API with all its pages.
 *
 * <p>Nothing is fetched until the first element is asked for, and a page only when the one before it is used up: iterating throws what a
 * call throws ({@link io.github.divio4j.client.error.DivioException}). Every {@link #iterator()} starts anew, so that the elements are
 * as fresh as the iteration. The list changes while it is read: an element may be missed or come twice when others are added or deleted
 * meanwhile.
 *
 * <p>A page is followed only on the origin of the API; a page that comes again, and more than 10,000 pages, end the iteration with a
 * {@link io.github.divio4j.client.error.DivioProtocolException}.
 *
 * <p>The object is immutable and safe for use by several threads; an iterator is not.
 *
 * @param <T> the elements
 */
public final class ResourceIterable<T> implements Iterable<T> {
    private final Source<T> source;
    private final @Nullable Integer pageSize;

    ResourceIterable(Source<T> source) {
        this(source, null);
    }

    private ResourceIterable(Source<T> source, @Nullable Integer pageSize) {
        this.source = source;
        this.pageSize = pageSize;
    }

    /**
     * Returns the same list, fetched in pages of this size.
     *
     * @param size 1 or more; the platform may give fewer. Without it the platform chooses
     */
    public ResourceIterable<T> pageSize(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("page size must be 1 or more: " + size);
        }
        return new ResourceIterable<>(source, size);
    }

    @Override
    public Iterator<T> iterator() {
        return source.open(pageSize);
    }

    /** Returns the elements as a lazy, sequential stream. */
    public Stream<T> stream() {
        return StreamSupport.stream(
                () -> Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
                Spliterator.ORDERED | Spliterator.NONNULL,
                false);
    }

    /** Fetches all pages. */
    public List<T> toList() {
        List<T> all = new ArrayList<>();
        iterator().forEachRemaining(all::add);
        return Collections.unmodifiableList(all);
    }

    /** Fetches as many pages as it takes to find the first element; mostly one. */
    public Optional<T> findFirst() {
        return stream().findFirst();
    }

    /** Names no elements, since that would make calls. */
    @Override
    public String toString() {
        return "ResourceIterable[pageSize=" + (pageSize == null ? "default" : pageSize.toString()) + "]";
    }

    /** Starts an iteration. */
    @FunctionalInterface
    interface Source<T> {
        Iterator<T> open(@Nullable Integer pageSize);
    }
}
