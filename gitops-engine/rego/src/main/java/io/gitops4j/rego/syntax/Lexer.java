package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into {@link Tokens}. Whether {@code if}, {@code in} and their like are words of the language is the parser's
 * to say, since imports decide it; here they always are. Inside a template string the lexer follows the braces, so that text
 * and expressions come out in turn.
 */
final class Lexer {
    private static final String BYTE_ORDER_MARK = "illegal byte-order mark";
    private static final String NULL_CHARACTER = "illegal null character";

    private final String text;
    /** Whether it has a character that no file may have. */
    private final boolean odd;

    private final Tokens tokens;
    private final Deque<Template> templates = new ArrayDeque<>();
    private int at;
    private int row = 1;
    /** Where the line starts, moved right by each low surrogate so that columns count code points. */
    private int lineStart;

    /** A template string whose expression is being read. */
    private static final class Template {
        private final char quote;
        private int braces;

        private Template(char quote) {
            this.quote = quote;
        }
    }

    private Lexer(Source source) {
        this.text = source.text();
        this.odd = text.indexOf('\uFEFF', 1) >= 0 || text.indexOf(0) >= 0;
        this.tokens = new Tokens(source);
    }

    static Tokens tokens(Source source) {
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        if (text.startsWith("\uFEFF")) {
            at = 1;
            lineStart = 1;
        }
        while (skipBlank()) {
            next();
        }
        boolean afterNewline = !text.isEmpty() && text.charAt(text.length() - 1) == '\n';
        tokens.add(Token.EOF, text.length(), text.length(), row, afterNewline ? 0 : text.length() - lineStart);
    }

