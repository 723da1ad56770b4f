package io.github.divio4j.upgrade.postgres;

import static java.util.Objects.requireNonNull;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Where a database is, and with what to log in. Immutable. Its text form leaves the password out, and so does every message.
 *
 * @param host a name or an IP address, that of version 6 without brackets
 * @param port 1 to 65535
 * @param database its name
 * @param user who logs in
 * @param password with what; empty if the server asks for none
 * @param options of libpq's settings {@code sslmode}, {@code sslrootcert}, {@code connect_timeout} (seconds) and {@code options} those
 *     that are set
 */
public record DatabaseAddress(
        String host, int port, String database, String user, String password, Map<String, String> options) {

    private static final int DEFAULT_PORT = 5432;
    private static final String DEFAULT_TIMEOUT = "15";

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern DSN = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,30})://(.*)", Pattern.DOTALL);
    private static final Set<String> SCHEMES = Set.of("postgres", "postgresql", "postgis", "pgsql");
    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final Set<String> OPTIONS = Set.of("sslmode", "sslrootcert", "connect_timeout", "options");

    /** Settings that lead elsewhere, or that make a connection as safe as whoever wrote them expects it to be. */
    private static final Set<String> REFUSED = Set.of(
            "host",
            "hostaddr",
            "port",
            "dbname",
            "user",
            "password",
            "passfile",
            "service",
            "sslcert",
            "sslkey",
            "sslpassword",
            "sslcrl",
            "sslcrldir",
            "sslnegotiation",
            "channel_binding",
            "require_auth",
            "gssencmode",
            "requirepeer",
            "target_session_attrs");

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if a part is empty that must not be, holds a control character, or is not what it should be;
     *     the message says which and does not quote the password
     */
    public DatabaseAddress {
        text("host", host);
        if (!HOST.matcher(host).matches()) {
            throw wrong("the host is neither a name nor an IP address");
        }
        if (port < 1 || port > 65_535) {
            throw wrong("the port is not a number from 1 to 65535");
        }
        text("name of the database", database);
        text("user", user);
        noControl("password", password);
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (!OPTIONS.contains(option.getKey())) {
                throw wrong("the options are sslmode, sslrootcert, connect_timeout and options, and no others");
            }
            text(option.getKey(), option.getValue());
        }
        String mode = options.get("sslmode");
        if (mode != null && !SSL_MODES.contains(mode)) {
            throw wrong("sslmode is none of disable, allow, prefer, require, verify-ca and verify-full");
        }
        String timeout = options.get("connect_timeout");
        if (timeout != null && !timeout.matches("[1-9][0-9]{0,5}")) {
            throw wrong("connect_timeout is not a number of seconds");
        }
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /**
     * Reads {@code postgres://user:password@host:port/name?sslmode=require} (or {@code postgresql}, {@code postgis}, {@code pgsql}) as
     * libpq does, percent-decoding its parts. The port is 5432 if none is there. What libpq does not know behind the question mark is
     * for the application and is left out.
     *
     * @throws IllegalArgumentException if it is not one, names several hosts, a socket file or a client certificate, or holds a
     *     control character; the message says what is wrong and quotes nothing of it
     */
    public static DatabaseAddress parse(String dsn) {
        Matcher parts = DSN.matcher(requireNonNull(dsn, "dsn"));
        if (!parts.matches()) {
            throw wrong("it does not begin with postgres://");
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw wrong("it begins with neither postgres:// nor postgresql://");
        }
        noControl("DSN", dsn);
        String rest = parts.group(2);
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        int slash = place.indexOf('/');
        if (slash < 0 || slash == place.length() - 1) {
            throw wrong("it names no database");
        }
        String authority = place.substring(0, slash);
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            throw wrong("it names no user. A / ? or @ in a password is written %2F %3F or %40");
        }
        String login = authority.substring(0, at);
        int colon = login.indexOf(':');
        String server = authority.substring(at + 1);
        int end = server.startsWith("[") ? server.indexOf(']') + 1 : Math.max(server.indexOf(':'), 0);
        String host = end == 0 ? server : server.substring(0, end);
        String port = end == 0 ? "" : server.substring(end);
        if (server.indexOf(',') >= 0) {
            throw wrong("it names several hosts");
        }
        return new DatabaseAddress(
                host(host),
                port.isEmpty() || port.equals(":") ? DEFAULT_PORT : port(port),
                decode("name of the database", place.substring(slash + 1)),
                decode("user", colon < 0 ? login : login.substring(0, colon)),
                colon < 0 ? "" : decode("password", login.substring(colon + 1)),
                query < 0 ? Map.of() : options(rest.substring(query + 1)));
    }

    private static String host(String text) {
        if (text.isEmpty()) {
            throw wrong("it names no host");
        }
        String host = text.startsWith("[") ? text.substring(1, text.length() - 1) : decode("host", text);
        if (host.startsWith("/")) {
            throw wrong("it names a socket file instead of a host");
        }
        return host;
    }

    private static int port(String text) {
        if (!text.matches(":[0-9]{1,5}")) {
            throw wrong("the port is not a number from 1 to 65535");
        }
        return Integer.parseInt(text.substring(1));
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode("name of an option", equals < 0 ? pair : pair.substring(0, equals));
            if (REFUSED.contains(name)) {
                throw wrong("its option " + name + " is not supported");
            }
            if (OPTIONS.contains(name) && options.put(name, decode(name, pair.substring(equals + 1))) != null) {
                throw wrong("its option " + name + " is there twice");
            }
        }
        // 0 is no limit there.
        if ("0".equals(options.get("connect_timeout"))) {
            options.remove("connect_timeout");
        }
        return options;
    }

    private static String decode(String what, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(3 * text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw wrong("in the " + what + " a % is not followed by two hexadecimal digits. It is written %25");
                }
                bytes.put((byte) (16 * high + low));
                i += 3;
            } else {
                bytes.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw wrong("the " + what + " is not in UTF-8");
        }
    }

    private static void text(String what, String value) {
        noControl(what, value);
        if (value.isEmpty()) {
            throw wrong("the " + what + " is empty");
        }
    }

    private static void noControl(String what, String value) {
        if (requireNonNull(value, what).chars().anyMatch(Character::isISOControl)) {
            throw wrong("the " + what + " holds a control character, such as a line break");
        }
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("not the address of a PostgreSQL database: " + why);
    }

    /** Returns the same database and login, reached at another place: a tunnel's end, or a server's other name. */
    public DatabaseAddress at(String otherHost, int otherPort) {
        return new DatabaseAddress(otherHost, otherPort, database, user, password, options);
    }

    /**
     * Returns the same with an option.
     *
     * @throws IllegalArgumentException if there is no such option or it cannot have this value
     */
    public DatabaseAddress with(String option, String value) {
        Map<String, String> more = new TreeMap<>(options);
        more.put(option, value);
        return new DatabaseAddress(host, port, database, user, password, more);
    }

    /** Returns how it is protected on the way: one of libpq's modes, {@code prefer} if none was set. */
    public String sslMode() {
        return options.getOrDefault("sslmode", "prefer");
    }

    /**
     * A data source that connects anew each time that it is asked, through PostgreSQL's JDBC driver, which the caller brings. Logging
     * in takes as long as {@code connect_timeout} says, or 15 seconds. Any pool can be put around it.
     */
    public DataSource dataSource() {
        return new ConnectingDataSource(this::connect);
    }

    private Connection connect() throws SQLException {
        String url = "jdbc:postgresql://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8);
        try {
            DriverManager.getDriver(url);
        } catch (SQLException none) {
            throw new AccessException(
                    "there is no JDBC driver for PostgreSQL",
                    "Add org.postgresql:postgresql to the program, or give a function that makes a DataSource.",
                    none);
        }
        Properties login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        login.setProperty("ApplicationName", "divio4j");
        login.setProperty("tcpKeepAlive", "true");
        String timeout = options.getOrDefault("connect_timeout", DEFAULT_TIMEOUT);
        login.setProperty("connectTimeout", timeout);
        login.setProperty("loginTimeout", timeout);
        for (String same : Set.of("sslmode", "sslrootcert", "options")) {
            String value = options.get(same);
            if (value != null) {
                login.setProperty(same, value);
            }
        }
        return DriverManager.getConnection(url, login);
    }

    /** Returns the address without password and options. */
    @Override
    public String toString() {
        return "postgres://" + user + ":***@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/"
                + database;
    }
}
