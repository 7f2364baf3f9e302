package io.gitops4j.health.internal;

import io.gitops4j.json.Json;
import java.util.ArrayList;
import java.util.List;

/** A message: text with expressions in braces, {@code observed {status.phase}}; a doubled brace stands for itself. */
final class Template {
    private final List<Expression> parts;

    private Template(List<Expression> parts) {
        this.parts = parts;
    }

    static Template parse(String text, Scope scope) {
        List<Expression> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '{' && c != '}') {
                literal.append(c);
                at++;
            } else if (text.startsWith(String.valueOf(c).repeat(2), at)) {
                literal.append(c);
                at += 2;
            } else {
                int end = c == '{' ? closing(text, at) : -1;
                if (end < 0) {
                    throw new RuleSyntaxException("unmatched '" + c + "' in the message: " + text);
                }
                if (literal.length() > 0) {
                    parts.add(literal(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(ExpressionParser.parse(text.substring(at + 1, end), scope));
                at = end + 1;
            }
        }
        if (literal.length() > 0) {
            parts.add(literal(literal.toString()));
        }
        return new Template(parts);
    }

    String text(Frame frame) {
        if (parts.isEmpty()) {
            return "";
        }
        if (parts.size() == 1) {
            return parts.get(0).text(frame);
        }
        StringBuilder out = new StringBuilder();
        for (Expression part : parts) {
            out.append(part.text(frame));
        }
        return out.toString();
    }

    private static Expression literal(String text) {
        Json value = Json.of(text);
        return frame -> value;
    }

    /** The brace that closes the one at {@code open}, strings left out; -1 when there is none. */
    private static int closing(String text, int open) {
        char quote = 0;
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '}') {
                return i;
            }
        }
        return -1;
    }
}
