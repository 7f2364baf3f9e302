/**
 * Text to {@link io.gitops4j.json.Json} and back. {@link io.gitops4j.codec.JsonReader} reads JSON,
 * {@link io.gitops4j.codec.YamlReader} reads YAML as kubectl or as kustomize does, {@link io.gitops4j.codec.YamlWriter}
 * prints.
 */
@NullMarked
package io.gitops4j.codec;

import org.jspecify.annotations.NullMarked;
