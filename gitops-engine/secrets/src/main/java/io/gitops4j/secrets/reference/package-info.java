/**
 * Manifests that only refer to secrets: placeholders in any object, ExternalSecrets with their stores, and CSI provider
 * classes. Where the values come from is a {@link io.gitops4j.spi.SecretResolver}; a folder of files and an environment file
 * are built in, and nothing here opens a connection. Start with {@link io.gitops4j.secrets.reference.SecretReferences}.
 * Source: secrets-dr-security §3.
 */
@NullMarked
package io.gitops4j.secrets.reference;

import org.jspecify.annotations.NullMarked;
