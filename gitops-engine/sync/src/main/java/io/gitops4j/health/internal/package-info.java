/**
 * The rule language: expressions over an object, message templates, and the lines of a rule. Start at
 * {@link io.gitops4j.health.internal.RuleParser}; nothing here is API.
 */
@NullMarked
package io.gitops4j.health.internal;

import org.jspecify.annotations.NullMarked;
