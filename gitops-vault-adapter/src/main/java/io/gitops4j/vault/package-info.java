/**
 * Secrets from a server that speaks the key-value API of Vault. The HTTP lives here, outside of the core. Start with
 * {@link io.gitops4j.vault.VaultSecrets}.
 */
@NullMarked
package io.gitops4j.vault;

import org.jspecify.annotations.NullMarked;
