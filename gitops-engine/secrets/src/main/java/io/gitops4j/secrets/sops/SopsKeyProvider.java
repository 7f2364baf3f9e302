package io.gitops4j.secrets.sops;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import java.util.List;

/** Opens data keys wrapped by a key service (KMS, PGP, Vault); age is built in. */
public interface SopsKeyProvider {

    /** The metadata lists that it answers for, such as {@code kms}, {@code hc_vault}, {@code pgp}. */
    List<String> types();

    /** The data key, or the share of one, in an entry of such a list. */
    Outcome<SecretValue> unwrap(String type, JsonObject entry);
}
