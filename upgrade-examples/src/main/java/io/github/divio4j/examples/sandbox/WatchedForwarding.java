package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.forward.DirectTcpipFactory;
import org.apache.sshd.server.forward.TcpipServerChannel;

/** Forwards connections to PostgreSQL servers, and ends those that ask for a database that is not allowed. */
final class WatchedForwarding extends DirectTcpipFactory {
    private static final int LONGEST_START = 10_000;
    private static final int SHORTEST_START = 8;
    /** What may come before: requests for TLS or GSS encryption, and to cancel (PostgreSQL's documentation, "Message Formats"). */
    private static final int REQUESTS_FROM = 80_877_102;

    private static final int REQUESTS_TO = 80_877_104;

    private final BiPredicate<Session, String> allowed;

    /** Asks for each connection whether a session may go to a database of this name. */
    WatchedForwarding(BiPredicate<Session, String> allowed) {
        this.allowed = allowed;
    }

    @Override
    public Channel createChannel(Session session) {
        Start start = new Start(session);
        return new TcpipServerChannel(getType(), getExecutorService()) {
            @Override
            protected void doWriteData(byte[] data, int offset, long length) throws IOException {
                if (start.allows(data, offset, (int) length)) {
                    super.doWriteData(data, offset, length);
                } else {
                    close(false);
                }
            }
        };
    }

    /** What a client says before it is known which database it wants. */
    private final class Start {
        private final Session session;
        private final ByteBuffer said = ByteBuffer.allocate(LONGEST_START);
        private boolean through;

        Start(Session session) {
            this.session = session;
        }

        boolean allows(byte[] data, int offset, int length) {
            if (through) {
                return true;
            }
            if (length > said.remaining()) {
                return false;
            }
            said.put(data, offset, length);
            ByteBuffer unread = said.duplicate().flip();
            while (unread.remaining() >= SHORTEST_START && unread.remaining() >= unread.getInt(unread.position())) {
                int size = unread.getInt(unread.position());
                int kind = unread.getInt(unread.position() + Integer.BYTES);
                if (size < SHORTEST_START) {
                    return false;
                }
                ByteBuffer body = unread.slice().limit(size).position(SHORTEST_START);
                if (kind < REQUESTS_FROM || kind > REQUESTS_TO) {
                    through = allowed.test(session, database(body));
                    return through;
                }
                unread.position(unread.position() + size);
            }
            return true;
        }
    }

    /** The name in a startup message: that of the user if no other is there; empty if it is no such message. */
    private static String database(ByteBuffer message) {
        Map<String, String> parameters = new HashMap<>();
        try {
            for (String name = text(message); !name.isEmpty(); name = text(message)) {
                parameters.put(name, text(message));
            }
        } catch (BufferUnderflowException e) {
            return "";
        }
        return parameters.getOrDefault("database", parameters.getOrDefault("user", ""));
    }

    private static String text(ByteBuffer message) {
        int from = message.position();
        while (message.get() != 0) {
            // To its end.
        }
        byte[] text = new byte[message.position() - 1 - from];
        message.get(from, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
