package io.github.divio4j.client.internal;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The one place the token may travel to: scheme, host and port of the API.
 *
 * @param root the URL of the API's root, with the path {@code /}
 */
public record Origin(HttpUrl root) {
    /**
     * Checks a base URL.
     *
     * @throws IllegalArgumentException when it is no origin, or not safe for a token
     */
    public static Origin parse(String baseUrl, boolean plainHttpAllowed) {
        HttpUrl url = HttpUrl.parse(baseUrl);
        // None of the messages quotes the URL: it may hold a password.
        if (url == null) {
            throw new IllegalArgumentException(
                    "the base URL is not an http or https URL such as https://api.divio.com");
        }
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw new IllegalArgumentException("the base URL must not hold a user name or password");
        }
        if (!url.encodedPath().equals("/") || url.query() != null || url.fragment() != null) {
            throw new IllegalArgumentException(
                    "the base URL must be scheme, host and port only, such as https://api.divio.com: /apps/v3 and the like are added");
        }
        if (!url.isHttps() && !plainHttpAllowed && !loopback(url.host())) {
            throw new IllegalArgumentException("the token would travel unencrypted to " + url.host()
                    + ": use https, or allowPlainHttp() when the network is trusted");
        }
        return new Origin(url);
    }

    static boolean loopback(String host) {
        // HttpUrl has already brought IPv4 and IPv6 literals into one form.
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    /** Tells whether a URL has the same scheme, host and port. */
    public boolean owns(HttpUrl url) {
        return url.scheme().equals(root.scheme()) && url.host().equals(root.host()) && url.port() == root.port();
    }

    /**
     * Returns the URL of a {@code next} link if it may be followed with the token, or null.
     *
     * <p>A server behind a TLS proxy may write its own links with http: such a link is followed with https.
     */
    @Nullable
    HttpUrl follow(String link) {
        HttpUrl url = HttpUrl.parse(link);
        if (url == null || !url.username().isEmpty() || !url.password().isEmpty()) {
            return null;
        }
        if (owns(url)) {
            return url;
        }
        boolean downgraded = root.isHttps()
                && !url.isHttps()
                && url.host().equals(root.host())
                && url.port() == 80
                && root.port() == 443;
        return downgraded ? url.newBuilder().scheme("https").port(443).build() : null;
    }
}
