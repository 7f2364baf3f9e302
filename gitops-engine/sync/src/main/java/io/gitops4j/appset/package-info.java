/**
 * What ApplicationSets generate: parameter sets out of generators ({@link io.gitops4j.appset.ApplicationSetGenerator}),
 * Applications out of a template ({@link io.gitops4j.appset.TemplateRenderer}), what a policy lets happen to those that are
 * there, and the steps of a rolling sync ({@link io.gitops4j.appset.RollingSync}). Sources are read through
 * {@link io.gitops4j.appset.GeneratorSources}; nothing here reaches out by itself.
 */
@NullMarked
package io.gitops4j.appset;

import org.jspecify.annotations.NullMarked;
