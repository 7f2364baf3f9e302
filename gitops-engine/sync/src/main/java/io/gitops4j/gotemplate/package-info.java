/**
 * Go's {@code text/template} with the functions of Sprig, as ApplicationSets use it, over plain JSON values: parser,
 * interpreter, {@code printf}, functions. What would read the clock, chance, the environment or the network is not there.
 * Start with {@link io.gitops4j.gotemplate.GoTemplate}.
 */
@NullMarked
package io.gitops4j.gotemplate;

import org.jspecify.annotations.NullMarked;
