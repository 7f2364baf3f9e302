/**
 * Signatures of commits and tags, OpenPGP and SSH, judged by keys that come from configuration and never from the repository.
 * Start with {@link io.gitops4j.git.signature.TrustedKeys}.
 */
@NullMarked
package io.gitops4j.git.signature;

import org.jspecify.annotations.NullMarked;
