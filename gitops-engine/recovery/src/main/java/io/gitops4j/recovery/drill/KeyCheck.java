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

    /** {@code NO_KEY}, or what else is wrong with it, for every item of a SealedSecret that does not open; names, no values. */
    List<Problem> check(JsonObject object) {
        if (keys.isEmpty() || !object.text("kind", "").equals("SealedSecret")) {
            return List.of();
        }
        JsonObject metadata = object.object("metadata");
        String name = "SealedSecret " + metadata.text("namespace", "") + "/" + metadata.text("name", "");
        return sealed.validate(object, keys.get()).stream()
                .map(problem -> Problem.error(problem.code(), name + " does not open: " + problem.text()))
                .toList();
    }

    /** {@code NO_KEY} for every file that does not open, with the recipients that it names. */
    List<Problem> check(Map<String, Bytes> encrypted) {
        List<Problem> problems = new ArrayList<>();
        files.ifPresent(decryptor -> encrypted.forEach((path, content) -> {
            if (decryptor.recognises(path, content)) {
                decryptor
                        .decrypt(path, content)
                        .errors()
                        .forEach(problem -> problems.add(Problem.error(
                                problem.code().equals("NO_IDENTITY") ? "NO_KEY" : problem.code(),
                                path + " does not open: " + problem.text())));
            }
        }));
        return problems;
    }
}
