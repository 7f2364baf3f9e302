/**
 * Rego on the JVM: {@link io.gitops4j.rego.Rego#compile} makes a {@link io.gitops4j.rego.CompiledRego} from modules; its queries are
 * prepared once and evaluated many times, by several threads at once. Bundles, test rules and the host's own builtins are here too. What
 * lies below: {@code ast} and {@code syntax} (text to tree), {@code check} (resolution, safety, types), {@code eval} (evaluation),
 * {@code value} and {@code builtin}.
 */
@NullMarked
package io.gitops4j.rego;

import org.jspecify.annotations.NullMarked;
