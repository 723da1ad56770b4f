package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from the data source name of a database, and what is refused. */
class DatabaseAddressTest {

    @Test
    void aDsnNamesHostPortDatabaseUserAndPassword() {
        assertThat(DatabaseAddress.parse("postgres://app:s3cret@db.example.com:5433/shop"))
                .isEqualTo(new DatabaseAddress("db.example.com", 5433, "shop", "app", "s3cret", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "postgresql", "postgis", "pgsql", "POSTGRES"})
    void theSchemeHasSeveralNames(String scheme) {
        assertThat(DatabaseAddress.parse(scheme + "://app:s3cret@db/shop").host())
                .isEqualTo("db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres://app:s3cret@db/shop", "postgres://app:s3cret@db:/shop"})
    void withoutAPortItIsThatOfPostgres(String dsn) {
        assertThat(DatabaseAddress.parse(dsn).port()).isEqualTo(5432);
    }

    @Test
    void allPartsArePercentDecoded() {
        DatabaseAddress address = DatabaseAddress.parse("postgres://a%40pp:p%2Fw%3A%25+%C3%A9%23@db/sh%20op");

        assertThat(address.user()).isEqualTo("a@pp");
        assertThat(address.password()).isEqualTo("p/w:%+é#");
        assertThat(address.database()).isEqualTo("sh op");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://app:a@b@db/shop,   a@b",
        "postgres://app:a:b@db/shop,   a:b",
        "postgres://app:a#b@db/shop,   a#b",
        "postgres://app:@db/shop,      ''",
        "postgres://app@db/shop,       ''"
    })
    void aPasswordMayBeWrittenAsItIsWhereThatIsClear(String dsn, String password) {
        assertThat(DatabaseAddress.parse(dsn).password()).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://app:s3cret@[2001:db8::1]:5433/shop,  5433",
        "postgres://app:s3cret@[2001:db8::1]/shop,       5432"
    })
    void aHostOfIpVersion6StandsInBrackets(String dsn, int port) {
        DatabaseAddress address = DatabaseAddress.parse(dsn);

        assertThat(address.host()).isEqualTo("2001:db8::1");
        assertThat(address.port()).isEqualTo(port);
        assertThat(address).hasToString("postgres://app:***@[2001:db8::1]:" + port + "/shop");
    }

    @Test
    void sslmodeIsTakenFromTheQuestionMarkOn() {
        assertThat(DatabaseAddress.parse("postgres://app:s3cret@db/shop?sslmode=verify-full")
                        .sslMode())
                .isEqualTo("verify-full");
        assertThat(DatabaseAddress.parse("postgres://app:s3cret@db/shop").sslMode())
                .isEqualTo("prefer");
    }

    @Test
    void settingsOfTheApplicationAreLeftOut() {
        assertThat(DatabaseAddress.parse(
                                "postgres://app:s3cret@db/shop?conn_max_age=600&connect_timeout=7&socketFactory=x.Y")
                        .options())
                .isEqualTo(Map.of("connect_timeout", "7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                    | does not begin with postgres://",
                "app:s3cret@db/shop                                    | does not begin with postgres://",
                "mysql://app:s3cret@db/shop                            | begins with neither postgres:// nor postgresql://",
                "postgres://app:s3cret@db                              | names no database",
                "postgres://app:s3cret@db/                             | names no database",
                "postgres://db/s3cret                                  | names no user",
                "postgres://app:s3cret/x@db/shop                       | names no user. A / ? or @ in a password is written %2F",
                "postgres://:s3cret@db/shop                            | the user is empty",
                "postgres://app:s3cret@/shop                           | names no host",
                "postgres://app:s3cret@one,two/shop                    | names several hosts",
                "postgres://app:s3cret@one:1,two:2/shop                | names several hosts",
                "postgres://app:s3cret@%2Frun%2Fpostgresql/shop        | names a socket file",
                "postgres://app:s3cret@d b/shop                        | the host is neither a name nor an IP address",
                "postgres://app:s3cret@db:99999/shop                   | the port is not a number from 1 to 65535",
                "postgres://app:s3cret@db:0/shop                       | the port is not a number from 1 to 65535",
                "postgres://app:s3cret@db:x/shop                       | the port is not a number from 1 to 65535",
                "postgres://app:s3cret@[::1]x/shop                     | the port is not a number from 1 to 65535",
                "postgres://app:s3cret%zz@db/shop                      | in the password a % is not followed by two hexadecimal digits",
                "postgres://app:s3cret%2@db/shop                       | in the password a % is not followed by two hexadecimal digits",
                "postgres://app:s3cret%FF@db/shop                      | the password is not in UTF-8",
                "postgres://app:s3cret%00@db/shop                      | the password holds a control character",
                "postgres://app:s3cret%0A@db/shop                      | the password holds a control character",
                "postgres://app:s3cret@db/shop?sslmode=s3cret          | sslmode is none of",
                "postgres://app:s3cret@db/shop?sslmode=                | the sslmode is empty",
                "postgres://app:s3cret@db/shop?sslmode=a&sslmode=b     | its option sslmode is there twice",
                "postgres://app:s3cret@db/shop?connect_timeout=s3cret  | connect_timeout is not a number of seconds",
                "postgres://app:s3cret@db/shop?host=elsewhere          | its option host is not supported",
                "postgres://app:s3cret@db/shop?sslkey=s3cret           | its option sslkey is not supported"
            })
    void whatIsNoneIsRefusedWithASentenceThatQuotesNothingOfIt(String dsn, String why) {
        Throwable refused = catchThrowable(() -> DatabaseAddress.parse(dsn));

        assertThat(refused).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
        assertThat(told(refused)).doesNotContain("s3cret");
    }

    @Test
    void aLineBreakInADsnIsRefusedWithoutQuotingIt() {
        Throwable refused = catchThrowable(() -> DatabaseAddress.parse("postgres://app:s3\ncret@db/shop"));

        assertThat(refused).hasMessageContaining("holds a control character");
        assertThat(told(refused)).doesNotContain("cret");
    }

    @Test
    void theTextFormHidesThePasswordAndTheOptions() {
        assertThat(DatabaseAddress.parse("postgres://app:s3cret@db/shop?options=-csecret"))
                .hasToString("postgres://app:***@db:5432/shop");
    }

    @Test
    void theSameDatabaseCanBeReachedAtAnotherPlace() {
        DatabaseAddress address = DatabaseAddress.parse("postgres://app:s3cret@db/shop?sslmode=verify-full");

        assertThat(address.at("127.0.0.1", 6000).with("sslmode", "verify-ca"))
                .isEqualTo(new DatabaseAddress(
                        "127.0.0.1", 6000, "shop", "app", "s3cret", Map.of("sslmode", "verify-ca")));
    }

    @Test
    void withoutADriverItIsSaidWhichOneIsMissing() {
        assertThatThrownBy(() -> DatabaseAddress.parse("postgres://app:s3cret@db/shop")
                        .dataSource()
                        .getConnection())
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("there is no JDBC driver for PostgreSQL")
                .hasMessageContaining("Add org.postgresql:postgresql");
    }

    private static String told(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
