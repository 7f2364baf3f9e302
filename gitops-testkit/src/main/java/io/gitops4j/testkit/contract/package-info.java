/**
 * Contract kits: abstract JUnit classes that every implementation of an SPI passes, the fakes and the adapters alike. An
 * implementation extends the class and says how to get at an instance.
 */
@NullMarked
package io.gitops4j.testkit.contract;

import org.jspecify.annotations.NullMarked;
