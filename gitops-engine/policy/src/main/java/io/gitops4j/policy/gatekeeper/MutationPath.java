package io.gitops4j.policy.gatekeeper;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * The location of a mutator: {@code spec.containers[name: *].image}. Names are parted by dots and may be quoted; {@code [key: value]}
 * picks the item of a list whose member {@code key} has that value, {@code [key: *]} all items. Source: rego §2.6.
 */
record MutationPath(List<Node> nodes) {

    /** A step of the path. */
    sealed interface Node permits Member, Item {}

    /** A member of an object. */
    record Member(String name) implements Node {
        @Override
        public String toString() {
            return name;
        }
    }

    /** An item of a list by one of its members; {@code value} means nothing when all are meant. */
    record Item(String key, String value, boolean all) implements Node {
        @Override
        public String toString() {
            return "[" + key + ": " + (all ? "*" : value) + "]";
        }
    }

    /** Problem: {@code LOCATION_INVALID}, with the column. */
    static Outcome<MutationPath> parse(String text) {
        try {
            return Outcome.of(new MutationPath(new Reader(text).read()));
        } catch (Malformed e) {
            return Outcome.failed(Problem.error(
                    "LOCATION_INVALID", "location \"" + text + "\": " + e.getMessage() + " at column " + (e.at + 1)));
        }
    }

    int size() {
        return nodes.size();
    }

    Node last() {
        return nodes.get(nodes.size() - 1);
    }

    boolean startsWith(MutationPath other) {
        return other.size() <= size() && nodes.subList(0, other.size()).equals(other.nodes);
    }

    /** The first name, {@code ""} where the path does not begin with one. */
    String root() {
        return nodes.get(0) instanceof Member member ? member.name() : "";
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Node node : nodes) {
            out.append(node instanceof Member && out.length() > 0 ? "." : "").append(node);
        }
        return out.toString();
    }

    /** What is wrong with a text, and where. */
    private static final class Malformed extends Exception {
        private final int at;

        Malformed(String message, int at) {
            super(message);
            this.at = at;
        }
    }

    /** Reads a path from left to right. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        List<Node> read() throws Malformed {
            List<Node> nodes = new ArrayList<>();
            do {
                nodes.add(new Member(word("a name")));
                if (peek() == '[') {
                    nodes.add(item());
                    if (peek() == '[') {
                        throw new Malformed("a list within a list cannot be addressed", at);
                    }
                }
            } while (take('.'));
            if (at < text.length()) {
                throw new Malformed("unexpected '" + text.charAt(at) + "'", at);
            }
            return List.copyOf(nodes);
        }

        private Node item() throws Malformed {
            at++;
            blanks();
            String key = word("a key");
            blanks();
            if (!take(':')) {
                throw new Malformed("':' expected", at);
            }
            blanks();
            boolean all = take('*');
            String value = all ? "" : word("a value or '*'");
            blanks();
            if (!take(']')) {
                throw new Malformed("']' expected", at);
            }
            return new Item(key, value, all);
        }

        private String word(String what) throws Malformed {
            char first = peek();
            if (first == '"' || first == '\'') {
                return quoted(first);
            }
            int from = at;
            while (at < text.length() && isPlain(text.charAt(at))) {
                at++;
            }
            if (from == at) {
                throw new Malformed(what + " expected", at);
            }
            return text.substring(from, at);
        }

        private String quoted(char quote) throws Malformed {
            int from = at++;
            StringBuilder out = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                out.append(text.charAt(at++));
            }
            if (!take(quote)) {
                throw new Malformed("the quote is not closed", from);
            }
            return out.toString();
        }

        private static boolean isPlain(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '/' || c == '$';
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private boolean take(char c) {
            boolean there = peek() == c && at < text.length();
            at += there ? 1 : 0;
            return there;
        }

        private void blanks() {
            while (peek() == ' ') {
                at++;
            }
        }
    }
}
