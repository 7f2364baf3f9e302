package io.gitops4j.glob;

import io.gitops4j.glob.GlobProgram.Instruction;
import io.gitops4j.glob.GlobProgram.Op;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a pattern into a program; answers {@code null} for one that is not well formed. */
final class GlobParser {
    enum Dialect {
        GOBWAS,
        DOUBLESTAR,
        PATH_MATCH
    }

    private static final int[] NONE = new int[0];
    private static final int MAX_NESTING = 100;

    private final String pattern;
    private final Dialect dialect;
    private final int[] separators;
    private final List<Instruction> code = new ArrayList<>();
    private int at;
    private boolean broken;

    GlobParser(String pattern, String separators, Dialect dialect) {
        this.pattern = pattern;
        this.dialect = dialect;
        this.separators = separators
                .codePoints()
                .flatMap(c -> java.util.stream.IntStream.of(c, c))
                .toArray();
    }

    @Nullable
    GlobProgram parse() {
        sequence(0);
        if (broken || at < pattern.length()) {
            return null;
        }
        emit(Op.MATCH, 0, NONE);
        return new GlobProgram(code.toArray(new Instruction[0]));
    }

    /** Reads up to the end, or inside braces up to a comma or the closing brace. */
    private void sequence(int nesting) {
        while (at < pattern.length() && !broken) {
            char c = pattern.charAt(at);
            if (nesting > 0 && (c == ',' || c == '}')) {
                return;
            }
            switch (c) {
                case '*' -> star(nesting);
                case '?' -> {
                    at++;
                    emit(Op.ANY_BUT, 0, separators);
                }
                case '[' -> characterClass();
                case '\\' -> escaped();
                case '{' -> {
                    if (dialect == Dialect.PATH_MATCH) {
                        literal();
                    } else {
                        alternatives(nesting + 1);
                    }
                }
                default -> literal();
            }
        }
    }

    private void literal() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        emit(Op.CHAR, c, NONE);
    }

    private void escaped() {
        at++;
        if (at < pattern.length()) {
            literal();
        } else if (dialect != Dialect.GOBWAS) {
            broken = true;
        }
    }

    private void star(int nesting) {
        int from = at;
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        boolean doubled = at - from > 1;
        if (dialect == Dialect.GOBWAS) {
            many(doubled ? NONE : separators);
            return;
        }
        boolean element = dialect == Dialect.DOUBLESTAR
                && doubled
                && at - from == 2
                && (from == 0 || pattern.charAt(from - 1) == '/' || nesting > 0)
                && (at == pattern.length() || pattern.charAt(at) == '/' || nesting > 0);
        if (!element) {
            many(separators);
        } else if (at < pattern.length() && pattern.charAt(at) == '/') {
            // any number of whole elements, each with its slash
            at++;
            int split = emit(Op.SPLIT, 0, NONE);
            many(NONE);
            emit(Op.CHAR, '/', NONE);
            aim(split, split + 1, code.size());
        } else if (from > 0 && pattern.charAt(from - 1) == '/' && nesting == 0) {
            trailingElements();
        } else {
            many(NONE);
        }
    }

    /** {@code a/**} matches {@code a} too: the slash before is part of what may be missing. */
    private void trailingElements() {
        int slash = code.size() - 1;
        Instruction before = code.get(slash);
        if (before.op() != Op.CHAR || before.codePoint() != '/') {
            many(NONE);
            return;
        }
        code.remove(slash);
        int split = emit(Op.SPLIT, 0, NONE);
        emit(Op.CHAR, '/', NONE);
        many(NONE);
        aim(split, split + 1, code.size());
    }

    /** Any number of code points but these. */
    private void many(int[] without) {
        int split = emit(Op.SPLIT, 0, NONE);
        emit(Op.ANY_BUT, 0, without);
        int jump = emit(Op.JUMP, 0, NONE);
        aim(jump, split, 0);
        aim(split, split + 1, code.size());
    }

    private void alternatives(int nesting) {
        if (nesting > MAX_NESTING) {
            broken = true;
            return;
        }
        at++;
        List<Integer> ends = new ArrayList<>();
        while (!broken) {
            int split = emit(Op.SPLIT, 0, NONE);
            sequence(nesting);
            ends.add(emit(Op.JUMP, 0, NONE));
            boolean more = at < pattern.length() && pattern.charAt(at) == ',';
            if (at >= pattern.length() && dialect == Dialect.DOUBLESTAR) {
                broken = true;
            }
            at = Math.min(at + 1, pattern.length());
            aim(split, split + 1, more ? code.size() : split + 1);
            if (!more) {
                break;
            }
        }
        for (int end : ends) {
            aim(end, code.size(), 0);
        }
    }

    private void characterClass() {
        at++;
        boolean negated = at < pattern.length()
                && (pattern.charAt(at) == '!' && dialect != Dialect.PATH_MATCH
                        || pattern.charAt(at) == '^' && dialect != Dialect.GOBWAS);
        if (negated) {
            at++;
        }
        List<Integer> ranges = new ArrayList<>();
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            int low = classMember();
            int high = low;
            if (at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']') {
                at++;
                high = classMember();
            } else if (at + 1 >= pattern.length()) {
                broken |= at >= pattern.length() || pattern.charAt(at) != ']';
            }
            if (broken || high < low) {
                broken = true;
                return;
            }
            ranges.add(low);
            ranges.add(high);
        }
        if (at >= pattern.length() || ranges.isEmpty()) {
            broken = true;
            return;
        }
        at++;
        int[] flat = ranges.stream().mapToInt(Integer::intValue).toArray();
        if (negated && dialect != Dialect.GOBWAS) {
            int[] longer = java.util.Arrays.copyOf(flat, flat.length + separators.length);
            System.arraycopy(separators, 0, longer, flat.length, separators.length);
            flat = longer;
        }
        emit(negated ? Op.NOT_IN : Op.IN, 0, flat);
    }

    private int classMember() {
        if (pattern.charAt(at) == '\\' && at + 1 < pattern.length()) {
            at++;
        } else if (pattern.charAt(at) == '[' && dialect == Dialect.GOBWAS) {
            broken = true;
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private int emit(Op op, int codePoint, int[] ranges) {
        code.add(new Instruction(op, codePoint, ranges, 0, 0));
        return code.size() - 1;
    }

    private void aim(int position, int first, int second) {
        Instruction old = code.get(position);
        code.set(position, new Instruction(old.op(), old.codePoint(), old.ranges(), first, second));
    }
}
