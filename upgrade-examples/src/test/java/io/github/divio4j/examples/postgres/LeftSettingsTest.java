package io.github.divio4j.examples.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.divio4j.examples.sandbox.LocalDatabases;
import io.github.divio4j.examples.sandbox.PostgresDsn;
import io.github.divio4j.upgrade.postgres.LeftSettings;
import io.github.divio4j.upgrade.postgres.LeftSettings.Outcome;
import io.github.divio4j.upgrade.postgres.LeftSettings.Scope;
import io.github.divio4j.upgrade.postgres.LeftSettings.Setting;
import io.github.divio4j.upgrade.postgres.LeftSettings.State;
import io.github.divio4j.upgrade.postgres.WriteFence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedDatabases.class)
class LeftSettingsTest {
    private static final String NEWEST = SharedDatabases.versions().get(3);

    private final LocalDatabases databases;

    LeftSettingsTest(LocalDatabases databases) {
        this.databases = databases;
    }

    private static LeftSettings of(PostgresDsn database) {
        return LeftSettings.of(LocalDatabases.dataSource(database));
    }

    @ParameterizedTest
    @MethodSource("io.github.divio4j.examples.postgres.SharedDatabases#oldestAndNewest")
    void theTargetGetsWhatItsRoleMaySetAndTheSecondTimeHasIt(String version) throws Exception {
        PostgresDsn source = databases.create(version);
        PostgresDsn target = databases.create(NEWEST);
        try (Client owner = Client.of(source)) {
            owner.run("CREATE SCHEMA shop");
            owner.run("ALTER DATABASE " + source.database() + " SET search_path = shop, \"$user\", public");
            owner.run("ALTER DATABASE " + source.database() + " SET work_mem = '8192'");
            owner.run("ALTER DATABASE " + source.database() + " SET TimeZone = 'Europe/Zurich'");
            owner.run("ALTER ROLE " + source.user() + " IN DATABASE " + source.database()
                    + " SET DateStyle = 'ISO, DMY'");
            owner.run("ALTER ROLE " + source.user() + " SET statement_timeout = '45s'");
        }

        LeftSettings left = of(source);
        List<Outcome> first = left.applyTo(LocalDatabases.dataSource(target));
        List<Outcome> second = left.applyTo(LocalDatabases.dataSource(target));

        assertThat(left.settings())
                .extracting(Setting::scope, Setting::role, Setting::name)
                .containsExactlyInAnyOrder(
                        tuple(Scope.ROLE, "", "statement_timeout"),
                        tuple(Scope.DATABASE, "", "TimeZone"),
                        tuple(Scope.DATABASE, "", "search_path"),
                        tuple(Scope.DATABASE, "", "work_mem"),
                        tuple(Scope.ROLE_IN_DATABASE, "", "DateStyle"));
        assertThat(first).extracting(Outcome::state).containsOnly(State.APPLIED);
        assertThat(second).extracting(Outcome::state).containsOnly(State.THERE);
        assertThat(of(target).settings()).isEqualTo(left.settings());
        try (Client application = Client.of(target)) {
            assertThat(application.texts("SHOW search_path")).containsExactly("shop, \"$user\", public");
            assertThat(application.texts("SHOW work_mem")).containsExactly("8MB");
        }
    }

    @Test
    void whatTheRoleMayNotSetIsLeftAndSaidWithoutItsValue() throws Exception {
        PostgresDsn source = databases.create(NEWEST);
        PostgresDsn target = databases.create(NEWEST);
        PostgresDsn other = databases.create(NEWEST);
        try (Client administrator = new Client(databases.administrator(source))) {
            administrator.run("ALTER DATABASE " + source.database() + " SET log_statement_sample_rate = 0.125");
            administrator.run("ALTER DATABASE " + source.database() + " SET work_mem = '9MB'");
            administrator.run(
                    "ALTER ROLE " + other.user() + " IN DATABASE " + source.database() + " SET work_mem = '5MB'");
        }

        List<Outcome> outcomes = of(source).applyTo(LocalDatabases.dataSource(target));

        assertThat(outcomes)
                .extracting(o -> o.setting().toString(), Outcome::state)
                .containsExactly(
                        tuple("setting log_statement_sample_rate of the database", State.LEFT),
                        tuple("setting work_mem of the database", State.APPLIED),
                        tuple("setting work_mem of role " + other.user() + " in the database", State.LEFT));
        assertThat(outcomes.get(0).why()).contains("permission denied").doesNotContain("0.125");
        assertThat(outcomes.toString()).doesNotContain("9MB");
    }

    @Test
    void aFenceStaysBehind() throws Exception {
        PostgresDsn source = databases.create(NEWEST);
        PostgresDsn target = databases.create(NEWEST);
        WriteFence.of(LocalDatabases.dataSource(source)).raise("run 1");

        LeftSettings left = of(source);

        assertThat(left.settings()).isEmpty();
        assertThat(left.applyTo(LocalDatabases.dataSource(target))).isEmpty();
        Client.run(target, "CREATE TABLE t (a integer)");
    }
}
