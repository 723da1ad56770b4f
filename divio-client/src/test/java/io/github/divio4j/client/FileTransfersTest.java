package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.TOKEN;
import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.divio4j.client.error.Delivery;
import io.github.divio4j.client.error.DivioApiException;
import io.github.divio4j.client.error.DivioAuthenticationException;
import io.github.divio4j.client.error.DivioProtocolException;
import io.github.divio4j.client.error.DivioTransportException;
import io.github.divio4j.client.error.DivioUnexpectedStatusException;
import io.github.divio4j.client.internal.FileTransport;
import io.github.divio4j.client.internal.Origin;
import io.github.divio4j.client.internal.Transport;
import io.github.divio4j.client.internal.TransportSettings;
import io.github.divio4j.client.model.ServiceInstanceDownload;
import io.github.divio4j.client.model.UploadPart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTransfersTest {
    private static final TransferListener NOBODY = (bytes, total) -> {};

    private final Fixture api = new Fixture();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        api.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + api.server.getPort() + path;
    }

    private ServiceInstanceDownload part() {
        return new ServiceInstanceDownload("x1", Instant.EPOCH, List.of(), url("/dump?X-Amz-Signature=hunter2"));
    }

    private UploadPart part(String handler, String... more) {
        Map<String, String> parameters = more.length == 0
                ? Map.of("url", url("/put?sig=a%2Fb%2B%3D"))
                : Map.of("url", url("/put?sig=a%2Fb%2B%3D"), more[0], more[1]);
        return new UploadPart("i1", handler, url("/finish"), parameters);
    }

    private static MockResponse file(byte[] content) {
        return new MockResponse.Builder().body(new Buffer().write(content)).build();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void downloadsAFileWithoutTheToken() throws IOException {
        byte[] content = bytes(300_000);
        api.answers(file(content));
        List<Long> progress = new ArrayList<>();
        Path target = folder.resolve("data.dump");

        long size = api.divio.files().download(part(), target, (bytes, total) -> {
            assertThat(total).isEqualTo(content.length);
            assertThat(target).as("not there before it is complete").doesNotExist();
            progress.add(bytes);
        });

        assertThat(size).isEqualTo(content.length);
        assertThat(target).hasBinaryContent(content);
        assertThat(progress).isSorted().last().isEqualTo((long) content.length);
        assertThat(names()).containsExactly("data.dump");
        assertThat(api.onlyRequest().getHeaders().toString()).doesNotContain(TOKEN, "Authorization");
        assertThat(api.onlyRequest().getHeaders().get("Accept-Encoding")).isEqualTo("identity");
    }

    @Test
    void downloadsAnEmptyFile() throws IOException {
        api.answers(file(new byte[0]));
        assertThat(api.divio.files().download(part(), folder.resolve("data.dump")))
                .isZero();
        assertThat(folder.resolve("data.dump")).isEmptyFile();
    }

    @Test
    void downloadsAFileInChunksIntoAStream() throws IOException {
        byte[] content = bytes(100_000);
        api.answers(new MockResponse.Builder()
                .chunkedBody(new Buffer().write(content), 7_000)
                .build());
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        api.divio
                .files()
                .download(part(), target, (bytes, total) -> assertThat(total).isEqualTo(-1));
        assertThat(target.toByteArray()).isEqualTo(content);
    }

    @Test
    void aDownloadThatBreaksOffLeavesTheOldFileAndNoOther() throws IOException {
        Path target = Files.writeString(folder.resolve("data.dump"), "old");
        api.answers(file(bytes(1_000_000))
                .newBuilder()
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());
        assertThatThrownBy(() -> api.divio.files().download(part(), target))
                .isInstanceOf(DivioTransportException.class)
                .hasMessageContaining("/dump")
                .hasMessageNotContaining("hunter2");
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("data.dump");
    }

    @Test
    @Timeout(60)
    void aJvmThatIsAskedToEndLeavesTheOldFileAndNoOther() throws Exception {
        Path target = Files.writeString(folder.resolve("data.dump"), "old");
        api.answers(file(bytes(200_000))
                .newBuilder()
                .throttleBody(100_000, 1, TimeUnit.HOURS)
                .build());
        Process download = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DownloadProcess.class.getName(),
                        url(""),
                        target.toString())
                .inheritIO()
                .start();
        try {
            while (names().size() < 2) {
                assertThat(download.waitFor(10, TimeUnit.MILLISECONDS)).isFalse();
            }
        } finally {
            download.destroy();
        }

        assertThat(download.waitFor()).isEqualTo(143);
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("data.dump");
    }

    /** A download in a process of its own, to be ended. Arguments: base URL and target. */
    static final class DownloadProcess {
        private DownloadProcess() {}

        public static void main(String[] args) throws IOException {
            ServiceInstanceDownload part =
                    new ServiceInstanceDownload("x1", Instant.EPOCH, List.of(), args[0] + "/dump");
            DivioClient divio =
                    DivioClient.builder().baseUrl(args[0]).token(TOKEN).build();
            divio.files().download(part, Path.of(args[1]));
        }
    }

    @Test
    void aDownloadThatCannotShowThatItIsCompleteIsRefused() throws IOException {
        api.answers(new MockResponse.Builder()
                .body("half a file?")
                .removeHeader("Content-Length")
                .onResponseEnd(new SocketEffect.CloseSocket())
                .build());
        assertThatThrownBy(() -> api.divio.files().download(part(), folder.resolve("data.dump")))
                .isInstanceOf(DivioProtocolException.class)
                .hasMessageContaining("how long it is");
        assertThat(names()).isEmpty();
    }

    @Test
    void aListenerThatThrowsEndsTheDownload() throws IOException {
        api.answers(file(bytes(1_000_000)));
        assertThatThrownBy(() -> api.divio.files().download(part(), folder.resolve("data.dump"), (bytes, total) -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
        assertThat(names()).isEmpty();
    }

    @Test
    void aDiskThatIsFullIsNotTheNetworksFault() {
        api.answers(file(bytes(1000)));
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };
        assertThatThrownBy(() -> api.divio.files().download(part(), full, NOBODY))
                .isInstanceOf(IOException.class)
                .hasMessage("no space left");
    }

    @Test
    void aStorageThatRepeatsTheSignatureIsNotQuoted() {
        api.answers(status(
                403,
                "<Error><Code>SignatureDoesNotMatch</Code><SignatureProvided>hunter2</SignatureProvided></Error>"));
        Throwable failure = catchThrowable(() -> api.divio.files().download(part(), folder.resolve("data.dump")));
        assertThat(failure)
                .isInstanceOf(DivioAuthenticationException.class)
                .hasMessageContaining("SignatureDoesNotMatch")
                .hasMessageNotContaining("hunter2");
        assertThat(((DivioApiException) failure).path()).isEqualTo(url("/dump"));
    }

    @Test
    void aRedirectIsNotFollowed() {
        api.answers(status(302, "Location", url("/elsewhere")));
        assertThatThrownBy(() -> api.divio.files().download(part(), folder.resolve("data.dump")))
                .isInstanceOf(DivioUnexpectedStatusException.class);
        assertThat(api.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://files.example/x?sig=hunter2", "file:///etc/passwd", "hunter2"})
    void aUrlThatIsNotSafeIsNotCalledAndNotQuoted(String url) {
        ServiceInstanceDownload bad = new ServiceInstanceDownload("x1", Instant.EPOCH, List.of(), url);
        assertThatThrownBy(() -> api.divio.files().download(bad, folder.resolve("data.dump")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void anEmptyDatabaseHasNoFile() {
        ServiceInstanceDownload empty = new ServiceInstanceDownload("x1", Instant.EPOCH, List.of(), null);
        ServiceInstanceDownload early = new ServiceInstanceDownload("x1", null, List.of(), null);
        assertThatThrownBy(() -> api.divio.files().download(empty, folder.resolve("d")))
                .hasMessageContaining("the database is empty");
        assertThatThrownBy(() -> api.divio.files().download(early, folder.resolve("d")))
                .hasMessageContaining("wait for it first");
    }

    @Test
    void uploadsToAPresignedUrlAndFinishes() throws IOException {
        api.answers("", "");
        Path file = Files.write(folder.resolve("data.dump"), bytes(200_000));
        List<Long> progress = new ArrayList<>();

        api.divio
                .files()
                .upload(
                        part("exo-presigned-v1", "max_file_size", "200000"),
                        file,
                        (bytes, total) -> progress.add(bytes));

        assertThat(api.lines()).containsExactly("PUT /put?sig=a%2Fb%2B%3D", "POST /finish");
        RecordedRequest put = api.requests().get(0);
        assertThat(put.getBody().toByteArray()).isEqualTo(bytes(200_000));
        assertThat(put.getHeaders().get("Content-Length")).isEqualTo("200000");
        assertThat(put.getHeaders().get("Content-Type")).isNull();
        assertThat(progress).isSorted().last().isEqualTo(200_000L);
        assertThat(api.requests())
                .allSatisfy(
                        request -> assertThat(request.getHeaders().toString()).doesNotContain(TOKEN, "Authorization"));
    }

    @Test
    void aFileThatIsTooLargeIsNotSent() {
        assertThatThrownBy(() -> api.divio
                        .files()
                        .upload(
                                part("exo-presigned-v1", "max_file_size", "5"),
                                InputStream.nullInputStream(),
                                6,
                                NOBODY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 bytes");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void uploadsASmallBlobAtOnce() throws IOException {
        api.answers("", "");
        api.divio.files().upload(part("az-sas-v1"), new ByteArrayInputStream(bytes(10)), 10, NOBODY);
        assertThat(api.lines()).containsExactly("PUT /put?sig=a%2Fb%2B%3D", "POST /finish");
        assertThat(api.requests().get(0).getHeaders().get("x-ms-blob-type")).isEqualTo("BlockBlob");
    }

    @Test
    void uploadsALargeBlobInBlocks() throws IOException {
        api.answers("", "", "", "", "");
        List<Long> progress = new ArrayList<>();
        FileTransport transport = new Transport(settings()).files();

        new FileTransfers(transport, 40)
                .upload(
                        part("az-sas-v1"),
                        new ByteArrayInputStream(bytes(100)),
                        100,
                        (bytes, total) -> progress.add(bytes));

        assertThat(api.lines())
                .containsExactly(
                        "PUT /put?sig=a%2Fb%2B%3D&comp=block&blockid=MDAwMDAwMDAw",
                        "PUT /put?sig=a%2Fb%2B%3D&comp=block&blockid=MDAwMDAwMDAx",
                        "PUT /put?sig=a%2Fb%2B%3D&comp=block&blockid=MDAwMDAwMDAy",
                        "PUT /put?sig=a%2Fb%2B%3D&comp=blocklist",
                        "POST /finish");
        assertThat(api.requests().get(2).getBody().size()).isEqualTo(20);
        assertThat(api.requests().get(3).getBody().utf8())
                .contains("<Latest>MDAwMDAwMDAw</Latest><Latest>MDAwMDAwMDAx</Latest><Latest>MDAwMDAwMDAy</Latest>");
        assertThat(progress).containsExactly(40L, 80L, 100L);
    }

    private TransportSettings settings() {
        Duration second = Duration.ofSeconds(1);
        return new TransportSettings(
                Origin.parse(url(""), false),
                TOKEN,
                "test",
                second,
                second,
                second,
                second,
                second,
                1,
                second,
                second,
                second,
                1024,
                1,
                0,
                false,
                api.time,
                () -> 0,
                null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3-sts-v1", "carrier-pigeon-v1"})
    void aHandlerThatCannotBeServedIsRefusedBeforeAnythingIsSent(String handler) {
        assertThatThrownBy(() -> api.divio.files().upload(part(handler), InputStream.nullInputStream(), 0, NOBODY))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(handler);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void aFailedUploadIsNotRepeatedAndNotFinished() {
        api.answers(status(503, "Retry-After", "0"));
        assertThatThrownBy(() -> api.divio
                        .files()
                        .upload(part("exo-presigned-v1"), new ByteArrayInputStream(bytes(10)), 10, NOBODY))
                .isInstanceOf(DivioApiException.class);
        assertThat(api.lines()).containsExactly("PUT /put?sig=a%2Fb%2B%3D");
    }

    @Test
    void anUploadWithoutAnswerMayHaveTakenEffect() {
        api.answers(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
        assertThatThrownBy(() -> api.divio
                        .files()
                        .upload(part("exo-presigned-v1"), new ByteArrayInputStream(bytes(10)), 10, NOBODY))
                .isInstanceOfSatisfying(DivioTransportException.class, failure -> {
                    assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN);
                    assertThat(failure.mayHaveTakenEffect()).isTrue();
                });
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void aStorageThatTakesNothingIsWaitedForNoLongerThanTheWriteTimeout() throws IOException {
        try (ServerSocket storage = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DivioClient divio = DivioClient.builder()
                        .token(TOKEN)
                        .writeTimeout(Duration.ofMillis(200))
                        .build()) {
            UploadPart stalled = new UploadPart(
                    "i1",
                    "exo-presigned-v1",
                    url("/finish"),
                    Map.of("url", "http://127.0.0.1:" + storage.getLocalPort() + "/"));
            InputStream large = new ByteArrayInputStream(new byte[64 * 1024 * 1024]);
            assertThatThrownBy(() -> divio.files().upload(stalled, large, 64 * 1024 * 1024, NOBODY))
                    .isInstanceOfSatisfying(
                            DivioTransportException.class,
                            failure -> assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN));
        }
    }

    @Test
    void aStreamThatIsTooShortIsNotTheNetworksFault() {
        assertThatThrownBy(() -> api.divio
                        .files()
                        .upload(
                                part("exo-presigned-v1"),
                                new ByteArrayInputStream("short".getBytes(StandardCharsets.UTF_8)),
                                10,
                                NOBODY))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("5 of 10 bytes");
    }

    @Test
    void aClosedClientMovesNothing() {
        api.divio.close();
        assertThatThrownBy(() -> api.divio.files().download(part(), folder.resolve("d")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(api.requests()).isEmpty();
    }
}
