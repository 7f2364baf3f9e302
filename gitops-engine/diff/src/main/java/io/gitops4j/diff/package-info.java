/**
 * What differs between a target and a live object, and what client-side apply would send. Start with
 * {@link io.gitops4j.diff.ClientSideApply}. Server-side apply is modelled in {@code io.gitops4j.diff.ssa}.
 */
@NullMarked
package io.gitops4j.diff;

import org.jspecify.annotations.NullMarked;
