package io.github.divio4j.upgrade.ssh;

import static java.util.Objects.requireNonNull;

import io.github.divio4j.upgrade.EnvironmentRef;
import io.github.divio4j.upgrade.postgres.AccessException;
import io.github.divio4j.upgrade.postgres.DatabaseAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;

/** A session with an environment's endpoint, begun when it is needed and again when it has broken, and the ports that lead through it. */
final class Tunnel {

    /** By which the checks of a session know what it is for. */
    static final AttributeRepository.AttributeKey<Tunnel> OF_SESSION = new AttributeRepository.AttributeKey<>();

    private static final String LOOPBACK = "127.0.0.1";

    private final EnvironmentRef environment;
    private final SshEndpoints endpoints;
    private final SshTunnels tunnels;
    private final Duration timeout;
    private final Map<SshdSocketAddress, Integer> ports = new HashMap<>();
    private @Nullable ClientSession session;
    private volatile @Nullable SshAddress endpoint;
    private volatile @Nullable AccessException distrust;

    Tunnel(EnvironmentRef environment, SshEndpoints endpoints, SshTunnels tunnels, Duration timeout) {
        this.environment = environment;
        this.endpoints = endpoints;
        this.tunnels = tunnels;
        this.timeout = timeout;
    }

    /** The one that was asked last, or is being asked. */
    SshAddress endpoint() {
        return requireNonNull(endpoint);
    }

    /** Says why the host key that was shown is not the endpoint's. */
    void distrust(AccessException why) {
        distrust = why;
    }

    /** Where the database is for this machine. */
    synchronized DatabaseAddress through(DatabaseAddress database) throws AccessException {
        ClientSession open = session;
        if (open == null || !open.isOpen()) {
            ports.clear();
            open = connect();
            session = open;
        }
        SshdSocketAddress behind = new SshdSocketAddress(database.host(), database.port());
        Integer port = ports.get(behind);
        if (port == null) {
            port = forward(open, behind);
            ports.put(behind, port);
        }
        return database.at(LOOPBACK, port);
    }

    private ClientSession connect() throws AccessException {
        SshClient client = tunnels.client();
        SshAddress to = endpoints.endpoint(environment);
        endpoint = to;
        distrust = null;
        ClientSession begun = null;
        try {
            AttributeRepository self = AttributeRepository.ofKeyValuePair(OF_SESSION, this);
            begun = client.connect(to.user(), to.host(), to.port(), self, null)
                    .verify(timeout)
                    .getSession();
            begun.auth().verify(timeout);
            return begun;
        } catch (IOException | RuntimeException e) {
            if (begun != null) {
                begun.close(true);
            }
            throw refused(begun != null, e);
        }
    }

    private AccessException refused(boolean connected, Exception e) {
        AccessException why = distrust;
        if (why != null) {
            return why;
        }
        if (e instanceof InterruptedIOException) {
            Thread.currentThread().interrupt();
            return new AccessException("the thread was interrupted on the way to " + endpoint, "Try again.", e);
        }
        if (!connected) {
            boolean unknown = hasCause(e, UnresolvedAddressException.class);
            return new AccessException(
                    "the SSH endpoint " + endpoint + " cannot be reached: "
                            + (unknown
                                    ? "there is no such host"
                                    : hasCause(e, ConnectException.class) ? "it takes no connections" : e.getMessage()),
                    "Check that the environment runs and that this machine may connect to it, then try again.",
                    e);
        }
        if (disconnectCode(e) != SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
            return new AccessException(
                    "the session with the SSH endpoint " + endpoint + " did not come about: " + e.getMessage(),
                    "Try again; if it happens again, look into the endpoint's log.",
                    e);
        }
        return new AccessException(
                "the SSH endpoint " + endpoint + " lets nobody in with " + tunnels.keys() + ": " + e.getMessage(),
                "Add the public key to the account that may use the endpoint, or use another key.",
                e);
    }

    private static int disconnectCode(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SshException refusal && refusal.getDisconnectCode() != 0) {
                return refusal.getDisconnectCode();
            }
        }
        return 0;
    }

    private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private int forward(ClientSession open, SshdSocketAddress behind) throws AccessException {
        // Whoever connects to a port that leads nowhere is only told that the connection ended.
        try {
            ChannelDirectTcpip trial = open.createDirectTcpipChannel(new SshdSocketAddress(LOOPBACK, 0), behind);
            try {
                trial.open().verify(timeout);
            } finally {
                trial.close(true);
            }
            return open.startLocalPortForwarding(new SshdSocketAddress(LOOPBACK, 0), behind)
                    .getPort();
        } catch (IOException | RuntimeException e) {
            if (e instanceof InterruptedIOException) {
                Thread.currentThread().interrupt();
            }
            boolean forbidden = reason(e) == SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED;
            String database = behind.getHostName() + ":" + behind.getPort();
            throw new AccessException(
                    "the SSH endpoint " + endpoint + (forbidden ? " may not lead to " : " does not reach ") + database
                            + (forbidden ? "" : ": " + e.getMessage()),
                    forbidden
                            ? "Check that the database belongs to the same environment as the endpoint."
                            : "Check that the database runs and is attached to the environment, then try again.",
                    e);
        }
    }

    private static int reason(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SshChannelOpenException refusal) {
                return refusal.getReasonCode();
            }
        }
        return 0;
    }
}
