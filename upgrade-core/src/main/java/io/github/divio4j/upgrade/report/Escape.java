package io.github.divio4j.upgrade.report;

import java.util.Locale;

/** The one place where text from elsewhere is made harmless, for each form. */
final class Escape {

    private static final String MARKDOWN = "\\`*_[]<>|~#&!$";

    private Escape() {}

    /** In one line; what is invisible, or turns the direction of what follows, is shown as an escape. */
    static String line(String text) {
        return visible(text, "\\n");
    }

    /** The same, but lines stay lines. */
    static String lines(String text) {
        return visible(text.replace("\r\n", "\n"), "\n");
    }

    static String html(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        String visible = lines(text);
        for (int i = 0; i < visible.length(); i++) {
            char c = visible.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    /** For the inside of a line or of a table's cell. */
    static String markdown(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        String visible = lines(text);
        for (int i = 0; i < visible.length(); i++) {
            char c = visible.charAt(i);
            if (c == '\n') {
                safe.append("<br>");
            } else if (MARKDOWN.indexOf(c) >= 0 || (c == ':' && visible.startsWith("://", i))) {
                safe.append('\\').append(c);
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    /** For the inside of a label. All that means something to Mermaid becomes one of its entities. */
    static String mermaid(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        line(text).codePoints().forEach(c -> {
            boolean plain = Character.isLetterOrDigit(c) || " .,()/-_".indexOf(c) >= 0;
            if (plain) {
                safe.appendCodePoint(c);
            } else {
                safe.append('#').append(c).append(';');
            }
        });
        return safe.toString();
    }

    private static String visible(String text, String lineFeed) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                safe.append(lineFeed);
            } else if (c == '\t') {
                safe.append(' ');
            } else if (isInvisible(c)) {
                safe.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
