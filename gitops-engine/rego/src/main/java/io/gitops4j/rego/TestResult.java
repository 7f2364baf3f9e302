package io.gitops4j.rego;

/**
 * The outcome of one test rule.
 *
 * @param packageName the package with dots, {@code data} first
 * @param name the rule's name
 * @param pass whether it held
 * @param skipped whether it is a {@code todo_test_} rule, which is not run
 * @param text why it did not: {@code ""}, or the error
 */
public record TestResult(String packageName, String name, boolean pass, boolean skipped, String text) {}
