package io.github.divio4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.client.error.DivioException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call meets every fault: it ends with the one type that the fault has, was sent as often as the retry table says, and shows no
 * secret.
 */
class FaultMatrixTest {
    private static final AtomicInteger CASES = new AtomicInteger();

    @AfterAll
    static void tellHowMany() {
        System.out.println("fault matrix: " + CASES.get() + " cases");
    }

    private static FaultMatrix matrix() throws IOException {
        return new FaultMatrix(builder -> builder.timeSource(new FakeTime()));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyCallReportsIt(Fault fault) throws IOException {
        try (FaultMatrix matrix = matrix()) {
            for (FaultMatrix.Case what : FaultMatrix.cases()) {
                if (what.fault() == fault) {
                    CASES.incrementAndGet();
                    check(matrix.meet(what));
                }
            }
        }
    }

    private static void check(FaultMatrix.Outcome outcome) {
        Fault fault = outcome.what().fault();
        Calls call = outcome.what().call();
        String what = outcome.what().toString();
        Throwable failure = outcome.failure();
        assertThat(outcome.duplicated()).as(what).isFalse();
        assertThat(outcome.leaks()).as(what).isFalse();
        if (failure == null) {
            assertThat(fault.harmless(call) || fault.unnoticed(call)).as(what).isTrue();
            return;
        }
        assertThat(failure).as(what).isInstanceOf(DivioException.class);
        if (fault.unnoticed(call)) {
            return;
        }
        assertThat(failure).as(what).isInstanceOf(fault.type);
        DivioException known = (DivioException) failure;
        int expected = fault.attempts(call, FaultMatrix.ATTEMPTS);
        assertThat(known.attempts()).as(what).isEqualTo(expected);
        if (fault == Fault.CONNECTION_REFUSED) {
            assertThat(outcome.requests()).as(what).isZero();
            assertThat(known.mayHaveTakenEffect()).as(what).isFalse();
        } else if (!fault.mayBeUnread()) {
            assertThat(outcome.requests()).as(what).isEqualTo(expected);
        }
        assertThat(known.mayHaveTakenEffect() && call.method.equals("GET"))
                .as(what)
                .isFalse();
        assertThat(failure.getMessage().toLowerCase(Locale.ROOT))
                .as(what)
                .contains(call.method.toLowerCase(Locale.ROOT));
    }

    @Test
    void everyCallWorksWithoutAFault() {
        for (Calls call : Calls.values()) {
            try (Fixture api = new Fixture().answers(call.answer)) {
                assertThat(call.make(api.divio)).as(call.name()).isNotNull();
                assertThat(api.requests()).as(call.name()).hasSize(1);
            }
        }
    }
}
