/** The transformers, each a small class that changes the resources of a map by the configuration it was made with. */
@NullMarked
package io.gitops4j.kustomize.internal.transform;

import org.jspecify.annotations.NullMarked;
