package io.github.divio4j.client.internal;

import java.util.regex.Pattern;

/** Takes secrets out of texts that leave the client: exceptions and log lines. */
public final class Redaction {
    private final String token;

    /** Creates one that knows the token. */
    public Redaction(String token) {
        this.token = token;
    }

    /** Returns the text with {@code ***} for the token, for passwords in DSNs and for signatures in URLs. */
    public String clean(String text) {
        return withoutSecrets(text.replace(token, "***"));
    }

    /** Returns the text with {@code ***} for what looks like a secret, where the token itself is not at hand. */
    static String withoutSecrets(String text) {
        String clean = Patterns.AUTHORIZATION.matcher(text).replaceAll("$1***");
        clean = clean.indexOf('@') < 0
                ? clean
                : Patterns.DSN_PASSWORD.matcher(clean).replaceAll("$1***@");
        return Patterns.SIGNED_PARAMETER.matcher(clean).replaceAll("$1***");
    }

    /** A class of its own: a program whose calls all succeed never needs them. */
    private static final class Patterns {
        // The lengths are bounded so that a text made to be slow is not. A password may hold an @: the last one counts.
        static final Pattern DSN_PASSWORD = Pattern.compile("(://[^\\s:/@\"'<>]{0,256}:)[^\\s\"'<>]{1,1024}@");
        static final Pattern SIGNED_PARAMETER = Pattern.compile(
                "(?i)([?&;](?:[a-z0-9-]{0,64}signature|sig|[a-z0-9-]{0,64}credential|[a-z0-9-]{0,64}token|[a-z0-9-]{0,64}key[a-z0-9-]{0,64}|password|secret)=)[^&\\s\"'<>]+");
        static final Pattern AUTHORIZATION =
                Pattern.compile("(?i)(authorization\\W{1,4}(?:token|bearer|basic)\\s+)[^\\s\"'<>]+");
    }
}
