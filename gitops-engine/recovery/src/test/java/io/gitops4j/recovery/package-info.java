/** Tests of recovery: the acceptance scenarios DR01–DR40 of secrets-dr-security §4.7 and what they need. */
@NullMarked
package io.gitops4j.recovery;

import org.jspecify.annotations.NullMarked;
