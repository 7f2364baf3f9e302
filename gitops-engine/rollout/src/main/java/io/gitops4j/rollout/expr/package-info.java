/** The expression language of success and failure conditions: parser, compiled immutable nodes, builtin functions. Start reading at {@link io.gitops4j.rollout.expr.Expression}. */
@NullMarked
package io.gitops4j.rollout.expr;

import org.jspecify.annotations.NullMarked;
