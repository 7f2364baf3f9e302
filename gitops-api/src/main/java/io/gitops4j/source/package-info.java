/** Files of a repository at one revision, as values: {@link io.gitops4j.source.SourceTree}. */
@NullMarked
package io.gitops4j.source;

import org.jspecify.annotations.NullMarked;
