/**
 * Which applications a change of files concerns: by the annotation {@code manifest-generate-paths}, or by the files that the
 * last render read. Start with {@link io.gitops4j.changed.ChangedPaths}.
 */
@NullMarked
package io.gitops4j.changed;

import org.jspecify.annotations.NullMarked;
