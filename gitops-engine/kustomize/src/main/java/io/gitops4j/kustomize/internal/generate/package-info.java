/** Makes ConfigMaps, Secrets and other objects from literals, files and plugin configurations. */
@NullMarked
package io.gitops4j.kustomize.internal.generate;

import org.jspecify.annotations.NullMarked;
