package io.gitops4j.rego.ast;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * <code>{term | body}</code>.
 *
 * @param term the term
 * @param body the body
 * @param location where it stands
 */
public record SetComprehension(Term term, Body body, Location location) implements Term {

    @Override
    public TermKind kind() {
        return TermKind.SET_COMPREHENSION;
    }

    @Override
    public SetComprehension at(Location place) {
        return new SetComprehension(term, body, place);
    }

    @Override
    public boolean isConstant() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SetComprehension that && term.equals(that.term) && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(term, body);
    }

    @Override
    public String toString() {
        return "{" + term + " | " + body + "}";
    }
}
