package io.github.divio4j.client;

/** Is told how far a file is, in the thread that transfers it, about every 64 KiB. What it throws ends the transfer. */
@FunctionalInterface
public interface TransferListener {
    /**
     * Is told how far the file is.
     *
     * @param bytes how much was transferred so far
     * @param total how much there is; -1 when nobody knows before the end
     */
    void progressed(long bytes, long total);
}
