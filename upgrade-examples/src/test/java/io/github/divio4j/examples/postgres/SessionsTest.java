package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.postgres.Session;
import io.github.divio4j.upgrade.postgres.Sessions;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedDatabases.class)
class SessionsTest {
    private final LocalDatabases databases;

    SessionsTest(LocalDatabases databases) {
        this.databases = databases;
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void clientsAreListedWithoutWhatTheyRun(String version) throws Exception {
        PostgresDsn shop = databases.create(version);
        assertThat(Sessions.connectedTo(LocalDatabases.dataSource(shop))).isEmpty();

        try (Client client = Client.of(shop);
                Client administrator = new Client(databases.administrator(shop))) {
            client.run("BEGIN; CREATE TABLE t (secret text DEFAULT 's3cret')");
            administrator.run("BEGIN");

            List<Session> sessions = Sessions.connectedTo(LocalDatabases.dataSource(shop));

            assertThat(sessions).asString().doesNotContain("s3cret");
            assertThat(sessions).hasSize(2);
            assertThat(sessions).anySatisfy(session -> {
                assertThat(session.role()).isEqualTo(shop.user());
                assertThat(session.application()).isEqualTo("shop");
                assertThat(session.address()).isEqualTo("127.0.0.1");
                assertThat(session.since()).isNotNull();
                assertThat(session.state()).isEqualTo("idle in transaction");
                assertThat(session.writing()).isTrue();
            });
            assertThat(sessions).anySatisfy(session -> {
                assertThat(session.role()).isEqualTo("postgres");
                assertThat(session.since()).isNull();
                assertThat(session.state()).isNull();
                assertThat(session.writing()).isFalse();
            });
        }
    }
}
