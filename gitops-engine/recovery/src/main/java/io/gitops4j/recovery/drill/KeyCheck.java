package io.gitops4j.recovery.drill;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKeys;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.SecretDecryptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether what is encrypted in Git and in a cluster opens with the keys that would be there after a disaster. */
public final class KeyCheck {
    private final SealedSecrets sealed;
    private final Optional<SealingKeys> keys;
    private final Optional<SecretDecryptor> files;

    private KeyCheck(SealedSecrets sealed, Optional<SealingKeys> keys, Optional<SecretDecryptor> files) {
        this.sealed = sealed;
        this.keys = keys;
        this.files = files;
    }

    /** Checks nothing. */
    public static KeyCheck none() {
        return new KeyCheck(SealedSecrets.plain(), Optional.empty(), Optional.empty());
    }

    /** A copy that opens every SealedSecret with these keys. */
    public KeyCheck sealedBy(SealedSecrets opener, SealingKeys sealingKeys) {
        return new KeyCheck(opener, Optional.of(sealingKeys), files);
    }

    /** A copy that opens every encrypted file. */
    public KeyCheck files(SecretDecryptor decryptor) {
        return new KeyCheck(sealed, keys, Optional.of(decryptor));
    }

    /** {@code NO_KEY} for an object that does not open; never more than its name. */
    Optional<Problem> check(JsonObject object) {
        if (keys.isEmpty() || !object.text("kind", "").equals("SealedSecret")) {
            return Optional.empty();
        }
        JsonObject metadata = object.object("metadata");
        return sealed.validate(object, keys.get()).isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.error(
                        "NO_KEY",
                        "SealedSecret " + metadata.text("namespace", "") + "/" + metadata.text("name", "")
                                + " does not open"));
    }

    /** {@code NO_KEY} for every file that does not open. */
    List<Problem> check(Map<String, Bytes> encrypted) {
        List<Problem> problems = new ArrayList<>();
        files.ifPresent(decryptor -> encrypted.forEach((path, content) -> {
            if (decryptor.recognises(path, content)
                    && !decryptor.decrypt(path, content).ok()) {
                problems.add(Problem.error("NO_KEY", path + " does not open"));
            }
        }));
        return problems;
    }
}
