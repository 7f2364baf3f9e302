package io.gitops4j.selector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One condition on a label.
 *
 * @param key label key
 * @param operator how the value is judged
 * @param values what it is judged against: none for exists, one for equality and comparison, any number for sets
 */
public record Requirement(String key, Operator operator, List<String> values) {

    /** The operators of selectors. */
    public enum Operator {
        /** {@code a=b}, {@code a==b}, {@code a in (b,c)}. */
        IN,
        /** {@code a!=b}, {@code a notin (b,c)}: matches objects without the label too. */
        NOT_IN,
        /** {@code a}. */
        EXISTS,
        /** {@code !a}. */
        DOES_NOT_EXIST,
        /** {@code a>1}: the label is a whole number above. */
        GREATER,
        /** {@code a<1}: the label is a whole number below. */
        LESS
    }

    /** A condition of these parts. */
    public Requirement {
        values = List.copyOf(values);
    }

    /** Whether a label of this value, {@code null} for no such label, meets the condition. */
    public boolean matches(@Nullable String value) {
        return switch (operator) {
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case GREATER -> value != null && compare(value) > 0;
            case LESS -> value != null && compare(value) < 0;
        };
    }

    /** 0 where one of the two is no whole number, which then matches neither way. */
    private int compare(String value) {
        try {
            return Long.compare(Long.parseLong(value), Long.parseLong(values.get(0)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The text of the condition in selector syntax, values sorted. */
    @Override
    public String toString() {
        List<String> sorted = values.stream().sorted().toList();
        return switch (operator) {
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
            case IN -> sorted.size() == 1 ? key + "=" + sorted.get(0) : key + " in (" + String.join(",", sorted) + ")";
            case NOT_IN ->
                sorted.size() == 1 ? key + "!=" + sorted.get(0) : key + " notin (" + String.join(",", sorted) + ")";
            case GREATER -> key + ">" + sorted.get(0);
            case LESS -> key + "<" + sorted.get(0);
        };
    }
}
