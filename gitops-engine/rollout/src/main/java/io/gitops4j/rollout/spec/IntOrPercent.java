package io.gitops4j.rollout.spec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import org.jspecify.annotations.Nullable;

/**
 * A count or a share of a total.
 *
 * @param percent whether {@code value} is a percentage
 * @param value the count, or percent
 */
public record IntOrPercent(boolean percent, int value) {

    /** A quarter, the default of {@code maxSurge} and {@code maxUnavailable}. */
    public static final IntOrPercent QUARTER = new IntOrPercent(true, 25);

    /** A count. */
    public static IntOrPercent of(int count) {
        return new IntOrPercent(false, count);
    }

    /** The value that a number or a text such as {@code 25%} spells, or {@code null} when it is neither. */
    public static @Nullable IntOrPercent parse(@Nullable Json value) {
        if (value instanceof JsonNumber) {
            Integer count = Fields.integer(value);
            return count == null ? null : of(count);
        }
        String text = value == null ? null : value.textOrNull();
        if (text == null || !text.endsWith("%")) {
            return null;
        }
        try {
            return new IntOrPercent(true, Integer.parseInt(text.substring(0, text.length() - 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The count out of {@code total}, a fraction rounded up. */
    public int roundedUp(int total) {
        return percent ? (int) -Math.floorDiv(-(long) value * total, 100L) : value;
    }

    /** The count out of {@code total}, a fraction rounded down. */
    public int roundedDown(int total) {
        return percent ? (int) Math.floorDiv((long) value * total, 100L) : value;
    }

    @Override
    public String toString() {
        return percent ? value + "%" : Integer.toString(value);
    }
}
