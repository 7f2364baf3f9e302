package io.gitops4j.gotemplate;

import io.gitops4j.gotemplate.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits a template into text and actions, and actions into tokens. */
final class Lexer {

    /** A piece of a template: text, or the tokens of an action. */
    record Piece(String text, List<Token> tokens, int line) {
        boolean isText() {
            return tokens.isEmpty();
        }
    }

    private final String source;
    private int at;
    private int line = 1;

    Lexer(String source) {
        this.source = source;
    }

    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        boolean trimNext = false;
        while (at < source.length()) {
            int open = source.indexOf("{{", at);
            int end = open < 0 ? source.length() : open;
            String text = source.substring(at, end);
            int textLine = line;
            countLines(text);
            boolean trimThis = open >= 0
                    && source.startsWith("-", open + 2)
                    && open + 3 < source.length()
                    && isSpace(source.charAt(open + 3));
            String shown = trimNext ? stripLeading(text) : text;
            shown = trimThis ? stripTrailing(shown) : shown;
            if (!shown.isEmpty()) {
                pieces.add(new Piece(shown, List.of(), textLine));
            }
            if (open < 0) {
                break;
            }
            at = open + (trimThis ? 3 : 2);
            trimNext = action(pieces);
        }
        return pieces;
    }

    /** Reads one action or comment; whether the text after it loses its leading white space. */
    private boolean action(List<Piece> pieces) {
        int from = at;
        while (at < source.length() && isSpace(source.charAt(at))) {
            at++;
        }
        if (source.startsWith("/*", at)) {
            int close = source.indexOf("*/", at + 2);
            if (close < 0) {
                throw new TemplateException("unclosed comment");
            }
            countLines(source.substring(from, close));
            at = close + 2;
            boolean trim = atTrimmedEnd();
            if (!trim && !source.startsWith("}}", at)) {
                throw new TemplateException("comment ends before closing delimiter");
            }
            at = source.indexOf("}}", at) + 2;
            return trim;
        }
        at = from;
        int actionLine = line;
        List<Token> tokens = new ArrayList<>();
        while (true) {
            boolean spaced = false;
            while (at < source.length() && isSpace(source.charAt(at)) && !atTrimmedEnd()) {
                if (source.charAt(at) == '\n') {
                    line++;
                }
                spaced = true;
                at++;
            }
            if (at >= source.length()) {
                throw new TemplateException("unclosed action");
            }
            boolean trim = atTrimmedEnd();
            if (trim || source.startsWith("}}", at)) {
                at = source.indexOf("}}", at) + 2;
                tokens.add(new Token(Kind.END, "", spaced));
                pieces.add(new Piece("", tokens, actionLine));
                return trim;
            }
            tokens.add(token(spaced));
        }
    }

    private boolean atTrimmedEnd() {
        if (at >= source.length() || !isSpace(source.charAt(at))) {
            return false;
        }
        int next = at;
        while (next < source.length() && isSpace(source.charAt(next))) {
            next++;
        }
        return source.startsWith("-}}", next);
    }

    private Token token(boolean spaced) {
        char c = source.charAt(at);
        switch (c) {
            case '"' -> {
                return new Token(Kind.STRING, quoted(), spaced);
            }
            case '`' -> {
                int close = source.indexOf('`', at + 1);
                if (close < 0) {
                    throw new TemplateException("unterminated raw quoted string");
                }
                String text = source.substring(at + 1, close);
                countLines(text);
                at = close + 1;
                return new Token(Kind.STRING, text, spaced);
            }
            case '\'' -> {
                return new Token(Kind.CHAR, character(), spaced);
            }
            case '|' -> {
                return single(Kind.PIPE, spaced);
            }
            case '(' -> {
                return single(Kind.LEFT, spaced);
            }
            case ')' -> {
                return single(Kind.RIGHT, spaced);
            }
            case ',' -> {
                return single(Kind.COMMA, spaced);
            }
            case '=' -> {
                return single(Kind.ASSIGN, spaced);
            }
            case ':' -> {
                if (source.startsWith(":=", at)) {
                    at += 2;
                    return new Token(Kind.DECLARE, ":=", spaced);
                }
                throw new TemplateException("expected :=");
            }
            case '$' -> {
                at++;
                return new Token(Kind.VARIABLE, "$" + word(), spaced);
            }
            case '.' -> {
                if (at + 1 < source.length() && isDigit(source.charAt(at + 1))) {
                    return number(spaced);
                }
                at++;
                String name = word();
                return name.isEmpty() ? new Token(Kind.DOT, ".", spaced) : new Token(Kind.FIELD, name, spaced);
            }
            default -> {
                boolean sign = (c == '-' || c == '+')
                        && at + 1 < source.length()
                        && (isDigit(source.charAt(at + 1)) || source.charAt(at + 1) == '.');
                if (isDigit(c) || sign) {
                    return number(spaced);
                }
                String name = word();
                if (name.isEmpty()) {
                    throw new TemplateException("unexpected \"" + c + "\" in operand");
                }
                return new Token(Kind.WORD, name, spaced);
            }
        }
    }

    private Token single(Kind kind, boolean spaced) {
        at++;
        return new Token(kind, source.substring(at - 1, at), spaced);
    }

    private String word() {
        int from = at;
        while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
        return source.substring(from, at);
    }

    private Token number(boolean spaced) {
        int from = at;
        at++;
        while (at < source.length()) {
            char c = source.charAt(at);
            char before = source.charAt(at - 1);
            boolean exponentSign = (c == '-' || c == '+') && (before == 'e' || before == 'E' || before == 'p');
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !exponentSign) {
                break;
            }
            at++;
        }
        return new Token(Kind.NUMBER, source.substring(from, at), spaced);
    }

    private String quoted() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < source.length() && source.charAt(at) != '"') {
            if (source.charAt(at) == '\n') {
                throw new TemplateException("unterminated quoted string");
            }
            out.appendCodePoint(codePoint());
        }
        if (at >= source.length()) {
            throw new TemplateException("unterminated quoted string");
        }
        at++;
        return out.toString();
    }

    private String character() {
        at++;
        if (at >= source.length()) {
            throw new TemplateException("unterminated character constant");
        }
        int c = codePoint();
        if (at >= source.length() || source.charAt(at) != '\'') {
            throw new TemplateException("malformed character constant");
        }
        at++;
        return Integer.toString(c);
    }

    private int codePoint() {
        int c = source.codePointAt(at);
        at += Character.charCount(c);
        if (c != '\\') {
            return c;
        }
        if (at >= source.length()) {
            throw new TemplateException("unterminated quoted string");
        }
        char escape = source.charAt(at++);
        return switch (escape) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> 11;
            case '\\', '"', '\'' -> escape;
            case 'x' -> digits(2, 16);
            case 'u' -> digits(4, 16);
            case 'U' -> digits(8, 16);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                yield digits(3, 8);
            }
            default -> throw new TemplateException("invalid syntax");
        };
    }

    private int digits(int count, int radix) {
        if (at + count > source.length()) {
            throw new TemplateException("invalid syntax");
        }
        try {
            int value = Integer.parseInt(source.substring(at, at + count), radix);
            at += count;
            return value;
        } catch (NumberFormatException e) {
            throw new TemplateException("invalid syntax");
        }
    }

    private void countLines(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static String stripLeading(String text) {
        int from = 0;
        while (from < text.length() && isSpace(text.charAt(from))) {
            from++;
        }
        return text.substring(from);
    }

    private static String stripTrailing(String text) {
        int to = text.length();
        while (to > 0 && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }
}
