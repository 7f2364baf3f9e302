/** Tests of rebuilding from Git. */
@NullMarked
package io.gitops4j.recovery.rebuild;

import org.jspecify.annotations.NullMarked;
