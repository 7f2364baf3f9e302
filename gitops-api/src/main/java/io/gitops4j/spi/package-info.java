/**
 * Where the outside world is plugged in, split by capability. An SPI is handed to a builder or found by
 * {@link java.util.ServiceLoader}; the explicit one wins; two of one name are an error. Abilities are added as default
 * methods.
 */
@NullMarked
package io.gitops4j.spi;

import org.jspecify.annotations.NullMarked;
