package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivioClientBuilderTest {
    @Test
    void needsAToken() {
        assertThatThrownBy(() -> DivioClient.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "line\nbreak", "ümlaut", "tab\t"})
    void refusesWhatIsNoToken(String token) {
        assertThatThrownBy(() -> DivioClient.builder().token(token)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void callsTheOfficialApiUnlessToldOtherwise() {
        try (DivioClient divio = DivioClient.builder().token("t").build()) {
            assertThat(divio).hasToString("DivioClient[https://api.divio.com/]");
        }
    }

    @Test
    void takesTheBaseUrlAsUri() {
        try (DivioClient divio = DivioClient.builder()
                .token("t")
                .baseUrl(URI.create("http://127.0.0.1:8099"))
                .build()) {
            assertThat(divio).hasToString("DivioClient[http://127.0.0.1:8099/]");
        }
    }

    @Test
    void refusesABaseUrlThatWouldShowTheToken() {
        DivioClient.Builder builder = DivioClient.builder().token("t").baseUrl("http://api.example.com");
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        try (DivioClient divio = builder.allowPlainHttp().build()) {
            assertThat(divio).isNotNull();
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        DivioClient.Builder builder = DivioClient.builder();
        assertThatThrownBy(() -> builder.maxAttempts(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxAttempts(21)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.readTimeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.callTimeout(Duration.ofDays(2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxResponseBytes(10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.retryDelay(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.userAgent("line\nbreak")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void usesTheInterceptorsOfAnOkHttpClientAndLeavesItOpen() {
        AtomicInteger seen = new AtomicInteger();
        OkHttpClient base = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    seen.incrementAndGet();
                    assertThat(chain.request().header("Authorization"))
                            .as("the token is added after the caller's interceptors")
                            .isNull();
                    return chain.proceed(chain.request());
                })
                .build();
        try (Fixture api = new Fixture(builder -> builder.okHttpClient(base)).answers("{'results': []}")) {
            assertThat(api.divio.regions().list().toList()).isEmpty();
            api.divio.close();
            assertThat(seen).hasValue(1);
            assertThat(base.connectionPool().connectionCount()).isOne();
        }
    }

    @Test
    void waitsForWhatIsWrittenOnlyWhereThereIsABodyAndForAWholeCallAlways() {
        List<String> seen = new ArrayList<>();
        OkHttpClient base = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    seen.add(chain.request().method() + " " + chain.writeTimeoutMillis() + " "
                            + chain.call().timeout().timeoutNanos() / 1_000_000);
                    return chain.proceed(chain.request());
                })
                .build();
        try (Fixture api = new Fixture(builder -> builder.okHttpClient(base)
                        .writeTimeout(Duration.ofMillis(7_000))
                        .callTimeout(Duration.ofMillis(9_000)))
                .answers("{'results': []}", "{}")) {
            assertThat(api.divio.regions().list().toList()).isEmpty();
            api.divio.environments().updateBranch("e1", "main");
            assertThat(seen).containsExactly("GET 0 9000", "PATCH 7000 9000");
            assertThat(base.connectionPool().connectionCount())
                    .as("both share a connection")
                    .isOne();
        }
    }
}
