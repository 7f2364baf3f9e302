/**
 * What a kind's fields are: types, list keys, atomic parts, merge strategies. One model serves strategic merge patch,
 * server-side apply and normalisation. Start with {@link io.gitops4j.schema.KubernetesSchema} for built-in kinds,
 * {@link io.gitops4j.schema.OpenApiSchema} for custom resources and OpenAPI documents, and
 * {@link io.gitops4j.schema.StructuredMergeSchema} for the server's own schema text; all give a
 * {@link io.gitops4j.schema.SchemaType}. Patching lives elsewhere.
 */
@NullMarked
package io.gitops4j.schema;

import org.jspecify.annotations.NullMarked;
