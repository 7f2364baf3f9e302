package io.gitops4j.codec;

import java.util.List;

/** What to do about a refusal of the YAML parser, by what it says. */
final class SyntaxHints {
    private static final List<Hint> HINTS = List.of(
            new Hint(
                    "expected ',' or ']'",
                    "end the list with ], or put a comma between its items; quote an item that holds a colon"),
            new Hint(
                    "expected ',' or '}'",
                    "end the mapping with }, or put a comma between its members; quote a value that holds a comma"),
            new Hint("that cannot start any token. (Do not use \\t", "indent with spaces; YAML takes no tabs there"),
            new Hint("that cannot start any token", "put the value in quotes"),
            new Hint(
                    "mapping values are not allowed",
                    "quote a value that holds a colon and a space, or mend the indentation"),
            new Hint("expected <block end>", "indent the members of a mapping, and the items of a list, alike"),
            new Hint("could not find expected ':'", "a key needs a colon and a space after it"),
            new Hint("sequence entries are not allowed", "begin the list on a line of its own"),
            new Hint("while scanning a quoted scalar", "end the text with the quote that it begins with"),
            new Hint("unknown escape character", "write \\\\ for a backslash, or use single quotes"),
            new Hint("while scanning a block scalar", "indent the text deeper than its key, and with spaces"),
            new Hint("while scanning an alias", "quote a value that begins with an asterisk"),
            new Hint("while scanning an anchor", "quote a value that begins with an ampersand"),
            new Hint(
                    "expected the node content",
                    "give the key a value, take a comma away, or end what is open by the bracket that it began with"),
            new Hint("expected <document start>", "put --- between two documents"));

    private SyntaxHints() {}

    private record Hint(String said, String mend) {}

    /** The hint, {@code ""} when the message says it all. */
    static String of(String message) {
        for (Hint hint : HINTS) {
            if (message.contains(hint.said())) {
                return hint.mend();
            }
        }
        return "";
    }
}
