package io.gitops4j.rego;

/**
 * The text of one module.
 *
 * @param name what errors call it, mostly a path
 * @param text the module
 */
public record RegoModule(String name, String text) {}
