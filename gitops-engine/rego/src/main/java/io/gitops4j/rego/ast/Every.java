package io.gitops4j.rego.ast;

import org.jspecify.annotations.Nullable;

/**
 * <code>every k, v in xs { body }</code>. After the check key and value are variables that nothing else binds, and the
 * domain is a variable or a constant.
 *
 * @param key the key's variable, {@code null} when not written
 * @param value the value's variable
 * @param domain the collection
 * @param body what must hold for each member
 * @param location where it stands
 */
public record Every(@Nullable Term key, Term value, Term domain, Body body, Location location) implements Statement {

    @Override
    public String toString() {
        return "every " + (key == null ? "" : key + ", ") + value + " in " + domain + " { " + body + " }";
    }
}
