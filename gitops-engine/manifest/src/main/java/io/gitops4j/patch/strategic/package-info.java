/**
 * Strategic merge patch: the patch of built-in kinds that knows which lists merge by which key. Start with
 * {@link io.gitops4j.patch.strategic.StrategicMerge}; the schema comes from {@code io.gitops4j.schema}.
 */
@NullMarked
package io.gitops4j.patch.strategic;

import org.jspecify.annotations.NullMarked;
