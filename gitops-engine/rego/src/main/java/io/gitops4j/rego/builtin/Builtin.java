package io.gitops4j.rego.builtin;

/**
 * A named builtin.
 *
 * @param name the name with dots
 * @param arity the number of operands
 * @param function what it does
 */
public record Builtin(String name, int arity, BuiltinFunction function) {}
