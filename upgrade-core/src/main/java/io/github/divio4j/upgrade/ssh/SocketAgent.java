package io.github.divio4j.upgrade.ssh;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentConstants;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentKeyConstraint;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * An SSH agent behind a socket file, asked for its keys and for signatures only (draft-miller-ssh-agent). Apache MINA SSHD reaches one
 * through native code; Java has such sockets since 16.
 */
final class SocketAgent implements SshAgent {

    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int RSA_SHA2_256 = 2;
    private static final int RSA_SHA2_512 = 4;

    private final SocketChannel channel;
    private final DataInputStream answers;

    private SocketAgent(SocketChannel channel) {
        this.channel = channel;
        this.answers = new DataInputStream(Channels.newInputStream(channel));
    }

    static SocketAgent at(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new SocketAgent(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Agents behind one socket, each for one login. */
    static SshAgentFactory factory(Path socket) {
        return new SshAgentFactory() {
            @Override
            public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
                return List.of();
            }

            @Override
            public SshAgent createClient(Session session, FactoryManager manager) throws IOException {
                return at(socket);
            }

            @Override
            public SshAgentServer createServer(ConnectionService service) {
                throw new UnsupportedOperationException("agents are not forwarded");
            }
        };
    }

    private Buffer ask(Buffer question, int expected) throws IOException {
        byte[] body = question.getCompactData();
        ByteBuffer message = ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
        int length = answers.readInt();
        if (length < 1 || length > LONGEST_ANSWER) {
            throw new IOException("the SSH agent gave an answer of " + length + " bytes");
        }
        Buffer answer = new ByteArrayBuffer(answers.readNBytes(length));
        int type = answer.getUByte();
        if (type != expected) {
            throw new IOException("the SSH agent refused (answer " + type + ")");
        }
        return answer;
    }

    private static Buffer question(byte type) {
        Buffer question = new ByteArrayBuffer();
        question.putByte(type);
        return question;
    }

    @Override
    @SuppressWarnings("EmptyCatch")
    public Iterable<? extends Map.Entry<PublicKey, String>> getIdentities() throws IOException {
        Buffer answer = ask(
                question(SshAgentConstants.SSH2_AGENTC_REQUEST_IDENTITIES),
                SshAgentConstants.SSH2_AGENT_IDENTITIES_ANSWER);
        List<Map.Entry<PublicKey, String>> keys = new ArrayList<>();
        for (int count = answer.getInt(); count > 0; count--) {
            byte[] key = answer.getBytes();
            String comment = answer.getString();
            try {
                keys.add(Map.entry(new ByteArrayBuffer(key).getRawPublicKey(), comment));
            } catch (SshException | BufferException e) {
                // Of a type that cannot be used: certificates, keys on tokens, and Ed25519 without Bouncy Castle.
            }
        }
        return keys;
    }

    @Override
    public Map.Entry<String, byte[]> sign(SessionContext session, PublicKey key, String algorithm, byte[] data)
            throws IOException {
        Buffer question = question(SshAgentConstants.SSH2_AGENTC_SIGN_REQUEST);
        question.putBytes(HostKeys.encoded(key));
        question.putBytes(data);
        question.putInt(
                switch (algorithm) {
                    case "rsa-sha2-256" -> RSA_SHA2_256;
                    case "rsa-sha2-512" -> RSA_SHA2_512;
                    default -> 0;
                });
        Buffer signature = new ByteArrayBuffer(
                ask(question, SshAgentConstants.SSH2_AGENT_SIGN_RESPONSE).getBytes());
        return Map.entry(signature.getString(), signature.getBytes());
    }

    @Override
    public void addIdentity(KeyPair key, String comment, SshAgentKeyConstraint... constraints) {
        throw new UnsupportedOperationException("the agent's keys are not changed");
    }

    @Override
    public void removeIdentity(PublicKey key) {
        throw new UnsupportedOperationException("the agent's keys are not changed");
    }

    @Override
    public void removeAllIdentities() {
        throw new UnsupportedOperationException("the agent's keys are not changed");
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
