/**
 * age files: encrypting for recipients and opening with identities, binary or armored. Start with
 * {@link io.gitops4j.secrets.age.Age}. Source: secrets-dr-security §2.6.
 */
@NullMarked
package io.gitops4j.secrets.age;

import org.jspecify.annotations.NullMarked;
