package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.ForwardingFilter;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.jspecify.annotations.Nullable;

/**
 * The SSH endpoints of all environments, at one port: who logs in as an environment's id, with a key that is allowed, is let through to
 * that environment's databases, and to nothing else. It runs from the first time that somebody asks where it is.
 */
final class SshGate implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private final World world;
    private final List<PublicKey> keys;
    private final KeyPair hostKey;
    private @Nullable SshServer server;
    private boolean closed;

    SshGate(World world, List<PublicKey> keys) {
        this.world = world;
        this.keys = List.copyOf(keys);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            this.hostKey = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fingerprint of its host key, as ssh-keygen writes it. */
    String fingerprint() {
        return KeyUtils.getFingerPrint(hostKey.getPublic());
    }

    PublicKey hostKey() {
        return hostKey.getPublic();
    }

    /** Starts it if it does not run. */
    synchronized int port() {
        SshServer running = server;
        if (running == null) {
            if (closed) {
                throw new SandboxException("The sandbox was stopped.");
            }
            running = start();
            server = running;
        }
        return running.getPort();
    }

    private SshServer start() {
        SshServer made = SshServer.setUpDefaultServer();
        made.setHost(HOST);
        made.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        made.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        made.setPublickeyAuthenticator((user, key, session) ->
                keys.stream().anyMatch(allowed -> KeyUtils.compareKeys(allowed, key)) && isEnvironment(user));
        made.setForwardingFilter(new DatabasesOnly());
        made.setChannelFactories(List.of(new WatchedForwarding(this::mayOpen)));
        try {
            made.start();
        } catch (IOException e) {
            throw new SandboxException("The SSH endpoint did not start: " + e.getMessage(), e);
        }
        return made;
    }

    private boolean isEnvironment(String user) {
        return world.inside(() -> world.environments.find(user).isPresent());
    }

    /** The databases that the user of a session may go to. */
    private List<PostgresDsn> databases(Session session) {
        return world.inside(() -> world.instances.all().stream()
                .filter(instance -> instance.environment.id.equals(session.getUsername()))
                .map(instance -> instance.binding)
                .filter(Objects::nonNull)
                .map(Binding::dsn)
                .filter(dsn -> dsn.startsWith("postgres:"))
                .map(PostgresDsn::parse)
                .toList());
    }

    /** Environments share a server: which database it is, only what is sent there tells. */
    private boolean mayOpen(Session session, String database) {
        return databases(session).stream().anyMatch(dsn -> dsn.database().equals(database));
    }

    /** Lets nobody through but to a server with a database of theirs. */
    private final class DatabasesOnly extends RejectAllForwardingFilter implements ForwardingFilter {
        @Override
        public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
            return databases(session).stream()
                    .anyMatch(dsn -> dsn.host().equals(address.getHostName()) && dsn.port() == address.getPort());
        }
    }

    /** Ends all sessions, as a restart of the endpoint does. */
    void dropSessions() {
        Optional.ofNullable(running())
                .ifPresent(open -> open.getActiveSessions().forEach(session -> session.close(true)));
    }

    private synchronized @Nullable SshServer running() {
        return server;
    }

    @Override
    public void close() throws IOException {
        SshServer running;
        synchronized (this) {
            closed = true;
            running = server;
            server = null;
        }
        if (running != null) {
            running.stop(true);
        }
    }
}
