package io.github.divio4j.upgrade.divio;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Transfers of files that this process has begun: each goes on in a thread of its own, for as long as the file takes. */
final class Transfers {

    private final String threadName;
    private final Map<String, Transfer> transfers = new ConcurrentHashMap<>();

    Transfers(String threadName) {
        this.threadName = threadName;
    }

    /**
     * A transfer that this process has begun.
     *
     * @param end is completed when it has ended
     * @param bytes how far it has come
     */
    record Transfer(CompletableFuture<Void> end, AtomicLong bytes) {}

    /** What transfers a file. */
    interface Work {
        void transfer(AtomicLong bytes) throws IOException;
    }

    /** Begins a transfer, or finds the one of that name that this process began. */
    Transfer transfer(String name, Work work) {
        return transfers.computeIfAbsent(name, n -> begin(work));
    }

    /** Lets the next call for one that has ended begin anew. */
    void forget(String name) {
        transfers.remove(name);
    }

    private Transfer begin(Work work) {
        AtomicLong bytes = new AtomicLong();
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        work.transfer(bytes);
                        end.complete(null);
                    } catch (IOException | RuntimeException e) {
                        // Whoever asks for the transfer is told; nobody sees how this thread ends.
                        end.completeExceptionally(e);
                    } finally {
                        end.completeExceptionally(new IllegalStateException("the transfer broke off"));
                    }
                },
                threadName);
        // What is not complete does not look complete: the process may end at any moment.
        thread.setDaemon(true);
        thread.start();
        return new Transfer(end, bytes);
    }
}
