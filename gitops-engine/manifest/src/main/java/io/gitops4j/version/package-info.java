/**
 * Versions and version constraints as Git tags, charts and target revisions use them. Start with
 * {@link io.gitops4j.version.SemverConstraint}; {@link io.gitops4j.version.TagSelection} picks the tag that a target
 * revision means.
 */
@NullMarked
package io.gitops4j.version;

import org.jspecify.annotations.NullMarked;
