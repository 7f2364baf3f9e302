/**
 * Glob patterns in the three dialects of the GitOps world: {@code gobwas} (projects, sync windows), {@code doublestar}
 * (paths of files) and Go's {@code path.Match} (kinds). All compile to one automaton, so that matching takes time in
 * proportion to pattern × text and never more. Start with {@link io.gitops4j.glob.Glob}.
 */
@NullMarked
package io.gitops4j.glob;

import org.jspecify.annotations.NullMarked;
