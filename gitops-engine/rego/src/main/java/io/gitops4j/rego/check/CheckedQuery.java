package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import java.util.Map;

/**
 * A query in the form of {@link CheckedModules}.
 *
 * @param body the expressions, ordered
 * @param originalNames what a local was called in the query's text
 */
public record CheckedQuery(Body body, Map<String, String> originalNames) {}
