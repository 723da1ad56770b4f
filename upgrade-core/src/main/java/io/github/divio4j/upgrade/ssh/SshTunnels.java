package io.github.divio4j.upgrade.ssh;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.postgres.AccessException;
import io.github.divio4j.upgrade.postgres.DatabaseAddress;
import io.github.divio4j.upgrade.postgres.DatabaseAddresses;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * Tunnels through SSH endpoints, each opened when the first connection needs it, and opened again by the next connection after it has
 * broken. {@link #close()} closes all of them, and the connections through them; none of their threads keeps a JVM alive.
 *
 * <p>An endpoint must show a host key that is expected or known; nobody is asked, and no file is written. Neither {@code ~/.ssh/config}
 * nor key files that are not named are read.
 *
 * <p>A tunnel ends at a port of this machine's loopback interface. Other users of this machine can connect to it, and need the
 * database's password then. Safe for use by several threads.
 */
public final class SshTunnels implements AutoCloseable {

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Map<Path, Supplier<@Nullable String>> keyFiles;
    private final @Nullable Path agent;
    private final HostKeys hostKeys;
    private final Duration timeout;
    private @Nullable SshClient client;
    private boolean closed;

    private SshTunnels(Builder builder) {
        this.keyFiles = new LinkedHashMap<>(builder.keyFiles);
        Path socket = builder.agent;
        String usual = System.getenv("SSH_AUTH_SOCK");
        this.agent =
                socket != null || !keyFiles.isEmpty() || usual == null || usual.isEmpty() ? socket : Path.of(usual);
        Path file = builder.knownHosts;
        this.hostKeys = new HostKeys(
                file == null ? Path.of(System.getProperty("user.home", ""), ".ssh", "known_hosts") : file,
                Set.copyOf(builder.fingerprints),
                builder.anyHostKey);
        this.timeout = builder.timeout;
    }

    /** Starts the settings, which have the defaults that are documented at the methods. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The same databases, reached through the endpoints of their environments.
     *
     * <p>Of an address with {@code sslmode=verify-full} there is none through a tunnel: what its certificate would be compared with is
     * this machine's name. The host key has proven the endpoint, and {@code verify-ca} can prove the database.
     *
     * @param databases where they are for the application
     */
    public DatabaseAddresses around(DatabaseAddresses databases, SshEndpoints endpoints) {
        requireNonNull(databases, "databases");
        requireNonNull(endpoints, "endpoints");
        Map<EnvironmentRef, Tunnel> tunnels = new ConcurrentHashMap<>();
        return (environment, instance) -> {
            DatabaseAddress database = databases.address(environment, instance);
            if (database.sslMode().equals("verify-full")) {
                throw new AccessException(
                        "the address of " + instance.prefix() + " of " + environment
                                + " demands sslmode=verify-full, which cannot be met through a tunnel",
                        "Give the address with(\"sslmode\", \"verify-ca\"): the endpoint is proven by its host key.");
            }
            return tunnels.computeIfAbsent(environment, one -> new Tunnel(one, endpoints, this, timeout))
                    .through(database);
        };
    }

    /** What is offered to endpoints, for people. */
    String keys() {
        List<String> keys = new ArrayList<>();
        keyFiles.keySet().forEach(file -> keys.add("the key in " + file));
        if (agent != null) {
            keys.add("the keys of the agent at " + agent);
        }
        return String.join(" and ", keys);
    }

    synchronized SshClient client() throws AccessException {
        if (closed) {
            throw new AccessException("the tunnels were closed", "Keep them open for as long as they are used.");
        }
        if (client == null) {
            client = start();
        }
        return client;
    }

    private SshClient start() throws AccessException {
        if (keyFiles.isEmpty() && agent == null) {
            throw new AccessException(
                    "there is no key to log in with at SSH endpoints",
                    "Name a key file (SshTunnels.Builder.key), or start an SSH agent (SSH_AUTH_SOCK).");
        }
        List<KeyPair> keys = new ArrayList<>();
        for (Map.Entry<Path, Supplier<@Nullable String>> file : keyFiles.entrySet()) {
            keys.addAll(read(file.getKey(), file.getValue()));
        }
        if (agent != null) {
            try {
                SocketAgent.at(agent).close();
            } catch (IOException | UnsupportedOperationException e) {
                throw new AccessException(
                        "no SSH agent answers at " + agent + ": " + e.getMessage(),
                        "Start one, or name a key file (SshTunnels.Builder.key).",
                        e);
            }
        }
        SshClient made = ClientBuilder.builder()
                .hostConfigEntryResolver(HostConfigEntryResolver.EMPTY)
                .serverKeyVerifier((session, address, key) -> isTrusted(session, key))
                .build();
        made.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        made.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(keys));
        if (agent != null) {
            made.setAgentFactory(SocketAgent.factory(agent));
        }
        // A network that is gone says nothing: an endpoint that does not answer three times is taken for gone.
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, HEARTBEAT);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, 3);
        made.addSessionListener(new SessionListener() {
            @Override
            public void sessionNegotiationOptionsCreated(Session session, Map<KexProposalOption, String> proposal) {
                preferKnown((ClientSession) session, proposal);
            }
        });
        made.start();
        return made;
    }

    private static List<KeyPair> read(Path file, Supplier<@Nullable String> passphrase) throws AccessException {
        if (!Files.isReadable(file)) {
            throw new AccessException(
                    "the key file " + file + " is not there, or this user may not read it",
                    "Name the file of a private key (SshTunnels.Builder.key).");
        }
        boolean[] asked = new boolean[1];
        FilePasswordProvider once = (session, resource, index) -> {
            asked[0] = true;
            return passphrase.get();
        };
        List<KeyPair> keys = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            Iterable<KeyPair> read = SecurityUtils.loadKeyPairIdentities(null, file::toString, in, once);
            if (read != null) {
                read.forEach(keys::add);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            if (String.valueOf(e.getMessage()).contains("ssh-ed25519") && !SecurityUtils.isEDDSACurveSupported()) {
                throw new AccessException(
                        "the key in " + file
                                + " is of the type Ed25519, for which Apache MINA SSHD needs Bouncy Castle",
                        "Add org.bouncycastle:bcprov-jdk18on to the program, or use a key of another type.",
                        e);
            }
            throw new AccessException(
                    asked[0]
                            ? "the key in " + file
                                    + " is not to be had with the passphrase that was given, or with none"
                            : "the key in " + file + " cannot be read: " + e.getMessage(),
                    asked[0]
                            ? "Give its passphrase (SshTunnels.Builder.key)."
                            : "Name a private key as ssh-keygen writes it (SshTunnels.Builder.key).",
                    asked[0] ? null : e);
        }
        if (keys.isEmpty()) {
            throw new AccessException(
                    "there is no private key in " + file,
                    "Name a private key as ssh-keygen writes it (SshTunnels.Builder.key).");
        }
        return keys;
    }

    private boolean isTrusted(ClientSession session, PublicKey key) {
        Tunnel tunnel = of(session);
        try {
            hostKeys.check(tunnel.endpoint(), key);
            return true;
        } catch (AccessException e) {
            tunnel.distrust(e);
            return false;
        }
    }

    private static Tunnel of(ClientSession session) {
        return requireNonNull(session.getConnectionContext().getAttribute(Tunnel.OF_SESSION));
    }

    /** Of several host keys the endpoint is to show the one that can be compared, as OpenSSH asks it to. */
    private void preferKnown(ClientSession session, Map<KexProposalOption, String> proposal) {
        Tunnel tunnel = of(session);
        List<String> types;
        try {
            types = hostKeys.types(tunnel.endpoint());
        } catch (AccessException e) {
            tunnel.distrust(e);
            throw new IllegalStateException(e);
        }
        Set<String> order = new LinkedHashSet<>();
        List<String> offered = Arrays.asList(
                String.valueOf(proposal.get(KexProposalOption.SERVERKEYS)).split(","));
        for (String type : types) {
            offered.stream()
                    .filter(name -> name.equals(type) || (type.equals("ssh-rsa") && name.startsWith("rsa-sha2-")))
                    .filter(name -> !name.contains("-cert-"))
                    .forEach(order::add);
        }
        order.addAll(offered);
        proposal.put(KexProposalOption.SERVERKEYS, String.join(",", order));
    }

    /** Closes all tunnels. Connections through them break. What is under way in other threads fails. */
    @Override
    public void close() {
        SshClient open;
        synchronized (this) {
            closed = true;
            open = client;
            client = null;
        }
        if (open != null) {
            open.stop();
        }
    }

    /** Collects the settings of {@link SshTunnels}. Not safe for use by several threads. */
    public static final class Builder {
        private final Map<Path, Supplier<@Nullable String>> keyFiles = new LinkedHashMap<>();
        private final Set<String> fingerprints = new LinkedHashSet<>();
        private @Nullable Path agent;
        private @Nullable Path knownHosts;
        private boolean anyHostKey;
        private Duration timeout = Duration.ofSeconds(15);

        private Builder() {}

        /**
         * Adds a private key to log in with, in a file as {@code ssh-keygen} writes it. Default: the keys of the SSH agent that the
         * environment variable {@code SSH_AUTH_SOCK} names.
         */
        public Builder key(Path file) {
            return key(file, () -> null);
        }

        /**
         * Adds a private key to log in with, in an encrypted file.
         *
         * @param passphrase is asked once, when the first tunnel is opened; null if there is none
         */
        public Builder key(Path file, Supplier<@Nullable String> passphrase) {
            keyFiles.put(requireNonNull(file, "file"), requireNonNull(passphrase, "passphrase"));
            return this;
        }

        /**
         * Sets the socket file of an SSH agent with keys to log in with. Not on Windows. Default: the one that the environment variable
         * {@code SSH_AUTH_SOCK} names, unless a key file is named.
         */
        public Builder agent(Path socket) {
            this.agent = requireNonNull(socket, "socket");
            return this;
        }

        /** Sets the file with the host keys that are known, as OpenSSH keeps it. Default: {@code ~/.ssh/known_hosts}. */
        public Builder knownHosts(Path file) {
            this.knownHosts = requireNonNull(file, "file");
            return this;
        }

        /**
         * Adds a host key that is expected, in place of those in the file.
         *
         * @param fingerprint as {@code ssh-keygen -l} writes it: {@code SHA256:...}
         * @throws IllegalArgumentException if it is none
         */
        public Builder hostKey(String fingerprint) {
            if (!fingerprint.matches("SHA256:[A-Za-z0-9+/]{43}")) {
                throw new IllegalArgumentException(
                        "a fingerprint is SHA256: and 43 characters, as ssh-keygen -l writes it, not " + fingerprint);
            }
            fingerprints.add(fingerprint);
            return this;
        }

        /**
         * Takes any host key for the right one. Whoever stands in between can then read the databases' passwords, unless {@code
         * sslmode} prevents it. For endpoints on this machine.
         */
        public Builder acceptAnyHostKey() {
            this.anyHostKey = true;
            return this;
        }

        /**
         * Sets how long to wait for an endpoint: for the connection, for the login, and for the way to a database. Default 15 seconds.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder timeout(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("the timeout must be positive, not " + duration);
            }
            this.timeout = duration;
            return this;
        }

        /** Makes it. Opens nothing yet. */
        public SshTunnels build() {
            return new SshTunnels(this);
        }
    }
}
