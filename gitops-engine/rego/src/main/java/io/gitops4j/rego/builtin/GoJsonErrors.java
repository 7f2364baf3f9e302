package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.GoQuote;

/** Says what is wrong with a text that is no JSON, in the words of Go's decoder. */
final class GoJsonErrors {
    /** What nests deeper is left to the reader to refuse. */
    private static final int MOST_NESTED = 500;

    private static final String VALUE = "looking for beginning of value";

    private final String text;
    private int at;
    private int depth;

    private GoJsonErrors(String text) {
        this.text = text;
    }

    /** The first thing wrong with {@code text}; {@code ""} when only more than its form is wrong. */
    static String of(String text) {
        GoJsonErrors scan = new GoJsonErrors(text);
        try {
            scan.blanks();
            if (scan.at == text.length()) {
                return "EOF";
            }
            scan.value();
            scan.blanks();
            if (scan.at == text.length()) {
                return "";
            }
            boolean starts = "{[\"-0123456789tfn".indexOf(text.charAt(scan.at)) >= 0;
            return (starts ? "error: " : "") + scan.invalid(starts ? "after top-level value" : VALUE);
        } catch (Fault fault) {
            return String.valueOf(fault.getMessage());
        }
    }

    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        private Fault(String message) {
            super(message, null, false, false);
        }
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private String invalid(String where) {
        int point = text.codePointAt(at);
        String shown = switch (point) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            default -> {
                String quoted = GoQuote.quote(Character.toString(point < 0x80 ? point : firstByte(point)));
                yield "'" + quoted.substring(1, quoted.length() - 1) + "'";
            }
        };
        return "invalid character " + shown + " " + where;
    }

    /** The decoder sees bytes. */
    private static int firstByte(int point) {
        return Character.toString(point).getBytes(java.nio.charset.StandardCharsets.UTF_8)[0] & 255;
    }

    /** The next character, which must be there. */
    private char next() throws Fault {
        if (at >= text.length()) {
            throw new Fault("unexpected EOF");
        }
        return text.charAt(at);
    }

    private void value() throws Fault {
        if (++depth > MOST_NESTED) {
            throw new Fault("");
        }
        blanks();
        char c = next();
        switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> {
                if (c != '-' && !digit(c)) {
                    throw new Fault(invalid(VALUE));
                }
                number();
            }
        }
        depth--;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private void word(String word) throws Fault {
        for (int i = 0; i < word.length(); i++) {
            if (next() != word.charAt(i)) {
                throw new Fault(invalid("in literal " + word + " (expecting '" + word.charAt(i) + "')"));
            }
            at++;
        }
    }

    private void number() throws Fault {
        if (next() == '-') {
            at++;
            if (!digit(next())) {
                throw new Fault(invalid("in numeric literal"));
            }
        }
        if (next() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            if (!digit(next())) {
                throw new Fault(invalid("after decimal point in numeric literal"));
            }
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (next() == '+' || next() == '-') {
                at++;
            }
            if (!digit(next())) {
                throw new Fault(invalid("in exponent of numeric literal"));
            }
            digits();
        }
    }

    private void digits() {
        while (at < text.length() && digit(text.charAt(at))) {
            at++;
        }
    }

    private void string() throws Fault {
        at++;
        while (next() != '"') {
            char c = next();
            if (c < ' ') {
                throw new Fault(invalid("in string literal"));
            }
            at++;
            if (c == '\\') {
                escape();
            }
        }
        at++;
    }

    private void escape() throws Fault {
        if (next() != 'u') {
            if ("\"\\/bfnrt".indexOf(next()) < 0) {
                throw new Fault(invalid("in string escape code"));
            }
            at++;
            return;
        }
        at++;
        for (int i = 0; i < 4; i++) {
            if (Character.digit(next(), 16) < 0) {
                throw new Fault(invalid("in \\u hexadecimal character escape"));
            }
            at++;
        }
    }

    private void array() throws Fault {
        at++;
        blanks();
        if (next() == ']') {
            at++;
            return;
        }
        while (true) {
            value();
            blanks();
            char c = next();
            if (c != ',' && c != ']') {
                throw new Fault(invalid("after array element"));
            }
            at++;
            if (c == ']') {
                return;
            }
        }
    }

    private void object() throws Fault {
        at++;
        blanks();
        if (next() == '}') {
            at++;
            return;
        }
        while (true) {
            blanks();
            if (next() != '"') {
                throw new Fault(invalid("looking for beginning of object key string"));
            }
            string();
            blanks();
            if (next() != ':') {
                throw new Fault(invalid("after object key"));
            }
            at++;
            value();
            blanks();
            char c = next();
            if (c != ',' && c != '}') {
                throw new Fault(invalid("after object key:value pair"));
            }
            at++;
            if (c == '}') {
                return;
            }
        }
    }
}
