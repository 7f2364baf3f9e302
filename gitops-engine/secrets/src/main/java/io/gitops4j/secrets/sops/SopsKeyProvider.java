package io.gitops4j.secrets.sops;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import java.util.List;

/** Opens and makes data keys wrapped by a key service (KMS, PGP, Vault); age is built in. */
public interface SopsKeyProvider {

    /** The metadata lists that it answers for, such as {@code kms}, {@code hc_vault}, {@code pgp}. */
    List<String> types();

    /** The data key, or the share of one, in an entry of such a list. */
    Outcome<SecretValue> unwrap(String type, JsonObject entry);

    /**
     * The entry with {@code key} wrapped in its {@code enc}. Problem: {@code UNSUPPORTED_RECIPIENT}, which is also what a
     * provider that only opens answers.
     *
     * @param entry which key of the service is meant, such as {@code {arn}} or {@code {fp}}
     */
    default Outcome<JsonObject> wrap(String type, JsonObject entry, SecretValue key) {
        return Outcome.failed(Problem.error("UNSUPPORTED_RECIPIENT", "keys of " + type + " can be opened, not made"));
    }
}
