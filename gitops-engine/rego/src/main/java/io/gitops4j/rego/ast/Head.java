package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a rule.
 *
 * @param ref the rule's name: as written ({@code p.q[x]}); the checker puts {@code data} and the package before it
 * @param args the parameters of a function, {@code null} for another rule
 * @param key the member of a partial set rule, {@code null} for another rule
 * @param value the value ({@code true} when none was written), {@code null} for a partial set rule
 * @param assign whether the value was given by {@code :=}
 * @param location where it stands
 */
public record Head(
        Ref ref,
        @Nullable List<Term> args,
        @Nullable Term key,
        @Nullable Term value,
        boolean assign,
        Location location) {

    /** A head. */
    public Head {
        args = args == null ? null : List.copyOf(args);
    }

    /** Whether it is the head of a partial set rule. */
    public boolean isPartialSet() {
        return key != null;
    }

    /** Whether it is the head of a function. */
    public boolean isFunction() {
        return args != null;
    }

    /** The parameters, none for another rule. */
    public List<Term> parameters() {
        return args == null ? List.of() : args;
    }

    /** The head with another reference. */
    public Head withRef(Ref newRef) {
        return new Head(newRef, args, key, value, assign, location);
    }

    /** The head with another value. */
    public Head withValue(@Nullable Term newValue) {
        return new Head(ref, args, key, newValue, assign, location);
    }

    /** The head with another member. */
    public Head withKey(@Nullable Term newKey) {
        return new Head(ref, args, newKey, value, assign, location);
    }

    /** The head with other parameters. */
    public Head withArgs(@Nullable List<Term> newArgs) {
        return new Head(ref, newArgs, key, value, assign, location);
    }
}
