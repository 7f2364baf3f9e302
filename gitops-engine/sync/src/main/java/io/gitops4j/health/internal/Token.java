package io.gitops4j.health.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * One token of an expression.
 *
 * @param type what it is
 * @param text its characters, a string's without quotes and escapes
 * @param column where it starts, from 1
 */
record Token(Type type, String text, int column) {
    enum Type {
        NAME,
        STRING,
        NUMBER,
        SYMBOL,
        END
    }

    private static final String[] SYMBOLS = {"==", "!=", "<=", ">=", "&&", "||", "??"};

    boolean is(String symbol) {
        return type == Type.SYMBOL && text.equals(symbol);
    }

    /** The tokens of {@code text}, the last of them {@code END}. */
    static List<Token> all(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ') {
                at++;
            } else if (Character.isLetter(c) || c == '_') {
                int end = at + 1;
                while (end < text.length()
                        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
                    end++;
                }
                tokens.add(new Token(Type.NAME, text.substring(at, end), at + 1));
                at = end;
            } else if (c >= '0' && c <= '9') {
                int end = at + 1;
                while (end < text.length() && Character.isDigit(text.charAt(end))) {
                    end++;
                }
                tokens.add(new Token(Type.NUMBER, text.substring(at, end), at + 1));
                at = end;
            } else if (c == '\'' || c == '"') {
                StringBuilder value = new StringBuilder();
                int end = string(text, at, value);
                tokens.add(new Token(Type.STRING, value.toString(), at + 1));
                at = end;
            } else {
                String symbol = symbol(text, at);
                tokens.add(new Token(Type.SYMBOL, symbol, at + 1));
                at += symbol.length();
            }
        }
        tokens.add(new Token(Type.END, "end of line", text.length() + 1));
        return tokens;
    }

    private static int string(String text, int start, StringBuilder value) {
        char quote = text.charAt(start);
        int at = start + 1;
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char escaped = text.charAt(at++);
                value.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
            } else {
                value.append(c);
            }
        }
        if (at >= text.length()) {
            throw new RuleSyntaxException("the string that starts at column " + (start + 1) + " has no end");
        }
        return at + 1;
    }

    private static String symbol(String text, int at) {
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                return symbol;
            }
        }
        String one = text.substring(at, at + 1);
        if ("()[]{}.,!<>+-?:".contains(one)) {
            return one;
        }
        throw new RuleSyntaxException("unexpected '" + one + "' at column " + (at + 1));
    }
}
