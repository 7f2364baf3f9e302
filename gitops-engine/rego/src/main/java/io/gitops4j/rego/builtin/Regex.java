package io.gitops4j.rego.builtin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A compiled regular expression in RE2's syntax: linear time, no look-around, no back references. */
public final class Regex {
    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @param longest most characters a pattern may have
     * @throws BuiltinException when it is wrong or too long
     */
    public static Regex compile(String pattern, int longest) {
        if (pattern.length() > longest) {
            throw BuiltinException.of("error parsing regexp: expression too large");
        }
        checkRepeats(pattern);
        try {
            return new Regex(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            String message = String.valueOf(e.getMessage());
            throw BuiltinException.of(message.endsWith("at end of expression") ? message + ": ``" : message);
        } catch (StackOverflowError e) {
            throw BuiltinException.of("error parsing regexp: expression nests too deeply");
        }
    }

    /** Counts of repetitions within repetitions multiply; as in Go, more than 1,000 are refused. */
    private static void checkRepeats(String pattern) {
        Deque<Long> outer = new ArrayDeque<>();
        long group = 1;
        long last = 1;
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            int end = at + 1;
            if (c == '\\') {
                int quoted = pattern.startsWith("\\Q", at) ? pattern.indexOf("\\E", at) : at + 2;
                end = quoted < 0 ? pattern.length() : quoted;
                last = 1;
            } else if (c == '[') {
                end = classEnd(pattern, at);
                last = 1;
            } else if (c == '(') {
                outer.push(group);
                group = 1;
                last = 1;
            } else if (c == ')') {
                last = group;
                group = outer.isEmpty() ? last : Math.max(outer.pop(), last);
            } else if (c == '{') {
                int close = pattern.indexOf('}', at);
                long count = close < 0 || close - at > 12 ? -1 : count(pattern.substring(at + 1, close));
                if (count < 0) {
                    last = 1;
                } else {
                    end = close + 1;
                    last *= Math.max(1, count);
                    if (last > 1_000) {
                        throw BuiltinException.of(
                                "error parsing regexp: invalid repeat count: `" + pattern.substring(at, end) + "`");
                    }
                    group = Math.max(group, last);
                }
            } else if (c != '*' && c != '+' && c != '?') {
                last = 1;
            }
            at = end;
        }
    }

    private static int classEnd(String pattern, int open) {
        int at = open + 1;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        for (int first = at; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '[' && pattern.startsWith("[:", at) && pattern.indexOf(":]", at) > 0) {
                at = pattern.indexOf(":]", at) + 1;
            } else if (c == ']' && at > first) {
                return at + 1;
            }
        }
        return pattern.length();
    }

    /** The larger number of {@code n}, {@code n,} or {@code n,m}; -1 when it is none of these. */
    private static long count(String text) {
        int comma = text.indexOf(',');
        String least = comma < 0 ? text : text.substring(0, comma);
        String most = comma < 0 ? "" : text.substring(comma + 1);
        for (String part : new String[] {least, most}) {
            for (int i = 0; i < part.length(); i++) {
                if (part.charAt(i) < '0' || part.charAt(i) > '9') {
                    return -1;
                }
            }
        }
        if (least.isEmpty()) {
            return -1;
        }
        return Long.parseLong(most.isEmpty() ? least : most);
    }

    /** Whether it matches somewhere in {@code text}. */
    public boolean find(String text) {
        return pattern.matcher(text).find();
    }

    Pattern pattern() {
        return pattern;
    }
}
