package io.gitops4j.engine;

import io.gitops4j.manifest.ResourceKey;

/**
 * One object of the tree of an application.
 *
 * @param key the object
 * @param depth 0 for an object that the application has, 1 for what belongs to that, and so on
 */
public record ResourceNode(ResourceKey key, int depth) {}
