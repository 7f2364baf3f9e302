package io.gitops4j.rego.builtin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Whether two simple patterns ({@code .}, character sets, {@code *} and {@code +}, {@code \} escapes) match a string in common.
 */
final class GlobIntersection {
    /** Characters that are accepted once, or (with {@code *} or {@code +}) several times. */
    private record Token(boolean any, BitSet set, char repeat) {
        boolean meets(Token other) {
            return any || other.any || set.intersects(other.set);
        }
    }

    private GlobIntersection() {}

    static boolean intersect(String left, String right) {
        List<Token> a = parse(left);
        List<Token> b = parse(right);
        boolean[][] known = new boolean[a.size() + 1][b.size() + 1];
        return search(a, 0, b, 0, known);
    }

    private static boolean search(List<Token> a, int i, List<Token> b, int j, boolean[][] failed) {
        if (failed[i][j]) {
            return false;
        }
        failed[i][j] = true;
        if (i == a.size() && j == b.size()) {
            return true;
        }
        if (i < a.size() && a.get(i).repeat == '*' && search(a, i + 1, b, j, failed)) {
            return true;
        }
        if (j < b.size() && b.get(j).repeat == '*' && search(a, i, b, j + 1, failed)) {
            return true;
        }
        if (i == a.size() || j == b.size() || !a.get(i).meets(b.get(j))) {
            return false;
        }
        boolean stayA = a.get(i).repeat != ' ';
        boolean stayB = b.get(j).repeat != ' ';
        return search(a, i + 1, b, j + 1, failed)
                || (stayA && search(star(a, i), i, b, j + 1, failed))
                || (stayB && search(a, i + 1, star(b, j), j, failed));
    }

    private static List<Token> star(List<Token> tokens, int at) {
        if (tokens.get(at).repeat == '*') {
            return tokens;
        }
        List<Token> copy = new ArrayList<>(tokens);
        copy.set(at, new Token(tokens.get(at).any, tokens.get(at).set, '*'));
        return copy;
    }

    private static BuiltinException invalid(String input, int position, String text) {
        return BuiltinException.of(
                "input:" + input + ", pos:" + position + ", " + text + ": the input provided is invalid");
    }

    private static List<Token> parse(String input) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < input.length()) {
            char c = input.charAt(at);
            BitSet set = new BitSet();
            boolean any = false;
            switch (c) {
                case '.' -> any = true;
                case '[' -> at = set(input, at, set);
                case ']' -> throw invalid(input, at + 1, "set-close ']' with no preceding '['");
                case '*', '+' -> throw invalid(input, at + 1, "flag '" + c + "' must be preceded by a non-flag");
                case '\\' -> {
                    at++;
                    if (at == input.length()) {
                        throw invalid(input, at, "input ends with a \\ (escape) character");
                    }
                    set.set(input.charAt(at));
                }
                default -> set.set(c);
            }
            at++;
            char repeat = ' ';
            if (at < input.length() && (input.charAt(at) == '*' || input.charAt(at) == '+')) {
                repeat = input.charAt(at++);
            }
            tokens.add(new Token(any, set, repeat));
        }
        return tokens;
    }

    private static int set(String input, int open, BitSet set) {
        int at = open + 1;
        int last = -1;
        boolean range = false;
        while (at < input.length()) {
            char c = input.charAt(at);
            if (c == ']') {
                if (range) {
                    throw invalid(input, at + 1, "range character '-' must have characters on either side");
                }
                return at;
            }
            if (c == '-' && last >= 0 && !range) {
                range = true;
            } else {
                if (c == '\\') {
                    at++;
                    if (at == input.length()) {
                        break;
                    }
                    c = input.charAt(at);
                }
                if (range) {
                    if (c < last) {
                        throw invalid(input, at + 1, "range is required to be ascending");
                    }
                    set.set(last, c + 1);
                    range = false;
                    last = -1;
                } else {
                    set.set(c);
                    last = c;
                }
            }
            at++;
        }
        throw invalid(input, input.length(), "found [ without matching ]");
    }
}
