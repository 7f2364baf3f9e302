package io.gitops4j.diff.jq;

import java.util.ArrayList;
import java.util.List;

/** Cuts a program into tokens. Strings keep their text raw: the parser reads interpolation out of it. */
final class JqLexer {
    enum Kind {
        WORD,
        FIELD,
        VARIABLE,
        FORMAT,
        NUMBER,
        STRING,
        OPERATOR,
        END
    }

    record Token(Kind kind, String text) {
        boolean is(String operator) {
            return (kind == Kind.OPERATOR || kind == Kind.WORD) && text.equals(operator);
        }
    }

    private static final String[] OPERATORS = {
        "?//=", "//=", "?//", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..", "?", "|", ",",
        "+", "-", "*", "/", "%", "=", "<", ">", "(", ")", "[", "]", "{", "}", ":", ";", "."
    };

    private final String text;
    private int at;

    JqLexer(String text) {
        this.text = text;
    }

    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            skipSpace();
            if (at >= text.length()) {
                tokens.add(new Token(Kind.END, "<end>"));
                return tokens;
            }
            tokens.add(next());
        }
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    private Token next() {
        char c = text.charAt(at);
        if (c == '"') {
            return string();
        }
        if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            return number();
        }
        if (c == '.' && at + 1 < text.length() && isWordStart(text.charAt(at + 1))) {
            at++;
            return new Token(Kind.FIELD, word());
        }
        if (c == '$' && at + 1 < text.length() && isWordStart(text.charAt(at + 1))) {
            at++;
            return new Token(Kind.VARIABLE, word());
        }
        if (c == '@' && at + 1 < text.length() && isWordStart(text.charAt(at + 1))) {
            at++;
            return new Token(Kind.FORMAT, word());
        }
        if (isWordStart(c)) {
            String word = word();
            while (at + 2 < text.length() && text.startsWith("::", at)) {
                at += 2;
                word = word + "::" + word();
            }
            return new Token(Kind.WORD, word);
        }
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                return new Token(Kind.OPERATOR, operator);
            }
        }
        throw new JqError("unexpected token \"" + c + "\"");
    }

    private Token number() {
        int from = at;
        while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int mark = at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            if (at >= text.length() || !isDigit(text.charAt(at))) {
                at = mark;
            }
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }
        return new Token(Kind.NUMBER, text.substring(from, at));
    }

    private Token string() {
        int from = ++at;
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                if (text.charAt(at + 1) == '(') {
                    depth++;
                }
                at += 2;
                continue;
            }
            if (depth > 0 && c == ')') {
                depth--;
            } else if (depth > 0 && c == '(') {
                depth++;
            } else if (depth == 0 && c == '"') {
                return new Token(Kind.STRING, text.substring(from, at++));
            }
            at++;
        }
        throw new JqError("unterminated string literal");
    }

    private String word() {
        int from = at;
        while (at < text.length() && (isWordStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
            at++;
        }
        return text.substring(from, at);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
