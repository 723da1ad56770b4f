package io.github.divio4j.client.internal;

import org.jspecify.annotations.Nullable;

/** Reads a netrc file, as far as the official command line tool writes one and the usual tools read one. */
public final class Netrc {
    private final String text;
    private int at;
    private int line = 1;

    private Netrc(String text) {
        this.text = text;
    }

    /**
     * Returns the password of the first entry of a machine, or null.
     *
     * @throws IllegalArgumentException when the text is no netrc; the message names the line and quotes nothing
     */
    public static @Nullable String password(String text, String machine) {
        return new Netrc(text).find(machine);
    }

    private @Nullable String find(String machine) {
        boolean inMachine = false;
        String word = next();
        while (word != null) {
            switch (word) {
                case "machine" -> inMachine = machine.equalsIgnoreCase(value());
                case "default" -> inMachine = false;
                case "macdef" -> skipMacro();
                case "login", "user", "account" -> value();
                case "password" -> {
                    String password = value();
                    if (inMachine) {
                        return password;
                    }
                }
                default -> throw new IllegalArgumentException("line " + line + " is no netrc");
            }
            word = next();
        }
        return null;
    }

    private String value() {
        String value = word();
        if (value == null) {
            throw new IllegalArgumentException("line " + line + " ends too early");
        }
        return value;
    }

    /** Returns the next keyword; what follows a {@code #} in its place is a comment. */
    private @Nullable String next() {
        String word = word();
        while (word != null && word.startsWith("#")) {
            while (at < text.length() && text.charAt(at) != '\n') {
                at++;
            }
            word = word();
        }
        return word;
    }

    private @Nullable String word() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            line += text.charAt(at) == '\n' ? 1 : 0;
            at++;
        }
        if (at == text.length()) {
            return null;
        }
        boolean quoted = text.charAt(at) == '"';
        if (quoted) {
            at++;
        }
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quoted ? c == '"' : Character.isWhitespace(c)) {
                break;
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            word.append(c);
            at++;
        }
        if (quoted) {
            at++;
        }
        return word.toString();
    }

    private void skipMacro() {
        int end = text.indexOf("\n\n", at);
        at = end < 0 ? text.length() : end;
    }
}
