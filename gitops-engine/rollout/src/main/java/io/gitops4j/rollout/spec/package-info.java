/** The Rollout as a typed, immutable value: fields with their defaults, validation with Argo's field paths and messages, and the semantic identity of pod templates. Start reading at {@link io.gitops4j.rollout.spec.RolloutSpec}. */
@NullMarked
package io.gitops4j.rollout.spec;

import org.jspecify.annotations.NullMarked;
