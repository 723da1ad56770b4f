package io.github.divio4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final Redaction REDACTION = new Redaction("t0ken");

    @ParameterizedTest
    @CsvSource({
        "postgres://app:hunter2@db:5432/x, postgres://app:***@db:5432/x",
        "postgres://app:hun@ter/2@db:5432/x, postgres://app:***@db:5432/x",
        "mysql://:hunter2@db/x, mysql://:***@db/x",
        "https://s/f?a=1&X-Amz-Signature=hunter2&b=2, https://s/f?a=1&X-Amz-Signature=***&b=2",
        "https://s/f?sig=hunter2, https://s/f?sig=***",
        "Authorization: Token hunter2, Authorization: Token ***",
        "the t0ken is bad, the *** is bad",
        "https://host:443/a and b, https://host:443/a and b"
    })
    void takesSecretsOutAndLeavesTheRest(String text, String clean) {
        assertThat(REDACTION.clean(text)).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(strings = {"://a:", "&key", "?", "key", "authorization: token ", "://:@", ":"})
    @Timeout(30)
    void aTextThatIsMadeToBeSlowIsNot(String piece) {
        String text = "@&" + piece.repeat(100_000);
        assertThat(REDACTION.clean(text)).isNotEmpty();
    }

    @Test
    void whatIsEmptyStaysEmpty() {
        assertThat(REDACTION.clean("")).isEmpty();
    }
}
