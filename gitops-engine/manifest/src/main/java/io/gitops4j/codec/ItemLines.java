package io.gitops4j.codec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Where the items of a List in JSON begin: one pass over the text, which is known to be good. */
final class ItemLines {
    private final String text;
    private int at;
    private int line;

    private ItemLines(String text, int at, int line) {
        this.text = text;
        this.at = at;
        this.line = line;
    }

    /** The lines of the items of a List that begins at {@code start} on {@code line}; empty for any other value. */
    static List<Integer> of(Json value, String text, int start, int line) {
        return value instanceof JsonObject object && object.text("kind", "").endsWith("List")
                ? new ItemLines(text, start, line).scan()
                : List.of();
    }

    private List<Integer> scan() {
        List<Integer> lines = new ArrayList<>();
        int depth = 0;
        boolean inItems = false;
        boolean expected = false;
        String last = "";
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
            }
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                continue;
            }
            if (expected && c != ']') {
                lines.add(line);
            }
            expected = false;
            if (c == '"') {
                int from = at + 1;
                skipString();
                last = depth == 1 ? text.substring(from, at) : last;
            } else if (c == '{' || c == '[') {
                depth++;
                if (c == '[' && depth == 2 && last.equals("items")) {
                    inItems = true;
                    expected = true;
                    lines.clear();
                }
            } else if (c == '}' || c == ']') {
                depth--;
                inItems &= depth >= 2;
                if (depth == 0) {
                    break;
                }
            } else if (c == ',' && inItems && depth == 2) {
                expected = true;
            }
        }
        return List.copyOf(lines);
    }

    /** To the quote that ends the string. */
    private void skipString() {
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
    }
}
