/**
 * What a project permits: repositories, destinations, kinds, and when a sync may run. Start with
 * {@link io.gitops4j.project.NamePatterns}.
 */
@NullMarked
package io.gitops4j.project;

import org.jspecify.annotations.NullMarked;
