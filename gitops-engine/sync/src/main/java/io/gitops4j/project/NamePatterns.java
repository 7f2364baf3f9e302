package io.gitops4j.project;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.glob.Glob;
import java.util.List;

/** Lists of names, globs and regular expressions, as projects give them for namespaces and clusters. */
public final class NamePatterns {
    /** Characters looked at before a search that backtracks is given up. */
    private static final int BACKTRACKING_BUDGET = 100_000;

    /** How the items of a list are read. */
    public enum Mode {
        EXACT,
        GLOB,
        /** {@code /regular expression/}, anything else a glob. */
        REGEXP
    }

    private NamePatterns() {}

    /** Whether an item of the list matches; an item that is not well formed matches nothing. */
    public static boolean matchesAny(List<String> list, String text, Mode mode) {
        for (String item : list) {
            boolean matches = switch (mode) {
                case EXACT -> item.equals(text);
                case GLOB -> glob(item, text);
                case REGEXP ->
                    item.length() > 1 && item.startsWith("/") && item.endsWith("/")
                            ? regexp(item.substring(1, item.length() - 1), text)
                            : glob(item, text);
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private static boolean glob(String pattern, String text) {
        return Glob.gobwas(pattern, "").map(glob -> glob.matches(text)).orElse(false);
    }

    private static boolean regexp(String expression, String text) {
        try {
            return Pattern.compile(expression).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return lookaround(expression, text);
        }
    }

    /** Expressions with lookaround, which the linear engine does not have, under a budget. */
    private static boolean lookaround(String expression, String text) {
        try {
            return java.util.regex.Pattern.compile(expression)
                    .matcher(new Budgeted(text, new int[] {BACKTRACKING_BUDGET}))
                    .find();
        } catch (java.util.regex.PatternSyntaxException | BudgetSpent e) {
            return false;
        }
    }

    private static final class BudgetSpent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BudgetSpent() {
            super("too much backtracking", null, false, false);
        }
    }

    private record Budgeted(CharSequence text, int[] left) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw new BudgetSpent();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Budgeted(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
