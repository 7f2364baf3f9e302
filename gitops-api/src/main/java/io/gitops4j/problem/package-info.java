/**
 * What is wrong with an input, as a value: {@link io.gitops4j.problem.Problem}, carried by
 * {@link io.gitops4j.problem.Outcome}. {@link io.gitops4j.problem.Limits} holds every bound of the library.
 */
@NullMarked
package io.gitops4j.problem;

import org.jspecify.annotations.NullMarked;
