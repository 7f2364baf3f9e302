/** The engine below the public package; nothing here is for callers. Start with the target of a build in {@code build}. */
@NullMarked
package io.gitops4j.kustomize.internal;

import org.jspecify.annotations.NullMarked;
