package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Location;

/** What is wrong at a place, before it becomes a problem. */
record CheckError(String code, Location location, String message) {
    static final String COMPILE = "rego_compile_error";
    static final String TYPE = "rego_type_error";
    static final String UNSAFE = "rego_unsafe_var_error";
    static final String RECURSION = "rego_recursion_error";
}
