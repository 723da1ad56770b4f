package io.github.divio4j.examples.sandbox;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The data source name of a PostgreSQL database. Its text form leaves the password out. */
public record PostgresDsn(String host, int port, String database, String user, String password) {

    /**
     * Reads {@code postgres://user:password@host:port/name}, percent-decoding its parts.
     *
     * @throws IllegalArgumentException if it is not one; the message does not repeat the text, which may hold a password
     */
    public static PostgresDsn parse(String text) {
        try {
            URI uri = new URI(text);
            String userInfo = uri.getRawUserInfo();
            String path = uri.getRawPath();
            if (!"postgres".equals(uri.getScheme()) || uri.getHost() == null || userInfo == null || path == null) {
                throw new IllegalArgumentException("Not the data source name of a PostgreSQL database");
            }
            int colon = userInfo.indexOf(':');
            return new PostgresDsn(
                    uri.getHost(),
                    uri.getPort() < 0 ? 5432 : uri.getPort(),
                    decode(path.substring(1)),
                    decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                    colon < 0 ? "" : decode(userInfo.substring(colon + 1)));
        } catch (URISyntaxException e) {
            // Neither the text nor the cause: both hold the password.
            throw new IllegalArgumentException("Not a data source name");
        }
    }

    String text() {
        return "postgres://" + encode(user) + ":" + encode(password) + "@" + host + ":" + port + "/" + encode(database);
    }

    /** Connects. The caller closes the connection. */
    public Connection connect(String applicationName) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + port + "/" + encode(database), properties);
    }

    @Override
    public String toString() {
        return "postgres://" + user + ":***@" + host + ":" + port + "/" + database;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String text) {
        // A plus sign is itself here; only forms use it for a space.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
