/**
 * The values of Rego: null, booleans, exact numbers, strings in code-point order, arrays, objects with any key, and sets. They are
 * immutable and totally ordered as OPA orders them. Documents given as {@link io.gitops4j.json.Json} are wrapped, not copied. Start
 * reading at {@link io.gitops4j.rego.value.Value}.
 */
@NullMarked
package io.gitops4j.rego.value;

import org.jspecify.annotations.NullMarked;
