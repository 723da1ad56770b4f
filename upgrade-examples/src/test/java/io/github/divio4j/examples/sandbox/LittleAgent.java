package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.KeyPair;
import org.apache.sshd.agent.common.AbstractAgentClient;
import org.apache.sshd.agent.local.AgentImpl;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** An SSH agent with one key, behind a socket file. What it answers is made by Apache MINA SSHD. */
final class LittleAgent implements AutoCloseable {
    private final ServerSocketChannel server;
    private final AgentImpl keys = new AgentImpl();

    LittleAgent(Path socket, KeyPair key) throws IOException {
        keys.addIdentity(key, "test");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(this::serve, "little-agent");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    talk(client);
                }
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void talk(SocketChannel client) throws IOException {
        AbstractAgentClient answering = new AbstractAgentClient(keys) {
            @Override
            protected void reply(Buffer answer) throws IOException {
                ByteBuffer bytes = ByteBuffer.wrap(answer.getCompactData());
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
            }
        };
        ByteBuffer read = ByteBuffer.allocate(4096);
        while (client.read(read.clear()) >= 0) {
            byte[] part = new byte[read.flip().remaining()];
            read.get(part);
            answering.messageReceived(new ByteArrayBuffer(part));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
