package io.github.divio4j.upgrade.divio;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that many read at the same time and that is the same for all of them. Whoever asks gets what was read after he
 * asked; all who ask while one read is under way share the next one. Safe for use by several threads.
 */
final class SharedRead<T> {

    private final Supplier<T> read;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    /** The read that has not begun yet; guarded by this. */
    private @Nullable CompletableFuture<T> next;

    SharedRead(Supplier<T> read) {
        this.read = read;
    }

    T get() {
        CompletableFuture<T> mine;
        boolean first;
        synchronized (this) {
            first = next == null;
            mine = next == null ? new CompletableFuture<>() : next;
            next = mine;
        }
        if (first) {
            readOnce(mine);
        }
        try {
            return mine.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void readOnce(CompletableFuture<T> mine) {
        oneAtATime.lock();
        try {
            synchronized (this) {
                next = null;
            }
            mine.complete(read.get());
        } catch (RuntimeException | Error e) {
            // Others wait for it: they must get whatever it was instead of waiting for ever.
            mine.completeExceptionally(e);
        } finally {
            oneAtATime.unlock();
        }
    }
}
