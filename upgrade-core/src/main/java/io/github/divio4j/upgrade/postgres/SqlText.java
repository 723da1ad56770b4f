package io.github.divio4j.upgrade.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells code from comments and literals, as PostgreSQL's scanner does. */
final class SqlText {

    private static final Pattern DOLLARS = Pattern.compile("\\$(?:[A-Za-z_\\x80-\\uffff][\\w\\x80-\\uffff]*)?\\$");

    /** What a part of a text is. */
    enum Part {
        CODE,
        COMMENT,
        LITERAL
    }

    /** Is given one part after the other, without a gap. */
    @FunctionalInterface
    interface Visitor {
        void visit(Part part, int begin, int end);
    }

    private SqlText() {}

    /** Returns the text with a space in place of each comment. */
    static String withoutComments(String sql) {
        return without(sql, false);
    }

    /** Returns the text with a space in place of each comment, and nothing between quotes. */
    static String code(String sql) {
        return without(sql, true);
    }

    private static String without(String sql, boolean literals) {
        StringBuilder text = new StringBuilder(sql.length());
        visit(sql, (part, begin, end) -> {
            if (part == Part.COMMENT) {
                text.append(' ');
            } else if (part == Part.LITERAL && literals) {
                text.append("''");
            } else {
                text.append(sql, begin, end);
            }
        });
        return text.toString();
    }

    static void visit(String sql, Visitor visitor) {
        int code = 0;
        int at = 0;
        while (at < sql.length()) {
            Part part = Part.CODE;
            int end = at + 1;
            char c = sql.charAt(at);
            if (sql.startsWith("--", at)) {
                part = Part.COMMENT;
                int line = sql.indexOf('\n', at);
                end = line < 0 ? sql.length() : line;
            } else if (sql.startsWith("/*", at)) {
                part = Part.COMMENT;
                end = endOfComment(sql, at);
            } else if (c == '\'') {
                part = Part.LITERAL;
                end = endOfQuotes(sql, at, '\'', isEscape(sql, at));
            } else if (c == '"') {
                end = endOfQuotes(sql, at, '"', false);
            } else if (c == '$' && !isWord(sql, at - 1)) {
                Matcher dollars = DOLLARS.matcher(sql).region(at, sql.length());
                if (dollars.lookingAt()) {
                    part = Part.LITERAL;
                    int close = sql.indexOf(dollars.group(), dollars.end());
                    end = close < 0 ? sql.length() : close + dollars.group().length();
                }
            }
            if (part != Part.CODE) {
                if (code < at) {
                    visitor.visit(Part.CODE, code, at);
                }
                visitor.visit(part, at, end);
                code = end;
            }
            at = end;
        }
        if (code < at) {
            visitor.visit(Part.CODE, code, at);
        }
    }

    private static int endOfComment(String sql, int begin) {
        int depth = 0;
        int at = begin;
        while (at < sql.length()) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return at;
    }

    private static int endOfQuotes(String sql, int begin, char quote, boolean escapes) {
        int at = begin + 1;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == '\\' && escapes) {
                at += 2;
            } else if (c != quote) {
                at++;
            } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return sql.length();
    }

    /** Whether the quote follows an E that stands alone. */
    private static boolean isEscape(String sql, int quote) {
        return quote > 0 && (sql.charAt(quote - 1) | 0x20) == 'e' && !isWord(sql, quote - 2);
    }

    private static boolean isWord(String sql, int at) {
        return at >= 0 && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_' || sql.charAt(at) == '$');
    }
}
