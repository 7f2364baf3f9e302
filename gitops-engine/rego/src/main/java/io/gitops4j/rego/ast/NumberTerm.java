package io.gitops4j.rego.ast;

import io.gitops4j.json.JsonNumber;
import org.jspecify.annotations.Nullable;

/**
 * A number; equality is by value.
 *
 * @param text the spelling, kept as written
 * @param location where it stands
 */
public record NumberTerm(String text, Location location) implements Term {

    private static boolean sameValue(String one, String two) {
        return JsonNumber.isNumber(one)
                && JsonNumber.isNumber(two)
                && JsonNumber.parse(one).compareTo(JsonNumber.parse(two)) == 0;
    }

    @Override
    public TermKind kind() {
        return TermKind.NUMBER;
    }

    @Override
    public NumberTerm at(Location place) {
        return new NumberTerm(text, place);
    }

    @Override
    public boolean isConstant() {
        return true;
    }

    @Override
    public boolean isScalar() {
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NumberTerm that && (text.equals(that.text) || sameValue(text, that.text));
    }

    @Override
    public int hashCode() {
        return JsonNumber.isNumber(text) ? JsonNumber.parse(text).hashCode() : text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
