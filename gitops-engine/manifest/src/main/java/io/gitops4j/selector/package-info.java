/**
 * Label and field selectors: text as kubectl writes it, LabelSelector objects as manifests hold them, and whether an object
 * matches. Start with {@link io.gitops4j.selector.LabelSelector}.
 */
@NullMarked
package io.gitops4j.selector;

import org.jspecify.annotations.NullMarked;
