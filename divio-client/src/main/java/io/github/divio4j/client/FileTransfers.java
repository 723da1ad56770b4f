package io.github.divio4j.client;

import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.internal.FileTransport;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.UploadPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Moves the files of backups between the platform's storage and this machine. Safe for use by several threads.
 *
 * <p>Memory does not grow with the file. The token is not sent, wherever the file is; its URL has to be https, except on loopback or when
 * {@link DivioClient.Builder#allowPlainHttp()} was called. Nothing is repeated: a transfer that broke off throws a {@link
 * io.github.divio4j.client.error.DivioTransportException}, and the caller starts it again. The timeouts of the client for connecting and
 * for silence hold; there is none for the whole transfer. The listener and an {@code IOException} belong to this machine's side.
 */
public final class FileTransfers {
    private static final TransferListener NOBODY = (bytes, total) -> {};

    private final FileTransport files;
    private final long azureBlock;

    FileTransfers(FileTransport files, long azureBlock) {
        this.files = files;
        this.azureBlock = azureBlock;
    }

    /** Downloads a part of a backup; see {@link #download(ServiceInstanceDownload, Path, TransferListener)}. */
    public long download(ServiceInstanceDownload part, Path target) throws IOException {
        return download(part, target, NOBODY);
    }

    /**
     * Downloads a part of a backup. A file of this name is there only once it is complete and on the disk: until then it has a temporary
     * name beside it, and a file that was there before stays. The temporary file does not outlive a download that fails or a JVM that is
     * asked to end, as by Ctrl-C.
     *
     * @return its size in bytes
     * @throws IllegalArgumentException when the part has no URL: it has not ended, or the database is {@link
     *     ServiceInstanceDownload#empty() empty}
     * @throws DivioException when the storage does not deliver it
     * @throws IOException when it cannot be written here
     */
    public long download(ServiceInstanceDownload part, Path target, TransferListener listener) throws IOException {
        String url = url(part);
        Path place = target.toAbsolutePath();
        AtomicReference<@Nullable Path> made = new AtomicReference<>();
        Thread cleaning = new Thread(() -> removeAtTheEnd(made.get()), "divio4j-download-cleaning");
        // First: the JVM may be asked to end as soon as there is a file.
        Runtime.getRuntime().addShutdownHook(cleaning);
        try {
            Path temporary = Files.createTempFile(
                    Objects.requireNonNull(place.getParent(), "target"), "." + place.getFileName() + ".", ".part");
            made.set(temporary);
            long size;
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                size = files.get(url, Channels.newOutputStream(channel), listener::progressed);
                channel.force(true);
            }
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return size;
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(cleaning);
            } catch (IllegalStateException e) {
                // The JVM is ending, and the hook does its work.
            }
            remove(made.get());
        }
    }

    private static void removeAtTheEnd(@Nullable Path temporary) {
        try {
            remove(temporary);
        } catch (IOException e) {
            // The JVM is ending: nobody is left to be told, and the file's name says that it is not complete.
        }
    }

    private static void remove(@Nullable Path temporary) throws IOException {
        if (temporary != null) {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Downloads a part of a backup into a stream, which stays open. What was written is complete only when this returns.
     *
     * @return its size in bytes
     * @throws IllegalArgumentException when the part has no URL
     * @throws DivioException when the storage does not deliver it
     * @throws IOException when the stream does not take it
     */
    public long download(ServiceInstanceDownload part, OutputStream target, TransferListener listener)
            throws IOException {
        return files.get(url(part), target, listener::progressed);
    }

    private static String url(ServiceInstanceDownload part) {
        String url = part.downloadUrl();
        if (url == null) {
            throw new IllegalArgumentException(
                    part.empty()
                            ? "there is nothing to download: the database is empty"
                            : "the download " + part.id() + " has no URL yet: wait for it first");
        }
        return url;
    }

    /** Uploads a file and finishes its part; see {@link #upload(UploadPart, InputStream, long, TransferListener)}. */
    public void upload(UploadPart part, Path file) throws IOException {
        upload(part, file, NOBODY);
    }

    /** Uploads a file and finishes its part; see {@link #upload(UploadPart, InputStream, long, TransferListener)}. */
    public void upload(UploadPart part, Path file, TransferListener listener) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            upload(part, content, Files.size(file), listener);
        }
    }

    /**
     * Uploads a stream, which stays open, and {@link #finish finishes} its part.
     *
     * <p>Proven: the handlers {@code exo-presigned-v1} (one PUT; at most {@code max_file_size} bytes) and {@code az-sas-v1} (an Azure blob,
     * in blocks of 64 MiB). The handler {@code s3-sts-v1} is refused: the platform hands out keys and a bucket for it, but neither a
     * region nor an endpoint, without which no request to S3 can be signed; the official tool leaves both to the settings of the AWS
     * library on its machine. Use that tool for such an upload.
     *
     * @param length how many bytes there are
     * @throws UnsupportedOperationException for another handler; nothing was sent
     * @throws IllegalArgumentException when it is larger than the storage takes; nothing was sent
     * @throws DivioException when the storage does not take it, or the platform does not take note of it
     * @throws IOException when the stream cannot be read, or is shorter
     */
    public void upload(UploadPart part, InputStream content, long length, TransferListener listener)
            throws IOException {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: " + length);
        }
        switch (part.handler()) {
            case "exo-presigned-v1" -> {
                checkSize(part.parameters().get("max_file_size"), length);
                files.put(parameter(part, "url"), content, length, listener::progressed);
            }
            case "az-sas-v1" ->
                files.putBlob(parameter(part, "url"), content, length, azureBlock, listener::progressed);
            case "s3-sts-v1" ->
                throw new UnsupportedOperationException(
                        "the platform wants this file in S3 (handler s3-sts-v1) and tells neither region nor endpoint:"
                                + " use the official command line tool for it");
            default ->
                throw new UnsupportedOperationException("the upload handler " + part.handler() + " is not known");
        }
        finish(part);
    }

    /**
     * Tells the platform that the file of a part is there. {@link #upload} does it; call it again only when it failed there. Proven: an
     * empty POST without token.
     */
    public void finish(UploadPart part) throws IOException {
        files.post(part.finishUrl());
    }

    private static String parameter(UploadPart part, String name) {
        String value = part.parameters().get(name);
        if (value == null) {
            throw new IllegalArgumentException("the upload of " + part.serviceInstanceId() + " has no " + name);
        }
        return value;
    }

    private static void checkSize(@Nullable String limit, long length) {
        if (limit != null && limit.matches("\\d{1,18}") && length > Long.parseLong(limit)) {
            throw new IllegalArgumentException("the file has " + length + " bytes; the storage takes " + limit);
        }
    }
}
