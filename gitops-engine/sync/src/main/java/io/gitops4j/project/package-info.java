/**
 * What a project permits: repositories, destinations and kinds ({@link io.gitops4j.project.ProjectRules}), and when a sync
 * may run ({@link io.gitops4j.project.SyncWindows}). Asked when a plan is made and again at every write.
 */
@NullMarked
package io.gitops4j.project;

import org.jspecify.annotations.NullMarked;
