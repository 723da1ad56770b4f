package io.github.divio4j.client;

import io.github.divio4j.client.internal.Netrc;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a client gets its token from. Immutable; nothing is read before {@link DivioClient.Builder#build()}, and then once.
 *
 * <p>A token has all rights of its account: use an account of its own for programs. It is not shown by {@link #toString()}, and no
 * message of an exception quotes it.
 */
public abstract sealed class Credentials {
    private Credentials() {}

    /**
     * Returns this token, as the control panel shows it.
     *
     * @throws IllegalArgumentException when it is empty or holds a space, a line break or a character outside ASCII; the message does not
     *     quote it
     */
    public static Credentials token(String token) {
        return new Token(checked(token));
    }

    /**
     * Returns the token in an environment variable, such as {@code DIVIO_API_TOKEN}. White space around it is removed. A variable that is
     * empty counts as missing.
     *
     * <p>The name is yours to choose: no source of Divio shows one that the platform's own tools read.
     */
    public static Credentials fromEnvironment(String variable) {
        return fromEnvironment(variable, System::getenv);
    }

    static Credentials fromEnvironment(String variable, UnaryOperator<@Nullable String> environment) {
        return new Variable(Ids.check(variable, "variable"), environment);
    }

    /**
     * Returns the token that {@code divio login} has stored: in the file that {@code NETRC_PATH} names, or else in {@code ~/.netrc}.
     *
     * <p>Proven by the official command line tool: it writes one entry for {@code control.{zone}} and one for {@code api.{zone}}, with the
     * e-mail address as login and the token as password, and reads the first of them. So does this, and takes the second when there is no
     * first. For a base URL whose host does not begin with {@code api.}, it is the entry of that host, without port. The entry
     * {@code default} is not used: it would send somebody's password to Divio.
     */
    public static Credentials fromNetrc() {
        return fromNetrc(System::getenv, System.getProperty("user.home", ""));
    }

    static Credentials fromNetrc(UnaryOperator<@Nullable String> environment, String home) {
        return new NetrcFile(null, environment, home);
    }

    /** Returns the token in this netrc file; see {@link #fromNetrc()}. */
    public static Credentials fromNetrc(Path file) {
        return new NetrcFile(Objects.requireNonNull(file, "file"), name -> null, "");
    }

    /**
     * Returns the token of the first of these that has one. One that is there but cannot be used is an error: no other account takes its
     * place unnoticed.
     */
    public static Credentials firstOf(Credentials... candidates) {
        if (candidates.length == 0) {
            throw new IllegalArgumentException("there must be at least one candidate");
        }
        return new First(List.of(candidates));
    }

    /**
     * Looks for the token.
     *
     * @param host the host of the API
     * @return the token, or null when there is none
     * @throws IllegalStateException when what is there cannot be used
     */
    abstract @Nullable String find(String host);

    /** Says where the token is looked for, and never what it is. */
    @Override
    public abstract String toString();

    private static String checked(String token) {
        boolean word = !token.isEmpty();
        for (int i = 0; i < token.length(); i++) {
            word &= token.charAt(i) > ' ' && token.charAt(i) < 0x7f;
        }
        if (!word) {
            throw new IllegalArgumentException(
                    "a token is one word of ASCII characters: remove spaces, line breaks and quotes around it");
        }
        return token;
    }

    private static String usable(String token, String place) {
        try {
            return checked(token);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("cannot use the token in " + place + ": " + e.getMessage(), e);
        }
    }

    private static final class Token extends Credentials {
        private final String token;

        Token(String token) {
            this.token = token;
        }

        @Override
        String find(String host) {
            return token;
        }

        @Override
        public String toString() {
            return "a token (***)";
        }
    }

    private static final class Variable extends Credentials {
        private final String name;
        private final UnaryOperator<@Nullable String> environment;

        Variable(String name, UnaryOperator<@Nullable String> environment) {
            this.name = name;
            this.environment = environment;
        }

        @Override
        @Nullable
        String find(String host) {
            String value = environment.apply(name);
            return value == null || value.isBlank() ? null : usable(value.strip(), toString());
        }

        @Override
        public String toString() {
            return "the environment variable " + name;
        }
    }

    private static final class NetrcFile extends Credentials {
        private final @Nullable Path given;
        private final UnaryOperator<@Nullable String> environment;
        private final String home;

        NetrcFile(@Nullable Path given, UnaryOperator<@Nullable String> environment, String home) {
            this.given = given;
            this.environment = environment;
            this.home = home;
        }

        @Override
        @Nullable
        String find(String host) {
            try {
                String text = Files.readString(file());
                for (String machine : machines(host)) {
                    String password = Netrc.password(text, machine);
                    if (password != null && !password.isEmpty()) {
                        return usable(password, this + " (machine " + machine + ")");
                    }
                }
                return null;
            } catch (NoSuchFileException e) {
                return null;
            } catch (MalformedInputException e) {
                throw new IllegalStateException("cannot read " + this + ": it is no UTF-8 text", e);
            } catch (IOException | InvalidPathException e) {
                throw new IllegalStateException("cannot read " + this + ": " + e.getMessage(), e);
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("cannot read " + this + ": " + e.getMessage(), e);
            }
        }

        private Path file() {
            String path = environment.apply("NETRC_PATH");
            if (given != null) {
                return given;
            }
            return path == null || path.isEmpty() ? Path.of(home, ".netrc") : Path.of(path);
        }

        private static List<String> machines(String host) {
            return host.startsWith("api.")
                    ? List.of("control." + host.substring("api.".length()), host)
                    : List.of(host);
        }

        @Override
        public String toString() {
            return given == null ? "the netrc file ($NETRC_PATH or ~/.netrc)" : "the netrc file " + given;
        }
    }

    private static final class First extends Credentials {
        private final List<Credentials> candidates;

        First(List<Credentials> candidates) {
            this.candidates = candidates;
        }

        @Override
        @Nullable
        String find(String host) {
            for (Credentials candidate : candidates) {
                String token = candidate.find(host);
                if (token != null) {
                    return token;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            List<String> texts = new ArrayList<>();
            candidates.forEach(candidate -> texts.add(candidate.toString()));
            return String.join(", ", texts);
        }
    }
}
