package io.gitops4j.rego.ast;

/**
 * {@code with target as value}.
 *
 * @param target {@code input…}, {@code data…}, a function or a builtin: a variable or a reference
 * @param value what stands there instead
 * @param location where it stands
 */
public record With(Term target, Term value, Location location) {

    @Override
    public String toString() {
        return "with " + target + " as " + value;
    }
}
