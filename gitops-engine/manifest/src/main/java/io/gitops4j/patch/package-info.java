/**
 * Patches that need no schema: JSON patch (RFC 6902) and JSON merge patch (RFC 7386). Start with
 * {@link io.gitops4j.patch.JsonPatch}.
 */
@NullMarked
package io.gitops4j.patch;

import org.jspecify.annotations.NullMarked;
