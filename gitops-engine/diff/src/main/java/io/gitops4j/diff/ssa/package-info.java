/**
 * Server-side apply as an API server does it, on values: typed objects, field sets, ownership. Start with
 * {@link io.gitops4j.diff.ssa.ServerSideApply} (apply and update of whole objects with their {@code managedFields});
 * {@link io.gitops4j.diff.ssa.TypedValue} holds the structured-merge operations, {@link io.gitops4j.diff.ssa.FieldSet} the
 * sets of paths and their {@code FieldsV1} form, {@link io.gitops4j.diff.ssa.Updater} the rules of ownership alone. No
 * defaulting, validation or storage of objects.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-Side Apply</a>
 */
@NullMarked
package io.gitops4j.diff.ssa;

import org.jspecify.annotations.NullMarked;
