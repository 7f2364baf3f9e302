/** Transformer configuration: field specs, name and var references, the merge schema; built-in tables and user files. */
@NullMarked
package io.gitops4j.kustomize.internal.config;

import org.jspecify.annotations.NullMarked;