    /** Skips blanks and comments; says whether something is left. */
    private boolean skipBlank() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                newLine(at);
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                int end = text.indexOf('\n', at);
                int to = end < 0 ? text.length() : end;
                int cut = to > at && text.charAt(to - 1) == '\r' ? to - 1 : to;
                String bad = refused(at, to);
                if (bad != null) {
                    tokens.addIllegal(bad, at, to, row, at - lineStart + 1);
                }
                tokens.addComment(new Tokens.Comment(text.substring(at + 1, cut), at, row, at - lineStart + 1));
                skipTo(to);
            } else {
                return true;
            }
        }
        return false;
    }

    private void newLine(int offset) {
        row++;
        lineStart = offset + 1;
    }

    /** Moves to {@code end} on the same line, counting what is wider than one unit. */
    private void skipTo(int end) {
        for (int i = at; i < end; i++) {
            if (Character.isLowSurrogate(text.charAt(i))) {
                lineStart++;
            }
        }
        at = end;
    }

    private void emit(Token kind, int length) {
        tokens.add(kind, at, at + length, row, at - lineStart + 1);
        at += length;
    }

    private boolean followedBy(char c) {
        return at + 1 < text.length() && text.charAt(at + 1) == c;
    }

    private void next() {
        char c = text.charAt(at);
        if (isLetter(c)) {
            word();
            return;
        }
        if (c >= '0' && c <= '9') {
            number();
            return;
        }
        switch (c) {
            case '"', '`' -> string(c, at + 1);
            case '$' -> template();
            case '{' -> {
                if (!templates.isEmpty()) {
                    templates.getFirst().braces++;
                }
                emit(Token.LBRACE, 1);
            }
            case '}' -> closeBrace();
            case '[' -> emit(Token.LBRACKET, 1);
            case ']' -> emit(Token.RBRACKET, 1);
            case '(' -> emit(Token.LPAREN, 1);
            case ')' -> emit(Token.RPAREN, 1);
            case ',' -> emit(Token.COMMA, 1);
            case ';' -> emit(Token.SEMICOLON, 1);
            case '.' -> emit(Token.DOT, 1);
            case '+' -> emit(Token.PLUS, 1);
            case '-' -> emit(Token.MINUS, 1);
            case '*' -> emit(Token.MUL, 1);
            case '/' -> emit(Token.DIV, 1);
            case '%' -> emit(Token.REM, 1);
            case '&' -> emit(Token.AND, 1);
            case '|' -> emit(Token.OR, 1);
            case ':' -> emitEither(Token.COLON, Token.ASSIGN);
            case '=' -> emitEither(Token.UNIFY, Token.EQUAL);
            case '<' -> emitEither(Token.LT, Token.LTE);
            case '>' -> emitEither(Token.GT, Token.GTE);
            case '!' -> {
                if (followedBy('=')) {
                    emit(Token.NEQ, 2);
                } else {
                    illegal("illegal ! character");
                }
            }
            case '\uFEFF' -> illegal(BYTE_ORDER_MARK);
            case 0 -> illegal(NULL_CHARACTER);
            default -> illegal("");
        }
    }

    private void emitEither(Token alone, Token withEquals) {
        if (followedBy('=')) {
            emit(withEquals, 2);
        } else {
            emit(alone, 1);
        }
    }

    /** What is wrong with a stretch of the text whatever it stands in, {@code null} where nothing is. */
    private @Nullable String refused(int from, int to) {
        if (!odd) {
            return null;
        }
        String part = text.substring(from, to);
        return part.indexOf('\uFEFF') >= 0 ? BYTE_ORDER_MARK : part.indexOf(0) >= 0 ? NULL_CHARACTER : null;
    }

    private void illegal(String message) {
        int length = Character.charCount(text.codePointAt(at));
        tokens.addIllegal(message, at, at + length, row, at - lineStart + 1);
        skipTo(at + length);
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private void word() {
        int end = at + 1;
        while (end < text.length() && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) {
            end++;
        }
        emit(end - at > 8 ? Token.IDENT : Token.word(text.substring(at, end)), end - at);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private int digits(int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private void number() {
        int end = digits(at);
        String bad = "";
        if (end < text.length() && text.charAt(end) == '.') {
            int fraction = digits(end + 1);
            bad = fraction == end + 1 ? "expected fraction" : "";
            end = fraction;
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int sign = end + 1;
            if (sign < text.length() && (text.charAt(sign) == '+' || text.charAt(sign) == '-')) {
                sign++;
            }
            int exponent = digits(sign);
            if (exponent == sign) {
                bad = bad.isEmpty() ? "expected exponent" : bad + "\nexpected exponent";
            }
            end = exponent;
        }
        if (end < text.length() && isLetter(text.charAt(end))) {
            bad = bad.isEmpty() ? "illegal number format" : bad + "\nillegal number format";
        }
        if (!bad.isEmpty()) {
            tokens.addIllegal(bad, at, end, row, at - lineStart + 1);
            at = end;
            return;
        }
        emit(Token.NUMBER, end - at);
    }

    /** A string whose first character after the quote is at {@code from}. */
    private void string(char quote, int from) {
        int startRow = row;
        int column = at - lineStart + 1;
        int start = at;
        int end = from;
        String bad = null;
        while (true) {
            if (end >= text.length() || quote == '"' && text.charAt(end) == '\n') {
                end = Math.min(end, text.length());
                tokens.addIllegal("non-terminated string", start, end, startRow, column);
                skipTo(end);
                return;
            }
            char c = text.charAt(end);
            if (c == quote) {
                break;
            }
            if (c == '\n') {
                newLine(end);
            } else if (Character.isLowSurrogate(c)) {
                lineStart++;
            } else if (c == '\\' && quote == '"') {
                int length = escapeLength(end, false);
                if (length == 0) {
                    bad = "illegal escape sequence";
                    length = 2;
                }
                end += length - 1;
            }
            end++;
        }
        at = Math.min(end + 1, text.length());
        bad = bad == null ? refused(start, at) : bad;
        if (bad == null) {
            tokens.add(quote == '"' ? Token.STRING : Token.RAW_STRING, start, at, startRow, column);
        } else {
            tokens.addIllegal(bad, start, at, startRow, column);
        }
    }

    /** Length of the escape sequence at {@code from}, 0 when it is none. */
    private int escapeLength(int from, boolean inTemplate) {
        if (from + 1 >= text.length()) {
            return 0;
        }
        char c = text.charAt(from + 1);
        if (c == 'u') {
            if (from + 6 > text.length()) {
                return 0;
            }
            for (int i = from + 2; i < from + 6; i++) {
                if (Character.digit(text.charAt(i), 16) < 0) {
                    return 0;
                }
            }
            return 6;
        }
        return "\"\\/bfnrt".indexOf(c) >= 0 || inTemplate && c == '{' ? 2 : 0;
    }

    private void template() {
        if (!followedBy('"') && !followedBy('`')) {
            illegal("illegal $ character");
            return;
        }
        char quote = text.charAt(at + 1);
        emit(Token.TEMPLATE_OPEN, 2);
        templateText(quote);
    }

    private void closeBrace() {
        Template template = templates.peekFirst();
        if (template == null) {
            emit(Token.RBRACE, 1);
        } else if (template.braces > 0) {
            template.braces--;
            emit(Token.RBRACE, 1);
        } else {
            templates.removeFirst();
            emit(Token.TEMPLATE_EXPR_CLOSE, 1);
            templateText(template.quote);
        }
    }

    /** Text up to the next expression or the end of the template. */
    private void templateText(char quote) {
        int startRow = row;
        int column = at - lineStart + 1;
        int start = at;
        int end = at;
        while (true) {
            if (end >= text.length() || quote == '"' && text.charAt(end) == '\n') {
                end = Math.min(end, text.length());
                tokens.addIllegal("non-terminated string", start, end, startRow, column);
                skipTo(end);
                return;
            }
            char c = text.charAt(end);
            if (c == quote || c == '{') {
                break;
            }
            if (c == '\n') {
                newLine(end);
            } else if (Character.isLowSurrogate(c)) {
                lineStart++;
            } else if (c == '\\') {
                int length = quote == '"'
                        ? escapeLength(end, true)
                        : end + 1 < text.length() && text.charAt(end + 1) == '{' ? 2 : 1;
                if (length == 0) {
                    tokens.addIllegal("illegal escape sequence", start, end, startRow, column);
                    at = end + 1;
                    return;
                }
                end += length - 1;
            }
            end++;
        }
        if (end > start) {
            tokens.add(Token.TEMPLATE_TEXT, start, end, startRow, column);
        }
        at = end;
        if (text.charAt(end) == '{') {
            emit(Token.TEMPLATE_EXPR_OPEN, 1);
            templates.addFirst(new Template(quote));
        } else {
            emit(Token.TEMPLATE_CLOSE, 1);
        }
    }
}
