/**
 * The conformance program: runs public suites, kept as data outside the project, over the engines. Start with
 * {@link io.gitops4j.conformance.Conformance}; a family is a {@link io.gitops4j.conformance.Family}, listed in
 * {@link io.gitops4j.conformance.Families}.
 */
@NullMarked
package io.gitops4j.conformance;

import org.jspecify.annotations.NullMarked;
