package io.github.divio4j.client;

import static io.github.divio4j.client.Fixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.divio4j.client.error.DivioApiException;
import io.github.divio4j.client.error.DivioAuthenticationException;
import io.github.divio4j.client.error.DivioConflictException;
import io.github.divio4j.client.error.DivioNotFoundException;
import io.github.divio4j.client.error.DivioRateLimitedException;
import io.github.divio4j.client.error.DivioServerException;
import io.github.divio4j.client.error.DivioUnexpectedStatusException;
import io.github.divio4j.client.error.DivioValidationException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an exception says about an answer. */
class ErrorsTest {
    private static DivioApiException refused(int code, String body) {
        try (Fixture api = new Fixture().answers(status(code, body.replace('\'', '"')))) {
            return catchThrowableOfType(
                    DivioApiException.class, () -> api.divio.serviceInstances().rename("i1", "OLD"));
        }
    }

    static Stream<Arguments> typesByStatus() {
        return Stream.of(
                Arguments.of(302, DivioUnexpectedStatusException.class),
                Arguments.of(400, DivioValidationException.class),
                Arguments.of(401, DivioAuthenticationException.class),
                Arguments.of(403, DivioAuthenticationException.class),
                Arguments.of(404, DivioNotFoundException.class),
                Arguments.of(405, DivioUnexpectedStatusException.class),
                Arguments.of(409, DivioConflictException.class),
                Arguments.of(422, DivioValidationException.class),
                Arguments.of(429, DivioRateLimitedException.class),
                Arguments.of(500, DivioServerException.class),
                Arguments.of(503, DivioServerException.class));
    }

    @ParameterizedTest
    @MethodSource("typesByStatus")
    void theTypeFollowsTheStatus(int code, Class<?> type) {
        DivioApiException failure = refused(code, "");
        assertThat(failure).isInstanceOf(type);
        assertThat(failure.status()).isEqualTo(code);
    }

    @Test
    void theMessageSaysWhoWhatAndWhatToDo() {
        assertThat(refused(409, "{'detail': 'A deployment is running.'}"))
                .hasMessage("PATCH /apps/v3/service-instances/i1/ answered 409: A deployment is running."
                        + " Read the resource again: something else has changed it or is working on it.");
    }

    @Test
    void messagesAboutFieldsAreKeptByField() {
        DivioApiException failure =
                refused(400, "{'prefix': ['Already used.', 'Too long.'], 'services': [{'name': ['Unknown.']}]}");
        assertThat(failure.errors().field("prefix")).containsExactly("Already used.", "Too long.");
        assertThat(failure.errors().field("services[0].name")).containsExactly("Unknown.");
        assertThat(failure.errors().field("other")).isEmpty();
        assertThat(failure)
                .hasMessageContaining("answered 400: prefix: Already used. Too long.; services[0].name: Unknown.");
    }

    @Test
    void messagesAboutTheWholeRequestAreKept() {
        DivioApiException failure = refused(400, "{'non_field_errors': ['One.', 'Two.']}");
        assertThat(failure.errors().general()).isEqualTo(List.of("One.", "Two."));
    }

    @Test
    void aListOfMessagesIsAboutTheWholeRequest() {
        assertThat(refused(400, "['One.', 'Two.']").errors().general()).containsExactly("One.", "Two.");
    }

    @Test
    void aBodyThatIsNoJsonIsQuotedInPart() {
        DivioApiException failure = refused(502, "<html>\n  <h1>Bad   gateway</h1>" + "x".repeat(1_000));
        assertThat(failure.errors().excerpt())
                .startsWith("<html> <h1>Bad gateway</h1>xxx")
                .hasSize(300);
    }

    @Test
    void anEmptyBodyIsNoMessage() {
        assertThat(refused(500, "").errors().summary()).isEmpty();
    }

    @Test
    void theRequestIdIsKept() {
        try (Fixture api = new Fixture().answers(status(500, "X-Request-Id", "abc"))) {
            DivioApiException failure = catchThrowableOfType(
                    DivioApiException.class, () -> api.divio.backups().get("b1"));
            assertThat(failure.requestId()).contains("abc");
        }
    }
}
