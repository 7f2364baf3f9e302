/**
 * The facade: one object that renders, plans, syncs and watches Applications. Start with {@link io.gitops4j.engine.GitOps}.
 * The work itself is done by the engines, each of which can be used alone.
 */
@NullMarked
package io.gitops4j.engine;

import org.jspecify.annotations.NullMarked;
