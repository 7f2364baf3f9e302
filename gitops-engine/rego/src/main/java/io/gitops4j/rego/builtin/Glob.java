package io.gitops4j.rego.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A glob: {@code *} (no delimiter), {@code **}, {@code ?}, {@code [a-z]}, {@code [!a]}, <code>{a,b}</code>, {@code \}. A non-deterministic
 * automaton over code points, so that matching is linear in the text.
 */
final class Glob {
    private enum Kind {
        CHAR,
        ONE,
        SET,
        STAR,
        SUPER,
        SPLIT,
        END
    }

    private static final class State {
        final Kind kind;
        int character;
        boolean negated;
        int[] ranges = new int[0];
        int next = -1;
        List<Integer> branches = List.of();

        State(Kind kind) {
            this.kind = kind;
        }
    }

    private final String pattern;
    private final String delimiters;
    private final List<State> states = new ArrayList<>();
    private int at;
    private @Nullable String literalPrefix;

    private Glob(String pattern, String delimiters) {
        this.pattern = pattern;
        this.delimiters = delimiters;
    }

    static Glob compile(String pattern, String delimiters) {
        Glob glob = new Glob(pattern, delimiters);
        int first = glob.sequence(false);
        if (glob.at < pattern.length()) {
            throw BuiltinException.of("unexpected token: " + pattern.charAt(glob.at));
        }
        glob.start = first;
        int plain = 0;
        while (plain < pattern.length() && "*?\\[]{},".indexOf(pattern.charAt(plain)) < 0) {
            plain++;
        }
        glob.literalPrefix = pattern.substring(0, plain);
        return glob;
    }

    private int start;

    private int add(State state) {
        states.add(state);
        return states.size() - 1;
    }

    /** Parses up to the end, or to {@code ,} or <code>}</code> inside braces; gives the first state; open ends go to a new END state. */
    private int sequence(boolean inBraces) {
        List<Integer> parts = new ArrayList<>();
        List<int[]> ends = new ArrayList<>();
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (inBraces && (c == ',' || c == '}')) {
                break;
            }
            int before = states.size();
            int last = element();
            parts.add(before);
            ends.add(new int[] {last});
        }
        int end = add(new State(Kind.END));
        for (int i = 0; i < parts.size(); i++) {
            int target = i + 1 < parts.size() ? parts.get(i + 1) : end;
            patch(parts.get(i), target);
        }
        return parts.isEmpty() ? end : parts.get(0);
    }

    private void patch(int state, int target) {
        State from = states.get(state);
        if (from.kind == Kind.SPLIT) {
            for (int end : from.ranges) {
                states.get(end).next = target;
            }
        } else {
            from.next = target;
        }
    }

    private int element() {
        int point = pattern.codePointAt(at);
        at += Character.charCount(point);
        switch (point) {
            case '*':
                boolean many = false;
                while (at < pattern.length() && pattern.charAt(at) == '*') {
                    many = true;
                    at++;
                }
                return add(new State(many ? Kind.SUPER : Kind.STAR));
            case '?':
                return add(new State(Kind.ONE));
            case '[':
                return add(set());
            case '{':
                return braces();
            case '\\':
                if (at >= pattern.length()) {
                    throw BuiltinException.of("unexpected end of input");
                }
                point = pattern.codePointAt(at);
                at += Character.charCount(point);
                break;
            default:
                break;
        }
        State state = new State(Kind.CHAR);
        state.character = point;
        return add(state);
    }

    private State set() {
        State state = new State(Kind.SET);
        if (at < pattern.length() && (pattern.charAt(at) == '!')) {
            state.negated = true;
            at++;
        }
        List<Integer> ranges = new ArrayList<>();
        boolean first = true;
        while (at < pattern.length() && (pattern.charAt(at) != ']' || first)) {
            first = false;
            int low = character();
            int high = low;
            if (at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']') {
                at++;
                high = character();
            }
            ranges.add(low);
            ranges.add(high);
        }
        if (at >= pattern.length()) {
            throw BuiltinException.of("unexpected end of input");
        }
        at++;
        state.ranges = ranges.stream().mapToInt(Integer::intValue).toArray();
        return state;
    }

    private int character() {
        if (pattern.charAt(at) == '\\' && at + 1 < pattern.length()) {
            at++;
        }
        int point = pattern.codePointAt(at);
        at += Character.charCount(point);
        return point;
    }

    private int braces() {
        State split = new State(Kind.SPLIT);
        int index = add(split);
        List<Integer> branches = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        while (true) {
            branches.add(sequence(true));
            ends.add(states.size() - 1);
            if (at >= pattern.length()) {
                throw BuiltinException.of("unexpected end of input");
            }
            if (pattern.charAt(at++) == '}') {
                break;
            }
        }
        split.branches = branches;
        split.ranges = ends.stream().mapToInt(Integer::intValue).toArray();
        return index;
    }

    boolean matches(String text) {
        if (literalPrefix != null && !text.startsWith(literalPrefix)) {
            return false;
        }
        int[] current = new int[states.size()];
        int[] following = new int[states.size()];
        boolean[] seen = new boolean[states.size()];
        int count = follow(start, current, 0, seen);
        for (int i = 0; i < text.length() && count > 0; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            Arrays.fill(seen, false);
            int followingCount = 0;
            boolean delimiter = delimiters.indexOf(point) >= 0;
            for (int k = 0; k < count; k++) {
                State state = states.get(current[k]);
                if (state.kind == Kind.SUPER || (state.kind == Kind.STAR && !delimiter)) {
                    followingCount = follow(current[k], following, followingCount, seen);
                } else if (accepts(state, point, delimiter)) {
                    followingCount = follow(state.next, following, followingCount, seen);
                }
            }
            int[] swap = current;
            current = following;
            following = swap;
            count = followingCount;
        }
        for (int k = 0; k < count; k++) {
            State state = states.get(current[k]);
            if (state.kind == Kind.END && state.next < 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean accepts(State state, int point, boolean delimiter) {
        switch (state.kind) {
            case CHAR:
                return state.character == point;
            case ONE:
                return !delimiter;
            case SET:
                boolean inside = false;
                for (int i = 0; i < state.ranges.length; i += 2) {
                    inside |= state.ranges[i] <= point && point <= state.ranges[i + 1];
                }
                return inside != state.negated;
            default:
                return false;
        }
    }

    private int follow(int state, int[] into, int count, boolean[] seen) {
        if (seen[state]) {
            return count;
        }
        seen[state] = true;
        State at = states.get(state);
        int size = count;
        switch (at.kind) {
            case SPLIT:
                for (int branch : at.branches) {
                    size = follow(branch, into, size, seen);
                }
                return size;
            case END:
                if (at.next >= 0) {
                    return follow(at.next, into, size, seen);
                }
                into[size++] = state;
                return size;
            case STAR, SUPER:
                into[size++] = state;
                return follow(at.next, into, size, seen);
            default:
                into[size++] = state;
                return size;
        }
    }
}
