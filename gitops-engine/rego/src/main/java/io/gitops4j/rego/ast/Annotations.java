package io.gitops4j.rego.ast;

import io.gitops4j.json.JsonObject;

/**
 * One metadata block.
 *
 * @param scope {@code rule}, {@code document}, {@code package} or {@code subpackages}
 * @param values the block without its scope: {@code title}, {@code description}, {@code custom}, …
 * @param location of the line {@code # METADATA}
 * @param endRow the last line of the block
 */
public record Annotations(String scope, JsonObject values, Location location, int endRow) {}
