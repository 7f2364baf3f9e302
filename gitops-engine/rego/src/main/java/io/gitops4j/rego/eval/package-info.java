/**
 * The evaluator: checked modules become a tree of nodes ({@link io.gitops4j.rego.eval.ProgramCompiler}) in which every variable is a slot
 * of a frame and every expression knows at compile time what it binds. Evaluation is top-down and lazy: a statement node runs the next
 * one for each of its solutions. Results of rules and functions are kept for the length of a query.
 */
@NullMarked
package io.gitops4j.rego.eval;

import org.jspecify.annotations.NullMarked;
