/**
 * SealedSecrets: sealing for a cluster's certificate and opening with its keys, offline. Start with
 * {@link io.gitops4j.secrets.sealed.SealedSecrets}. Source: secrets-dr-security §1.
 */
@NullMarked
package io.gitops4j.secrets.sealed;

import org.jspecify.annotations.NullMarked;
