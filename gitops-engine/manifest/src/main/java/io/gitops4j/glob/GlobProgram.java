package io.gitops4j.glob;

import java.util.Arrays;

/** Instructions of a pattern, run for all states at once: no backtracking. */
final class GlobProgram {
    enum Op {
        /** One given code point. */
        CHAR,
        /** Any code point but those of the set (which holds the separators, or nothing). */
        ANY_BUT,
        /** A code point of the ranges. */
        IN,
        /** A code point outside the ranges. */
        NOT_IN,
        /** Go on at both targets. */
        SPLIT,
        /** Go on at the first target. */
        JUMP,
        MATCH
    }

    /**
     * One instruction.
     *
     * @param ranges pairs of first and last code point
     */
    record Instruction(Op op, int codePoint, int[] ranges, int first, int second) {
        boolean accepts(int c) {
            return switch (op) {
                case CHAR -> c == codePoint;
                case ANY_BUT, NOT_IN -> !inRanges(c);
                case IN -> inRanges(c);
                case SPLIT, JUMP, MATCH -> false;
            };
        }

        private boolean inRanges(int c) {
            for (int i = 0; i < ranges.length; i += 2) {
                if (c >= ranges[i] && c <= ranges[i + 1]) {
                    return true;
                }
            }
            return false;
        }
    }

    private final Instruction[] code;

    GlobProgram(Instruction[] code) {
        this.code = code;
    }

    boolean matches(String text) {
        boolean[] now = new boolean[code.length];
        boolean[] next = new boolean[code.length];
        follow(0, now);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            Arrays.fill(next, false);
            boolean alive = false;
            for (int at = 0; at < code.length; at++) {
                if (now[at] && code[at].accepts(c)) {
                    follow(at + 1, next);
                    alive = true;
                }
            }
            if (!alive) {
                return false;
            }
            boolean[] swap = now;
            now = next;
            next = swap;
        }
        return now[code.length - 1];
    }

    private void follow(int from, boolean[] states) {
        int[] stack = new int[code.length + 1];
        int depth = 0;
        stack[depth++] = from;
        while (depth > 0) {
            int at = stack[--depth];
            if (states[at]) {
                continue;
            }
            states[at] = true;
            Instruction instruction = code[at];
            if (instruction.op() == Op.SPLIT) {
                if (!states[instruction.second()]) {
                    stack[depth++] = instruction.second();
                }
                if (!states[instruction.first()] && depth < stack.length) {
                    stack[depth++] = instruction.first();
                }
            } else if (instruction.op() == Op.JUMP) {
                stack[depth++] = instruction.first();
            }
        }
    }
}
