package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.GoQuote;
import java.util.ArrayList;
import java.util.List;

/** Tokens of GraphQL documents. */
final class GraphqlLexer {
    /** One token; {@code kind} is the punctuation itself, or {@code Name}, {@code Int}, {@code Float}, {@code String}, … */
    record Token(String kind, String text, int line, int column) {
        String shown() {
            return text.isEmpty() ? kind : kind + " " + GoQuote.quote(text);
        }

        boolean is(String wanted) {
            return kind.equals(wanted);
        }

        boolean isName(String wanted) {
            return kind.equals("Name") && text.equals(wanted);
        }
    }

    private final String input;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;

    private GraphqlLexer(String input) {
        this.input = input;
    }

    static List<Token> read(String input) {
        GraphqlLexer lexer = new GraphqlLexer(input);
        lexer.run();
        return lexer.tokens;
    }

    private void add(String kind, String text, int start) {
        tokens.add(new Token(kind, text, line, input.codePointCount(Math.min(lineStart, start), start) + 1));
    }

    private void newline(int next) {
        line++;
        lineStart = next;
    }

    private void run() {
        if (input.startsWith("\uFEFF")) {
            at = 1;
        }
        while (at < input.length()) {
            char c = input.charAt(at);
            if (c == '\n') {
                newline(++at);
            } else if (c == '\r') {
                at++;
                if (at < input.length() && input.charAt(at) == '\n') {
                    at++;
                }
                newline(at);
            } else if (c == ' ' || c == '\t' || c == ',') {
                at++;
            } else if (c == '#') {
                while (at < input.length() && input.charAt(at) != '\n' && input.charAt(at) != '\r') {
                    at++;
                }
            } else if (!token(c)) {
                return;
            }
        }
        add("<EOF>", "", input.length());
    }

    private boolean token(char c) {
        int start = at;
        if (input.startsWith("...", at)) {
            at += 3;
            add("...", "", start);
        } else if ("!$&():=@[]{}|".indexOf(c) >= 0) {
            at++;
            add(String.valueOf(c), "", start);
        } else if (c == '_' || isLetter(c)) {
            while (at < input.length()
                    && (input.charAt(at) == '_' || isLetter(input.charAt(at)) || isDigit(input.charAt(at)))) {
                at++;
            }
            add("Name", input.substring(start, at), start);
        } else if (c == '-' || isDigit(c)) {
            return number();
        } else if (input.startsWith("\"\"\"", at)) {
            return block();
        } else if (c == '"') {
            return string();
        } else {
            add("<Invalid>", "", start);
            return false;
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private boolean number() {
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile(
                        "-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")
                .matcher(input)
                .region(at, input.length());
        if (!matcher.lookingAt()) {
            add("<Invalid>", "", at);
            return false;
        }
        int start = at;
        at = matcher.end();
        add(matcher.group(1) != null || matcher.group(2) != null ? "Float" : "Int", matcher.group(), start);
        return true;
    }

    private boolean string() {
        int start = at++;
        StringBuilder text = new StringBuilder();
        while (at < input.length()) {
            char c = input.charAt(at++);
            if (c == '"') {
                add("String", text.toString(), start + 1);
                return true;
            }
            if (c == '\n' || c == '\r') {
                break;
            }
            if (c != '\\' || at >= input.length()) {
                text.append(c);
                continue;
            }
            char escape = input.charAt(at++);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case '"', '\\', '/' -> text.append(escape);
                case 'u' -> {
                    String digits = input.substring(at, Math.min(input.length(), at + 4));
                    if (!digits.matches("[0-9a-fA-F]{4}")) {
                        add("<Invalid>", "", start);
                        return false;
                    }
                    text.append((char) Integer.parseInt(digits, 16));
                    at += 4;
                }
                default -> {
                    add("<Invalid>", "", start);
                    return false;
                }
            }
        }
        add("<Invalid>", "", start);
        return false;
    }

    private boolean block() {
        int start = at;
        int startLine = line;
        int startColumn = input.codePointCount(lineStart, start) + 1;
        at += 3;
        StringBuilder text = new StringBuilder();
        while (at < input.length()) {
            if (input.startsWith("\"\"\"", at)) {
                at += 3;
                tokens.add(new Token("BlockString", dedent(text.toString()), startLine, startColumn));
                return true;
            }
            if (input.startsWith("\\\"\"\"", at)) {
                text.append("\"\"\"");
                at += 4;
                continue;
            }
            char c = input.charAt(at++);
            if (c == '\r') {
                if (at < input.length() && input.charAt(at) == '\n') {
                    at++;
                }
                newline(at);
                text.append('\n');
            } else {
                text.append(c);
                if (c == '\n') {
                    newline(at);
                }
            }
        }
        add("<Invalid>", "", input.length());
        return false;
    }

    private static String dedent(String raw) {
        List<String> lines = new ArrayList<>(StringBuiltins.split(raw, "\n", -1));
        int common = Integer.MAX_VALUE;
        for (int i = 1; i < lines.size(); i++) {
            String stripped = lines.get(i).stripLeading();
            if (!stripped.isEmpty()) {
                common = Math.min(common, lines.get(i).length() - stripped.length());
            }
        }
        for (int i = 1; i < lines.size() && common < Integer.MAX_VALUE; i++) {
            lines.set(i, lines.get(i).substring(Math.min(common, lines.get(i).length())));
        }
        while (!lines.isEmpty() && lines.get(0).isBlank()) {
            lines.remove(0);
        }
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
        return String.join("\n", lines);
    }
}
