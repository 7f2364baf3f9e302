/**
 * SOPS documents: opening and encrypting values in place, with the MAC checked. Start with
 * {@link io.gitops4j.secrets.sops.Sops}. Source: secrets-dr-security §2.1–§2.5.
 */
@NullMarked
package io.gitops4j.secrets.sops;

import org.jspecify.annotations.NullMarked;
