package io.github.divio4j.examples.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.divio4j.client.DivioClient;
import io.github.divio4j.client.error.DivioException;
import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.Observation;
import io.github.divio4j.upgrade.UpgradeSpec;
import io.github.divio4j.upgrade.divio.DivioDatabases;
import io.github.divio4j.upgrade.divio.DivioUpgrade;
import io.github.divio4j.upgrade.postgres.AccessException;
import io.github.divio4j.upgrade.postgres.DatabaseAccess;
import io.github.divio4j.upgrade.postgres.DatabaseAddress;
import io.github.divio4j.upgrade.postgres.DatabaseAddresses;
import io.github.divio4j.upgrade.postgres.DatabaseException;
import io.github.divio4j.upgrade.postgres.PostgresDatabases;
import io.github.divio4j.upgrade.postgres.Sessions;
import io.github.divio4j.upgrade.run.RunReport;
import io.github.divio4j.upgrade.ssh.SshAddress;
import io.github.divio4j.upgrade.ssh.SshTunnels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real databases are reached through the SSH endpoints of their environments, and through nothing else. */
@Timeout(120)
class SshAccessTest {

    private static final String PASSPHRASE = "a phrase of four words";

    @TempDir
    private static Path folder;

    private static Path key;
    private static Path encrypted;
    private static Path strange;
    private static KeyPair agentKey;
    private static Sandbox sandbox;
    private static DivioClient divio;
    private static final Map<String, Observation> SEEN = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        KeyPair own = KeyFiles.generate("ssh-ed25519", 256);
        KeyPair locked = KeyFiles.generate("ecdsa-sha2-nistp256", 256);
        agentKey = KeyFiles.generate("ssh-rsa", 2048);
        key = KeyFiles.write(folder.resolve("id_ed25519"), own, null);
        encrypted = KeyFiles.write(folder.resolve("id_ecdsa"), locked, PASSPHRASE);
        strange = KeyFiles.write(folder.resolve("id_strange"), KeyFiles.generate("ecdsa-sha2-nistp256", 256), null);
        sandbox = Sandbox.builder()
                .environments(List.of("test", "live", "moving"))
                .instance("live", "PostgreSQL Database 15", "EXTRA", InstanceStatus.ATTACHED)
                .instance("live", "PostgreSQL Database 15", "NEXT", InstanceStatus.PENDING_ATTACHMENT)
                .variable("GIVEN_DATABASE_DSN", "postgres://app:s3cret%21@db.example.com/shop")
                .variable("WRONG_DATABASE_DSN", "postgres://app:s3cret!@one,two/shop")
                .sensitiveVariable("HIDDEN_DATABASE_DSN", "postgres://app:s3cret!@db.example.com/shop")
                .speed(100)
                .rows(200)
                .sshKey(KeyFiles.line(own.getPublic()))
                .sshKey(KeyFiles.line(locked.getPublic()))
                .sshKey(KeyFiles.line(agentKey.getPublic()))
                .start();
        divio = DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token(sandbox.token())
                .build();
        DivioUpgrade upgrade =
                DivioUpgrade.builder(divio, sandbox.applicationSlug()).build();
        for (EnvironmentRef environment : upgrade.observer().environments()) {
            SEEN.put(environment.slug(), upgrade.observer().observe(environment));
        }
    }

    @AfterAll
    static void stop() {
        divio.close();
        sandbox.close();
    }

    private static EnvironmentRef environment(String slug) {
        return SEEN.get(slug).environment();
    }

    private static Observation.Instance instance(String slug, String prefix) {
        return SEEN.get(slug).instances().stream()
                .filter(i -> i.isDatabase() && i.prefix().equals(prefix))
                .findFirst()
                .orElseThrow();
    }

    private static PostgresDsn dsn(String slug, String prefix) {
        return PostgresDsn.parse(sandbox.dsn(instance(slug, prefix).id()).orElseThrow());
    }

    private final DivioDatabases databases = DivioDatabases.of(divio);

    private static SshTunnels.Builder expectedKey() {
        return SshTunnels.builder().hostKey(sandbox.sshHostKey().orElseThrow());
    }

    private DataSource database(SshTunnels tunnels, String slug) {
        return database(tunnels, slug, databases);
    }

    private DataSource database(SshTunnels tunnels, String slug, DatabaseAddresses addresses) {
        return DatabaseAccess.at(tunnels.around(addresses, databases::sshEndpoint))
                .to(environment(slug), instance(slug, "DEFAULT"))
                .orElseThrow();
    }

    private static String ask(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT current_database()")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Throwable refusal(SshTunnels.Builder builder) {
        try (SshTunnels tunnels = builder.build()) {
            return refusal(database(tunnels, "test"));
        }
    }

    private static Throwable refusal(DataSource database) {
        Throwable refused = catchThrowable(database::getConnection);
        assertThat(refused).isInstanceOf(AccessException.class);
        assertThat(told(refused)).doesNotContain(dsn("test", "DEFAULT").password(), PASSPHRASE);
        return refused;
    }

    /** All that a log would show. */
    private static String told(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private int port() throws AccessException {
        return databases.sshEndpoint(environment("test")).port();
    }

    private Path knownHosts(String line) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "known_hosts", ""), line + "\n");
    }

    // Ways in

    @Test
    void eachEnvironmentsDatabaseIsReachedThroughItsEndpoint() throws Exception {
        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            assertThat(ask(database(tunnels, "test")))
                    .isEqualTo(dsn("test", "DEFAULT").database());
            assertThat(ask(database(tunnels, "live")))
                    .isEqualTo(dsn("live", "DEFAULT").database());
        }
    }

    @Test
    void aWholeUpgradeWithoutLossGoesThroughTheTunnels() throws Exception {
        UpgradeSpec spec = UpgradeSpec.withoutLoss("15")
                .provisioning(UpgradeSpec.Provisioning.BY_DEPLOYMENT)
                .wave("moving")
                .build();

        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            DivioUpgrade upgrade = DivioUpgrade.builder(divio, sandbox.applicationSlug())
                    .pollInterval(Duration.ofMillis(100))
                    .backupDirectory(folder.resolve("backups"))
                    .databases(PostgresDatabases.through(
                            DatabaseAccess.at(tunnels.around(databases, databases::sshEndpoint))))
                    .build();

            RunReport report = upgrade.runner().build().run(spec);

            assertThat(report.succeeded()).as(report.toString()).isTrue();
            // A later process, for the way back.
            DivioDatabases restarted = DivioDatabases.of(divio);
            assertThat(upgrade.observer().observe(environment("moving")).instances())
                    .filteredOn(Observation.Instance::isDatabase)
                    .hasSize(2)
                    .allSatisfy(one -> assertThat(restarted
                                    .address(environment("moving"), one)
                                    .database())
                            .isEqualTo(PostgresDsn.parse(sandbox.dsn(one.id()).orElseThrow())
                                    .database()));
        }
    }

    @Test
    void theKeyMayBeEncrypted() throws Exception {
        try (SshTunnels tunnels = expectedKey().key(encrypted, () -> PASSPHRASE).build()) {
            assertThat(ask(database(tunnels, "test")))
                    .isEqualTo(dsn("test", "DEFAULT").database());
        }
    }

    @Test
    void theKeyMayBeOneOfAnAgent() throws Exception {
        Path socket = folder.resolve("agent");
        try (LittleAgent agent = new LittleAgent(socket, agentKey);
                SshTunnels tunnels = expectedKey().agent(socket).build()) {
            assertThat(ask(database(tunnels, "test")))
                    .isEqualTo(dsn("test", "DEFAULT").database());
        }
    }

    @Test
    void aTunnelThatBrokeIsOpenedAgain() throws Exception {
        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            DataSource database = database(tunnels, "test");
            try (Connection before = database.getConnection()) {
                sandbox.dropSshSessions();
                SandboxJvm.until(() -> !isValid(before));
            }

            assertThat(ask(database)).isEqualTo(dsn("test", "DEFAULT").database());
        }
    }

    private static boolean isValid(Connection connection) {
        try {
            return connection.isValid(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // Ends

    @Test
    void afterAFailureInTheMiddleNothingIsLeft() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        int[] local = new int[1];
        DatabaseAddress[] through = new DatabaseAddress[1];

        assertThatThrownBy(() -> {
                    try (SshTunnels tunnels = expectedKey().key(key).build()) {
                        through[0] = tunnels.around(databases, databases::sshEndpoint)
                                .address(environment("test"), instance("test", "DEFAULT"));
                        local[0] = through[0].port();
                        new Socket(InetAddress.getLoopbackAddress(), local[0]).close();
                        throw new IllegalStateException("in the middle");
                    }
                })
                .hasMessage("in the middle");

        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), local[0]).close())
                .isInstanceOf(IOException.class);
        SandboxJvm.until(() -> newThreads(before).isEmpty());
    }

    /** Those of the endpoint live as long as the sandbox. */
    private static Set<String> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                .filter(name -> name.contains("SshClient") || name.contains("ssh-connection"))
                .collect(Collectors.toSet());
    }

    @Test
    void noThreadKeepsTheJvmAliveWhereNobodyClosesTheTunnels() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        SshTunnels tunnels = expectedKey().key(key).build();

        ask(database(tunnels, "test"));

        try {
            assertThat(newThreads(before)).isNotEmpty();
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> !before.contains(thread) && !thread.isDaemon())
                            .map(Thread::getName))
                    .isEmpty();
        } finally {
            tunnels.close();
        }
    }

    @Test
    void closedTunnelsAreNotOpenedAgain() {
        SshTunnels tunnels = expectedKey().key(key).build();
        tunnels.close();

        assertThat(refusal(database(tunnels, "test"))).hasMessageContaining("the tunnels were closed");
    }

    // Host keys

    @Test
    void aKnownHostKeyIsTaken() throws Exception {
        Path known = knownHosts("[127.0.0.1]:" + port() + " " + KeyFiles.line(sandbox.sshHostPublicKey()));

        try (SshTunnels tunnels =
                SshTunnels.builder().knownHosts(known).key(key).build()) {
            assertThat(ask(database(tunnels, "test")))
                    .isEqualTo(dsn("test", "DEFAULT").database());
        }
    }

    @Test
    void anUnknownHostKeyIsRefusedWithItsFingerprint() throws Exception {
        Path known = knownHosts("# nobody");

        assertThat(refusal(SshTunnels.builder().knownHosts(known).key(key)))
                .hasMessageContaining(
                        "is not known: it shows " + sandbox.sshHostKey().orElseThrow())
                .hasMessageContaining("Compare the fingerprint")
                .hasMessageContaining("ssh -p " + port());
        assertThat(known).hasContent("# nobody");
    }

    @Test
    void aChangedHostKeyIsRefusedWithBothFingerprints() throws Exception {
        KeyPair other = KeyFiles.generate("ecdsa-sha2-nistp256", 256);
        Path known = knownHosts("[127.0.0.1]:" + port() + " " + KeyFiles.line(other.getPublic()));

        assertThat(refusal(SshTunnels.builder().knownHosts(known).key(key)))
                .hasMessageContaining(
                        "has changed: it shows " + sandbox.sshHostKey().orElseThrow())
                .hasMessageContaining(KeyUtils.getFingerPrint(other.getPublic()))
                .hasMessageContaining("ssh-keygen -R '[127.0.0.1]:" + port() + "'");
    }

    @Test
    void aRevokedHostKeyIsRefused() throws Exception {
        Path known = knownHosts("@revoked * " + KeyFiles.line(sandbox.sshHostPublicKey()));

        assertThat(refusal(SshTunnels.builder().knownHosts(known).key(key)))
                .hasMessageContaining("was revoked in " + known);
    }

    @Test
    void anotherHostKeyThanTheExpectedIsRefusedWithBothFingerprints() {
        String expected = "SHA256:" + "A".repeat(43);

        assertThat(refusal(SshTunnels.builder().hostKey(expected).key(key)))
                .hasMessageContaining("shows " + sandbox.sshHostKey().orElseThrow())
                .hasMessageContaining("expected is " + expected);
    }

    // Logins

    @Test
    void aKeyThatMayNotLogInIsToldByItsFile() {
        assertThat(refusal(expectedKey().key(strange)))
                .hasMessageContaining("lets nobody in with the key in " + strange)
                .hasMessageContaining("Add the public key");
    }

    @Test
    void aWrongPassphraseIsToldWithoutIt() {
        assertThat(refusal(expectedKey().key(encrypted, () -> PASSPHRASE + "!")))
                .hasMessageContaining("the key in " + encrypted + " is not to be had with the passphrase")
                .hasMessageContaining("Give its passphrase");
    }

    @Test
    void aMissingPassphraseIsAskedFor() {
        assertThat(refusal(expectedKey().key(encrypted))).hasMessageContaining("Give its passphrase");
    }

    @Test
    void aFileThatIsNoKeyIsTold() throws Exception {
        Path none = Files.writeString(folder.resolve("none"), "nothing\n");

        assertThat(refusal(expectedKey().key(none))).hasMessageContaining("there is no private key in " + none);
        assertThat(refusal(expectedKey().key(folder.resolve("missing")))).hasMessageContaining("is not there");
    }

    @Test
    void anAgentThatDoesNotAnswerIsTold() {
        assertThat(refusal(expectedKey().agent(folder.resolve("no-agent"))))
                .hasMessageContaining("no SSH agent answers at " + folder.resolve("no-agent"));
    }

    @Test
    void anEndpointThatCannotBeReachedIsTold() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        SshAddress nobody = new SshAddress("127.0.0.1", free, "nobody");
        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            DataSource database = DatabaseAccess.at(tunnels.around(databases, environment -> nobody))
                    .to(environment("test"), instance("test", "DEFAULT"))
                    .orElseThrow();

            assertThat(refusal(database))
                    .hasMessageContaining("the SSH endpoint " + nobody + " cannot be reached: it takes no connections");
        }
    }

    @Test
    void anEndpointThatSaysNothingIsToldAfterTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SshTunnels tunnels =
                        expectedKey().key(key).timeout(Duration.ofMillis(300)).build()) {
            SshAddress endpoint = new SshAddress("127.0.0.1", silent.getLocalPort(), "nobody");
            DataSource database = DatabaseAccess.at(tunnels.around(databases, environment -> endpoint))
                    .to(environment("test"), instance("test", "DEFAULT"))
                    .orElseThrow();

            assertThat(refusal(database))
                    .hasMessageContaining("the session with the SSH endpoint " + endpoint + " did not come about")
                    .hasMessageContaining("Try again");
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    // Databases

    @Test
    void anEndpointDoesNotLeadToTheServerOfAnotherEnvironment() throws Exception {
        DatabaseAddress elsewhere = databases.address(environment("live"), instance("live", "EXTRA"));
        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            assertThat(refusal(database(tunnels, "test", (environment, instance) -> elsewhere)))
                    .hasMessageContaining("may not lead to 127.0.0.1:" + elsewhere.port())
                    .hasMessageContaining("belongs to the same environment");
        }
    }

    @Test
    void anEndpointDoesNotLeadToTheDatabaseOfAnotherEnvironmentOnTheSameServer() throws Exception {
        DatabaseAddress elsewhere = databases.address(environment("live"), instance("live", "DEFAULT"));
        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            assertThat(ask(database(tunnels, "live", (environment, instance) -> elsewhere)))
                    .isNotEmpty();

            assertThatThrownBy(() -> ask(database(tunnels, "test", (environment, instance) -> elsewhere)))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aWrongPasswordIsToldWithoutIt() {
        DatabaseAddresses wrong = (environment, instance) -> {
            DatabaseAddress right = databases.address(environment, instance);
            return new DatabaseAddress(
                    right.host(), right.port(), right.database(), right.user(), "wr0ng-s3cret", right.options());
        };
        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            DataSource database = database(tunnels, "test", wrong);
            DatabaseException refused =
                    catchThrowableOfType(DatabaseException.class, () -> Sessions.connectedTo(database));

            assertThat(refused.reason()).isEqualTo(DatabaseException.Reason.LOGIN_REFUSED);
            assertThat(refused).hasMessageContaining("Check user, password");
            assertThat(told(refused)).doesNotContain("wr0ng-s3cret");
        }
    }

    @Test
    void whatAStepSaysOfARefusalIsTheRemedyOfTheRefusal() throws Exception {
        Path known = knownHosts("# nobody");
        try (SshTunnels tunnels =
                SshTunnels.builder().knownHosts(known).key(key).build()) {
            DataSource database = database(tunnels, "test");
            DatabaseException refused =
                    catchThrowableOfType(DatabaseException.class, () -> Sessions.connectedTo(database));

            assertThat(refused.reason()).isEqualTo(DatabaseException.Reason.UNREACHABLE);
            assertThat(refused.remedy()).startsWith("Compare the fingerprint");
            assertThat(refused).hasMessageContaining("is not known: it shows");
        }
    }

    @Test
    void verifyFullIsRefusedBecauseTheTunnelsEndHasAnotherName() {
        try (SshTunnels tunnels = expectedKey().key(key).build()) {
            DataSource database = database(
                    tunnels,
                    "test",
                    (environment, instance) ->
                            databases.address(environment, instance).with("sslmode", "verify-full"));

            assertThat(refusal(database)).hasMessageContaining("cannot be met through a tunnel");
        }
    }

    // Variables

    @Test
    void anInstanceThatWasNeverDeployedHasNoVariableYet() {
        Throwable refused = catchThrowable(() -> databases.address(environment("live"), instance("live", "NEXT")));

        assertThat(refused)
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("NEXT_DATABASE_DSN of " + environment("live") + " cannot be read")
                .hasMessageContaining("a function of your own");
    }

    @Test
    void aVariableThatIsListedIsTaken() throws Exception {
        assertThat(databases.address(environment("live"), prefixed(instance("live", "EXTRA"), "GIVEN")))
                .isEqualTo(DatabaseAddress.parse("postgres://app:s3cret%21@db.example.com/shop"));
    }

    @Test
    void aListedVariableIsNotTakenForAnInstanceThatCameAfterTheDeploymentThatHadIt() {
        assertThatThrownBy(() -> databases.address(environment("live"), prefixed(instance("live", "NEXT"), "GIVEN")))
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("GIVEN_DATABASE_DSN of " + environment("live"))
                .hasMessageContaining("leads to the database of another instance");
    }

    @Test
    void aVariableThatIsNoAddressIsToldByItsName() {
        Throwable refused = catchThrowable(
                () -> databases.address(environment("live"), prefixed(instance("live", "NEXT"), "WRONG")));

        assertThat(refused)
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("WRONG_DATABASE_DSN of " + environment("live") + " is not the address")
                .hasMessageContaining("names several hosts")
                .hasMessageContaining("Correct the variable");
        assertThat(told(refused)).doesNotContain("s3cret");
    }

    @Test
    void aSensitiveVariableThatNoDeploymentShowsIsTold() {
        Throwable refused = catchThrowable(
                () -> databases.address(environment("live"), prefixed(instance("live", "NEXT"), "HIDDEN")));

        assertThat(refused)
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("HIDDEN_DATABASE_DSN of " + environment("live") + " cannot be read")
                .hasMessageContaining("keeps its value to itself");
    }

    @Test
    void aDatabaseIsTheSameUnderANewPrefixUntilItIsDeployedAndAfterARestart() throws Exception {
        Observation.Instance extra = instance("live", "EXTRA");
        DatabaseAddress before = databases.address(environment("live"), extra);
        divio.serviceInstances().rename(extra.id(), "RETIRED");
        divio.serviceInstances().rename(instance("live", "NEXT").id(), "EXTRA");
        try {
            Observation.Instance retired = prefixed(extra, "RETIRED");
            Observation.Instance next = prefixed(instance("live", "NEXT"), "EXTRA");

            assertThat(databases.address(environment("live"), retired)).isEqualTo(before);
            DivioDatabases restarted = DivioDatabases.of(divio);
            assertThat(restarted.address(environment("live"), retired)).isEqualTo(before);
            assertThatThrownBy(() -> restarted.address(environment("live"), next))
                    .isInstanceOf(AccessException.class);
        } finally {
            divio.serviceInstances().rename(instance("live", "NEXT").id(), "NEXT");
            divio.serviceInstances().rename(extra.id(), "EXTRA");
        }
    }

    private static Observation.Instance prefixed(Observation.Instance instance, String prefix) {
        return new Observation.Instance(
                instance.id(),
                instance.serviceId(),
                instance.type(),
                prefix,
                instance.status(),
                instance.statusText(),
                instance.regionId());
    }

    @Test
    void aPlatformThatDoesNotAnswerIsToldWithoutTheToken() {
        try (DivioClient stranger = DivioClient.builder()
                .baseUrl(sandbox.baseUrl())
                .token("wr0ng-t0ken")
                .build()) {
            Throwable refused = catchThrowable(
                    () -> DivioDatabases.of(stranger).address(environment("test"), instance("test", "DEFAULT")));

            assertThat(refused)
                    .isInstanceOf(AccessException.class)
                    .hasMessageContaining("could not read the variables of")
                    .hasCauseInstanceOf(DivioException.class);
            assertThat(told(refused)).doesNotContain("wr0ng-t0ken");
        }
    }
}
