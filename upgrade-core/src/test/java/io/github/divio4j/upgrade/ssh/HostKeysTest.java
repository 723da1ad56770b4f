package io.github.divio4j.upgrade.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.divio4j.upgrade.postgres.AccessException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which lines of a file of known hosts count. */
class HostKeysTest {

    private static final SshAddress ENDPOINT = new SshAddress("ssh.example.com", 2222, "test");

    private static PublicKey ecdsa;
    private static PublicKey rsa;

    @TempDir
    private Path folder;

    @BeforeAll
    static void generate() throws Exception {
        KeyPair one = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        KeyPair other = KeyUtils.generateKeyPair("ssh-rsa", 2048);
        ecdsa = one.getPublic();
        rsa = other.getPublic();
    }

    private static String line(String hosts, PublicKey key) {
        return hosts + " " + KeyUtils.getKeyType(key) + " "
                + Base64.getEncoder().encodeToString(HostKeys.encoded(key));
    }

    private HostKeys keys(String... lines) throws Exception {
        return new HostKeys(Files.write(folder.resolve("known_hosts"), List.of(lines)), Set.of(), false);
    }

    @Test
    void aKeyCountsAtItsPortOnly() throws Exception {
        assertThatCode(() -> keys(line("[ssh.example.com]:2222", ecdsa)).check(ENDPOINT, ecdsa))
                .doesNotThrowAnyException();
        assertThatCode(() -> keys(line("ssh.example.com", ecdsa))
                        .check(new SshAddress("ssh.example.com", 22, "test"), ecdsa))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> keys(line("ssh.example.com", ecdsa)).check(ENDPOINT, ecdsa))
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("is not known");
    }

    @Test
    void namesMayBeHashed() throws Exception {
        byte[] salt = "twenty bytes of salt".getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(salt, "HmacSHA1"));
        byte[] hash = mac.doFinal("[ssh.example.com]:2222".getBytes(StandardCharsets.UTF_8));
        Base64.Encoder base64 = Base64.getEncoder();
        String name = "|1|" + base64.encodeToString(salt) + "|" + base64.encodeToString(hash);

        assertThatCode(() -> keys(line(name, ecdsa)).check(ENDPOINT, ecdsa)).doesNotThrowAnyException();
    }

    @Test
    void linesThatCannotBeReadAreLeftOut() throws Exception {
        HostKeys keys =
                keys("", "# a comment", "nonsense", "a b", "caf\u00e9 x y", line("[ssh.example.com]:2222", ecdsa));

        assertThatCode(() -> keys.check(ENDPOINT, ecdsa)).doesNotThrowAnyException();
    }

    @Test
    void anAuthoritysKeyIsNoHostKey() {
        assertThatThrownBy(() -> keys(line("@cert-authority [ssh.example.com]:2222", ecdsa))
                        .check(ENDPOINT, ecdsa))
                .hasMessageContaining("is not known");
    }

    @Test
    void aRevokedKeyIsRefusedWhereverItIsTrusted() {
        assertThatThrownBy(() -> keys(line("@revoked *", ecdsa), line("[ssh.example.com]:2222", ecdsa))
                        .check(ENDPOINT, ecdsa))
                .hasMessageContaining("was revoked");
    }

    @Test
    void anyOfSeveralKnownKeysIsTakenAndTheEndpointIsAskedForOneOfThem() throws Exception {
        HostKeys keys = keys(line("[ssh.example.com]:2222", rsa), line("[ssh.example.com]:2222", ecdsa));

        assertThatCode(() -> keys.check(ENDPOINT, ecdsa)).doesNotThrowAnyException();
        assertThat(keys.types(ENDPOINT)).containsExactly("ssh-rsa", "ecdsa-sha2-nistp256");
    }

    @Test
    void aFileThatCannotBeReadIsTold() {
        assertThatThrownBy(() -> new HostKeys(folder, Set.of(), false).check(ENDPOINT, ecdsa))
                .isInstanceOf(AccessException.class)
                .hasMessageContaining("cannot be read: " + folder);
    }

    @Test
    void withoutAFileNothingIsKnown() {
        assertThatThrownBy(() -> new HostKeys(folder.resolve("none"), Set.of(), false).check(ENDPOINT, ecdsa))
                .hasMessageContaining("is not known");
    }

    @Test
    void aFingerprintIsThatOfOpenSsh() {
        assertThat(HostKeys.fingerprint(HostKeys.encoded(rsa))).isEqualTo(KeyUtils.getFingerPrint(rsa));
    }
}
