package io.github.divio4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class QuickstartTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    private int run(String... args) {
        return Quickstart.run(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(complained, true, StandardCharsets.UTF_8),
                args);
    }

    private String out() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return complained.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"13, 15", "9.6, 13", "13, 17", "15, 18"})
    void movesRealRowsAndEndsWithAResult(String from, String to) {
        int code = run("--from", from, "--to", to, "--rows", "2000", "--speed", "10");

        assertThat(err()).isEmpty();
        assertThat(out().lines().reduce((a, b) -> b).orElseThrow())
                .matches("RESULT environments=2 upgraded=2 verified=2 rows=4000 from=" + from.replace(".", "\\.")
                        + " to=" + to + " seconds=[0-9.]+");
        assertThat(code).isZero();
    }

    @Test
    void printsThePlanBeforeTheFirstStep() {
        run("--rows", "500", "--speed", "10", "--environments", "1");

        assertThat(out().indexOf("Plan: 1 environment to PostgreSQL 15, 9 steps"))
                .isPositive()
                .isLessThan(out().indexOf("done in"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --to 99                        | does not offer PostgreSQL 99
            --from 14                      | There is no PostgreSQL 14 server
            --from banana                  | not a PostgreSQL version: "banana"
            --from 15 --to 13              | PostgreSQL 13 is not newer than 15
            --from 13 --to 13              | PostgreSQL 13 is not newer than 13
            --environments 0               | --environments takes a whole number from 1 to 50, not "0"
            --scenario odd                 | There is no scenario "odd"
            --colour red                   | There is no option --colour
            --scenario new-taken           | The staging prefix NEW is carried by MySQL Database (NEW)
            --scenario old-taken           | The retired prefix OLD is carried by MySQL Database (OLD)
            --scenario no-postgres         | It has no PostgreSQL instance
            --scenario two-candidates      | It has several databases older than PostgreSQL 15
            """)
    void refusesWhatCannotBeWithASentenceAndExitCode2(String args, String sentence) {
        int code = run((args.strip() + " --rows 500").split(" "));

        assertThat(err()).contains(sentence);
        assertThat(out()).doesNotContain("RESULT");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void refusesAPortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int code = run("--port", Integer.toString(taken.getLocalPort()), "--rows", "500");

            assertThat(err()).contains(Integer.toString(taken.getLocalPort())).contains("in use");
            assertThat(code).isEqualTo(2);
        }
    }
}
