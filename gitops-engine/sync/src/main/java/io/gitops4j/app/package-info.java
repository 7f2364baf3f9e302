/**
 * Argo CD's own kinds as values: {@link io.gitops4j.app.Application}, {@link io.gitops4j.app.AppProject} and
 * {@link io.gitops4j.app.ApplicationSet}, read from and written back to the object exactly as it was, with typed accessors
 * over it. Fields that the kinds do not have are warnings, fields of a wrong type are errors. What the values mean to a sync
 * is in {@code io.gitops4j.sync}, {@code io.gitops4j.project} and {@code io.gitops4j.appset}.
 */
@NullMarked
package io.gitops4j.app;

import org.jspecify.annotations.NullMarked;
