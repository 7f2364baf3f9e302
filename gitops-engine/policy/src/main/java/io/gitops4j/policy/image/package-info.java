/**
 * What is known about container images before they run: scan verdicts and signatures, as a gate, as admission and inside policies.
 * Start with {@link io.gitops4j.policy.image.ImageAttestor}; scanning itself is not done here.
 */
@NullMarked
package io.gitops4j.policy.image;

import org.jspecify.annotations.NullMarked;
