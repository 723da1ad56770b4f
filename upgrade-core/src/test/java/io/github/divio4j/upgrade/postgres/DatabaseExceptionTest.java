package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.upgrade.postgres.DatabaseException.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseExceptionTest {

    private static DatabaseException of(SQLException cause) {
        return DatabaseException.of(
                "compare the rows", "table public.orders of the source", "nothing was changed", cause);
    }

    private static String everything(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void itSaysWhatWasTriedWhyItFailedWhatIsTrueNowAndWhatToDo() {
        DatabaseException thrown =
                of(new SQLException("ERROR: permission denied for table orders\n  Position: 15", "42501"));

        assertThat(thrown)
                .hasMessage(
                        "could not compare the rows (table public.orders of the source): ERROR: permission denied for"
                                + " table orders [SQLSTATE 42501]. Nothing was changed. Grant the right to the role, or use the role"
                                + " that owns the objects.");
        assertThat(thrown.reason()).isEqualTo(Reason.NO_PERMISSION);
        assertThat(thrown.subject()).isEqualTo("table public.orders of the source");
        assertThat(thrown.trueNow()).isEqualTo("Nothing was changed.");
        assertThat(thrown.remedy()).startsWith("Grant the right");
    }

    @ParameterizedTest
    @CsvSource({
        "08001, UNREACHABLE",
        "57P03, UNREACHABLE",
        "08006, CONNECTION_LOST",
        "57P01, CONNECTION_LOST",
        "28P01, LOGIN_REFUSED",
        "3D000, LOGIN_REFUSED",
        "53300, TOO_MANY_CONNECTIONS",
        "42501, NO_PERMISSION",
        "57014, TIMED_OUT",
        "55P03, TIMED_OUT",
        "42P01, CHANGED_MEANWHILE",
        "25006, READ_ONLY",
        "22012, REFUSED"
    })
    void theReasonIsToldByTheStateThatTheServerGives(String state, Reason reason) {
        assertThat(of(new SQLException("ERROR: no", state)).reason()).isEqualTo(reason);
    }

    @Test
    void theReasonIsFoundBehindAPool() {
        SQLException pool = new SQLTransientConnectionException(
                "pool - Connection is not available", new SQLException("FATAL: no", "28P01"));

        assertThat(of(pool).reason()).isEqualTo(Reason.LOGIN_REFUSED);
    }

    @Test
    void withoutAStateTheKindOfTheExceptionTellsTheReason() {
        assertThat(of(new SQLTimeoutException("too slow")).reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(of(new SQLTransientConnectionException("none")).reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(of(new SQLException("odd")).reason()).isEqualTo(Reason.REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
        "No suitable driver found for jdbc:postgresql://db.example:5432/shop?user=shop&password=s3cret",
        "cannot connect to postgres://shop:s3cret@db.example/shop",
        "connection failed: host=db.example user=shop password=s3cret",
        "connection failed: password = 's3cret'"
    })
    void noPasswordIsShownAnywhere(String message) {
        SQLException deep = new SQLException(message, "08001");
        SQLException suppressed = new SQLException("pool");
        suppressed.addSuppressed(deep);
        SQLException next = new SQLException("pool");
        next.setNextException(deep);

        assertThat(everything(of(deep)))
                .doesNotContain("s3cret")
                .doesNotContain("shop:")
                .contains("compare the rows");
        assertThat(everything(of(new SQLException("pool", deep)))).doesNotContain("s3cret");
        assertThat(everything(of(suppressed))).doesNotContain("s3cret");
        assertThat(everything(of(next))).doesNotContain("s3cret");
    }

    @Test
    void aCauseWithoutSecretsIsKept() {
        SQLException cause = new SQLException("ERROR: no", "42501", new java.io.IOException("reset"));

        assertThat(of(cause)).hasCause(cause);
    }
}
