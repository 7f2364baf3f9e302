package io.gitops4j.rego;

import io.gitops4j.rego.builtin.BuiltinFunction;

/**
 * A builtin that the host adds.
 *
 * @param name the name with dots
 * @param signature its type as OPA writes it, such as {@code (string, any) boolean}
 * @param arity the number of operands
 * @param function what it does
 */
public record HostBuiltin(String name, String signature, int arity, BuiltinFunction function) {}
