package io.github.divio4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
    private static String followed(String base, String link) {
        return Objects.toString(Origin.parse(base, false).follow(link), null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.divio.com",
                "https://api.divio.com/",
                "https://api.divio.com:8443",
                "http://127.0.0.1:8099",
                "http://127.9.9.9",
                "http://localhost:8099",
                "http://[::1]:8099"
            })
    void takesHttpsAndLoopback(String url) {
        assertThat(Origin.parse(url, false).root().encodedPath()).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.divio.com",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "http://10.0.0.1",
                "https://api.divio.com/apps/v3/",
                "https://api.divio.com/?a=b",
                "https://api.divio.com/#a",
                "https://me:secret@api.divio.com",
                "ftp://api.divio.com",
                "api.divio.com",
                ""
            })
    void refusesWhatIsNoSafeOrigin(String url) {
        assertThatThrownBy(() -> Origin.parse(url, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void takesPlainHttpElsewhereWhenAllowed() {
        assertThat(Origin.parse("http://api.internal", true).root().host()).isEqualTo("api.internal");
    }

    @Test
    void followsALinkOnTheOriginOnly() {
        assertThat(followed("https://api.divio.com", "https://api.divio.com/x?page=2"))
                .isEqualTo("https://api.divio.com/x?page=2");
        assertThat(followed("https://api.divio.com", "https://control.divio.com/x"))
                .isNull();
        assertThat(followed("https://api.divio.com", "https://api.divio.com:444/x"))
                .isNull();
    }

    @Test
    void followsALinkThatLostItsTlsWithTls() {
        assertThat(followed("https://api.divio.com", "http://api.divio.com/x?page=2"))
                .isEqualTo("https://api.divio.com/x?page=2");
        assertThat(followed("https://api.divio.com:8443", "http://api.divio.com/x"))
                .isNull();
    }
}
