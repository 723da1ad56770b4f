package io.github.divio4j.upgrade.ssh;

import io.github.divio4j.upgrade.postgres.AccessException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Which host keys are taken for those of an endpoint.
 *
 * @param file as OpenSSH keeps them; it is read, never written, and may be missing
 * @param fingerprints if not empty, they take the place of the file
 * @param any whether any is
 */
record HostKeys(Path file, Set<String> fingerprints, boolean any) {

    private static final String REVOKED = "revoked";
    private static final String NOT_THE_ONE =
            " Until that is clear, do not connect: somebody may stand in between to read along.";

    /** The fingerprint as OpenSSH writes it. */
    static String fingerprint(byte[] key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] encoded(PublicKey key) {
        Buffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }

    /** The types of the keys that are known of an endpoint: it is to be asked for one of these. */
    List<String> types(SshAddress endpoint) throws AccessException {
        return any || !fingerprints.isEmpty()
                ? List.of()
                : trusted(endpoint).stream()
                        .map(entry -> entry.getKeyEntry().getKeyType())
                        .distinct()
                        .toList();
    }

    void check(SshAddress endpoint, PublicKey shown) throws AccessException {
        if (any) {
            return;
        }
        byte[] key = encoded(shown);
        String fingerprint = fingerprint(key) + " (" + KeyUtils.getKeyType(shown) + ")";
        if (!fingerprints.isEmpty()) {
            if (!fingerprints.contains(fingerprint(key))) {
                throw new AccessException(
                        "the host key of the SSH endpoint " + endpoint + " is not the expected one: it shows "
                                + fingerprint + ", expected is " + String.join(" or ", fingerprints),
                        "Ask whoever runs the endpoint which is right. If the key was changed, expect the new one (hostKey)."
                                + NOT_THE_ONE);
            }
            return;
        }
        if (entries().stream().anyMatch(entry -> REVOKED.equals(entry.getMarker()) && holds(entry, key))) {
            throw new AccessException(
                    "the host key of the SSH endpoint " + endpoint + " was revoked in " + file + ": " + fingerprint,
                    "Ask whoever runs the endpoint for its new key." + NOT_THE_ONE);
        }
        List<KnownHostEntry> trusted = trusted(endpoint);
        if (trusted.isEmpty()) {
            throw new AccessException(
                    "the host key of the SSH endpoint " + endpoint + " is not known: it shows " + fingerprint + ", and "
                            + file + " has none of " + endpoint.place(),
                    "Compare the fingerprint with what whoever runs the endpoint says. If it is the same, connect once with"
                            + " ssh -p " + endpoint.port() + " " + endpoint.user() + "@" + endpoint.host()
                            + ", which notes it, or expect it (hostKey).");
        }
        if (trusted.stream().noneMatch(entry -> holds(entry, key))) {
            throw new AccessException(
                    "the host key of the SSH endpoint " + endpoint + " has changed: it shows " + fingerprint
                            + ", and in "
                            + file + " is "
                            + trusted.stream()
                                    .map(entry ->
                                            fingerprint(entry.getKeyEntry().getKeyData()) + " ("
                                                    + entry.getKeyEntry().getKeyType() + ")")
                                    .collect(Collectors.joining(" and ")),
                    "Ask whoever runs the endpoint whether the key was changed. If so, remove the old one with ssh-keygen -R '"
                            + endpoint.place() + "' and connect once with ssh." + NOT_THE_ONE);
        }
    }

    private static boolean holds(KnownHostEntry entry, byte[] key) {
        return Arrays.equals(entry.getKeyEntry().getKeyData(), key);
    }

    /** What stands in the file of an endpoint. Certificates of authorities are not used. */
    private List<KnownHostEntry> trusted(SshAddress endpoint) throws AccessException {
        return entries().stream()
                .filter(entry -> entry.getMarker() == null && entry.isHostMatch(endpoint.host(), endpoint.port()))
                .toList();
    }

    /** Lines that OpenSSH could not read either are left out. */
    private List<KnownHostEntry> entries() throws AccessException {
        List<KnownHostEntry> entries = new ArrayList<>();
        if (Files.exists(file)) {
            try {
                // Whatever bytes stand in a comment.
                for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                    KnownHostEntry entry = entry(line);
                    if (entry != null && entry.getKeyEntry() != null) {
                        entries.add(entry);
                    }
                }
            } catch (IOException e) {
                throw new AccessException(
                        "the file of known host keys cannot be read: " + file,
                        "See to it that it can, or name another (SshTunnels.Builder.knownHosts).",
                        e);
            }
        }
        return entries;
    }

    private static @Nullable KnownHostEntry entry(String line) {
        try {
            return line.isBlank() || line.startsWith("#") ? null : KnownHostEntry.parseKnownHostEntry(line);
        } catch (RuntimeException e) {
            // The parser has no exception of its own for a line that is broken: it throws what comes of it.
            return null;
        }
    }
}
