package io.gitops4j.kustomize.internal.transform;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often a regular expression repeats its smallest part, groups within groups multiplied: a short text can stand for
 * a program of millions of steps.
 */
final class RepeatCounts {
    private static final int MOST = 1_000;

    private final String regex;
    private final Deque<Long> groups = new ArrayDeque<>();
    private long group = 1;
    private int at;

    private RepeatCounts(String regex) {
        this.regex = regex;
    }

    /** The first counter, with its braces, that repeats too much; {@code null} when none does. */
    static @Nullable String excessive(String regex) {
        return regex.indexOf('{') < 0 ? null : new RepeatCounts(regex).find();
    }

    private @Nullable String find() {
        while (at < regex.length()) {
            long part = part();
            int open = at;
            long times = counter();
            if (times > 1) {
                part *= times;
                if (part > MOST) {
                    return regex.substring(open, at);
                }
            }
            while (at < regex.length() && "?*+".indexOf(regex.charAt(at)) >= 0) {
                at++;
            }
            group = Math.max(group, part);
        }
        return null;
    }

    /** Skips one part; how often its own smallest part is repeated in it. */
    private long part() {
        char c = regex.charAt(at++);
        if (c == '(') {
            groups.push(group);
            group = 1;
            return 1;
        }
        if (c == ')' && !groups.isEmpty()) {
            long inner = group;
            group = groups.pop();
            return inner;
        }
        if (c == '\\' && at < regex.length()) {
            boolean quoted = regex.charAt(at++) == 'Q';
            int end = quoted ? regex.indexOf("\\E", at) : at;
            at = !quoted ? at : end < 0 ? regex.length() : end + 2;
        } else if (c == '[') {
            at += regex.startsWith("^", at) ? 1 : 0;
            at += regex.startsWith("]", at) ? 1 : 0;
            while (at < regex.length() && regex.charAt(at) != ']') {
                at += regex.charAt(at) == '\\' ? 2 : 1;
            }
            at = Math.min(at + 1, regex.length());
        }
        return 1;
    }

    /** The larger number of a counter in braces, which is skipped; 1 where there is none. */
    private long counter() {
        if (!regex.startsWith("{", at)) {
            return 1;
        }
        int end = regex.indexOf('}', at);
        String inside = end < 0 ? "" : regex.substring(at + 1, end);
        int comma = inside.indexOf(',');
        long least = number(comma < 0 ? inside : inside.substring(0, comma));
        long most = comma < 0 || comma == inside.length() - 1 ? least : number(inside.substring(comma + 1));
        if (least < 0 || most < 0) {
            return 1;
        }
        at = end + 1;
        return Math.max(least, most);
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 6) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }
}
