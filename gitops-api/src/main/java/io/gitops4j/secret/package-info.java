/** Values that must not be shown. Nothing here prints, compares in variable time, or serialises its content. */
@NullMarked
package io.gitops4j.secret;

import org.jspecify.annotations.NullMarked;
