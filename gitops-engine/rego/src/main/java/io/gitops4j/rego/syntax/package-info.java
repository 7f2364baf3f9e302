/**
 * Text to tree: a hand-written lexer and recursive-descent parser for Rego v0 and v1. Start with
 * {@link io.gitops4j.rego.syntax.Parser}. What a tree means is not decided here.
 */
@NullMarked
package io.gitops4j.rego.syntax;

import org.jspecify.annotations.NullMarked;
