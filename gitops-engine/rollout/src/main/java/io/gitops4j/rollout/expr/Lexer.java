package io.gitops4j.rollout.expr;

import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into tokens. */
final class Lexer {
    private static final String[] OPERATORS = {
        "...", "**", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "..", "|", "!", "<", ">", "+", "-", "*", "/", "%",
        "^", "?", ":", ",", ".", "(", ")", "[", "]", "{", "}", "#", ";", "="
    };

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    /** The kinds of token. */
    enum Kind {
        NUMBER,
        STRING,
        NAME,
        OPERATOR,
        END
    }

    /** A token: its kind, its text (a string's content) and where it starts. */
    record Token(Kind kind, String text, int position) {
        boolean is(String operator) {
            return kind == Kind.OPERATOR && text.equals(operator);
        }

        boolean word(String name) {
            return kind == Kind.NAME && text.equals(name);
        }
    }

    Lexer(String text) {
        this.text = text;
    }

    List<Token> tokens() {
        while (true) {
            skip();
            if (at >= text.length()) {
                tokens.add(new Token(Kind.END, "", at));
                return tokens;
            }
            char c = text.charAt(at);
            if (c >= '0' && c <= '9' || (c == '.' && digitAt(at + 1) && !afterValue())) {
                number();
            } else if (c == '"' || c == '\'') {
                string(c);
            } else if (c == '`') {
                raw();
            } else if (Character.isLetter(c) || c == '_' || c == '$') {
                int start = at;
                while (at < text.length() && nameChar(text.charAt(at))) {
                    at++;
                }
                tokens.add(new Token(Kind.NAME, text.substring(start, at), start));
            } else {
                operator();
            }
        }
    }

    private boolean afterValue() {
        if (tokens.isEmpty()) {
            return false;
        }
        Token last = tokens.get(tokens.size() - 1);
        return last.kind() == Kind.NAME || last.is(")") || last.is("]") || last.is("#");
    }

    private static boolean nameChar(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private boolean digitAt(int position) {
        return position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9';
    }

    private void skip() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
            } else {
                return;
            }
        }
    }

    private void number() {
        int start = at;
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            at += 2;
            while (at < text.length() && (Character.digit(text.charAt(at), 16) >= 0 || text.charAt(at) == '_')) {
                at++;
            }
        } else {
            digits();
            if (at < text.length() && text.charAt(at) == '.' && !text.startsWith("..", at)) {
                at++;
                digits();
            }
            if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
                int sign = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 ? 2 : 1;
                if (digitAt(at + sign)) {
                    at += sign;
                    digits();
                }
            }
        }
        tokens.add(new Token(Kind.NUMBER, text.substring(start, at).replace("_", ""), start));
    }

    private void digits() {
        while (at < text.length() && (digitAt(at) || text.charAt(at) == '_')) {
            at++;
        }
    }

    private void raw() {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            throw new ExpressionError("literal not terminated", at);
        }
        tokens.add(new Token(Kind.STRING, text.substring(at + 1, end), at));
        at = end + 1;
    }

    private void string(char quote) {
        int start = at++;
        StringBuilder out = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                throw new ExpressionError("literal not terminated", start);
            }
            char c = text.charAt(at++);
            if (c == quote) {
                break;
            }
            if (c != '\\') {
                out.append(c);
                continue;
            }
            if (at >= text.length()) {
                throw new ExpressionError("literal not terminated", start);
            }
            escape(text.charAt(at++), out);
        }
        tokens.add(new Token(Kind.STRING, out.toString(), start));
    }

    private void escape(char c, StringBuilder out) {
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'a' -> out.append('\007');
            case 'v' -> out.append('\013');
            case 'x' -> out.append((char) hex(2));
            case 'u' -> out.append((char) hex(4));
            case '\\', '"', '\'', '`' -> out.append(c);
            default -> throw new ExpressionError("invalid char escape \\" + c, at - 1);
        }
    }

    private int hex(int digits) {
        try {
            int value = Integer.parseInt(text.substring(at, Math.min(text.length(), at + digits)), 16);
            at += digits;
            return value;
        } catch (NumberFormatException e) {
            throw new ExpressionError("invalid char escape", at);
        }
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                tokens.add(new Token(Kind.OPERATOR, operator, at));
                at += operator.length();
                return;
            }
        }
        throw new ExpressionError("unrecognized character: '" + text.charAt(at) + "'", at);
    }
}
