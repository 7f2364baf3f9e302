/**
 * The part of jq that path expressions use: paths, filters, variables, functions, updates, with a bound on steps. Start with
 * {@link io.gitops4j.diff.jq.JqPaths}. Not here: input and output, modules, dates, SQL.
 *
 * @see <a href="https://jqlang.org/manual/">jq manual</a>
 */
@NullMarked
package io.gitops4j.diff.jq;

import org.jspecify.annotations.NullMarked;
