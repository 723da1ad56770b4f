package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.client.error.DivioValidationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever an answer is made of, a call gives a value or a {@link DivioException}: no other exception, no error, no hang. */
class DecoderFuzzTest {
    private static final int CASES = 200_000;
    private static final long SEED = 20260301;
    private static final String[] TOKENS = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1e999",
        "9223372036854775808",
        "\"\"",
        "\" \"",
        "\"x\"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "{\"uuid\": null}",
        "{\"uuid\": 5}",
        "\"2026-13-01T00:00:00Z\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "NaN",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "\n",
        "//",
        "\uFEFF",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
    };

    private static final String ERRORS =
            "{\"detail\": \"d\", \"non_field_errors\": [\"e\"], \"prefix\": [\"f\", \"g\"], \"parts\": [{\"id\": [\"h\"]}]}";
    private static final String SCHEMA = """
            {"paths": {"/backup-restores/": {"post": {"parameters": [{"in": "query", "name": "x"}], "requestBody": {"content": {\
            "application/json": {"schema": {"$ref": "#/components/schemas/R"}}}}}}, "/regions/": {"get": {}}}, "components": {\
            "schemas": {"R": {"required": ["backup"], "allOf": [{"$ref": "#/components/schemas/P"}]}, "P": {"properties": {\
            "backup": {}, "notes": {}, "service_instance_restores": {"items": {"$ref": "#/components/schemas/R"}}}}}},\
            "actions": {"POST": {"parts": {"child": {"children": {"id": {"required": true}}}}}}}""";

    private final AtomicReference<byte[]> answer = new AtomicReference<>(new byte[0]);
    private volatile int code = 200;

    private DivioClient client() {
        // Answers without a network: the decoder is what is tested, and this is a hundred times as fast.
        OkHttpClient network = new OkHttpClient.Builder()
                .addInterceptor(chain -> new Response.Builder()
                        .request(chain.request())
                        .protocol(Protocol.HTTP_1_1)
                        .code(code)
                        .message("OK")
                        .addHeader("Allow", "GET, POST")
                        .body(ResponseBody.create(answer.get(), MediaType.get("application/json")))
                        .build())
                .build();
        return DivioClient.builder()
                .token("t")
                .baseUrl("http://127.0.0.1:9")
                .maxAttempts(1)
                .maxCallsPerSecond(0)
                .callTimeout(Duration.ofMinutes(5))
                .timeSource(new FakeTime())
                .okHttpClient(network)
                .build();
    }

    @Test
    @Timeout(300)
    void noErrorAnswerBreaksTheDecoder() {
        Random random = new Random(SEED);
        code = 400;
        try (DivioClient divio = client()) {
            for (int i = 0; i < CASES / 10; i++) {
                answer.set(mutated(ERRORS.getBytes(StandardCharsets.UTF_8), random));
                assertThatThrownBy(() -> Calls.RENAME.make(divio)).isInstanceOf(DivioValidationException.class);
            }
        }
    }

    @Test
    @Timeout(300)
    void noDescriptionBreaksTheContractCheck() {
        Random random = new Random(SEED);
        try (DivioClient divio = client()) {
            for (int i = 0; i < CASES / 500; i++) {
                answer.set(mutated(SCHEMA.getBytes(StandardCharsets.UTF_8), random));
                assertThat(divio.contract().verify().checks()).isNotEmpty();
            }
        }
    }

    @Test
    @Timeout(300)
    void noAnswerBreaksTheDecoder() {
        Random random = new Random(SEED);
        Calls[] calls = Calls.values();
        int understood = 0;
        try (DivioClient divio = client()) {
            for (int i = 0; i < CASES; i++) {
                Calls call = calls[i % calls.length];
                byte[] body = mutated(call.answer.getBytes(StandardCharsets.UTF_8), random);
                answer.set(body);
                try {
                    call.make(divio);
                    understood++;
                } catch (DivioException expected) {
                    assertThat(expected.getMessage()).isNotEmpty();
                } catch (Throwable e) {
                    throw new AssertionError(
                            "case " + i + ", " + call + ": " + new String(body, StandardCharsets.UTF_8), e);
                }
            }
        }
        System.out.println("decoder fuzz: " + CASES + " cases, " + understood + " understood, seed " + SEED);
        assertThat(understood)
                .as("the mutations are neither all harmless nor all fatal")
                .isBetween(CASES / 20, CASES * 19 / 20);
    }

    private static byte[] mutated(byte[] body, Random random) {
        byte[] current = body;
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int from = random.nextInt(current.length + 1);
            int to = Math.min(current.length, from + random.nextInt(12));
            current = switch (random.nextInt(6)) {
                case 0 -> Arrays.copyOf(current, from);
                case 1 -> spliced(current, from, to, new byte[0]);
                case 2 ->
                    spliced(current, from, to, TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8));
                case 3 -> spliced(current, from, from, Arrays.copyOfRange(current, from, to));
                case 4 -> value(current, random);
                default ->
                    spliced(current, from, Math.min(current.length, from + 1), new byte[] {(byte) random.nextInt(256)});
            };
        }
        return current;
    }

    /** Puts another value in the place of one, so that what comes out is mostly JSON. */
    private static byte[] value(byte[] body, Random random) {
        String text = new String(body, StandardCharsets.UTF_8);
        int colon = text.indexOf(": ", random.nextInt(text.length() + 1));
        if (colon < 0) {
            return body;
        }
        int end = colon + 2;
        while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return (text.substring(0, colon + 2) + TOKENS[random.nextInt(TOKENS.length)] + text.substring(end))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spliced(byte[] body, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + body.length - to];
        System.arraycopy(body, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(body, to, result, from + middle.length, body.length - to);
        return result;
    }
}
