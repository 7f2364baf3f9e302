/**
 * The functions that Kubernetes adds to CEL, and those of CEL's extensions that {@code dev.cel} lacks or binds differently. A
 * class a library; each one hands its functions to a {@link io.gitops4j.policy.cel.library.FunctionTable}.
 */
@NullMarked
package io.gitops4j.policy.cel.library;

import org.jspecify.annotations.NullMarked;
