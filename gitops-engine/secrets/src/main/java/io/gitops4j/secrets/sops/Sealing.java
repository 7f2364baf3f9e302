package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the encrypted form of one clear file.
 *
 * @param keys the metadata that hold the data key
 * @param before encrypted forms to take again for equal values
 */
record Sealing(
        String path,
        byte[] dataKey,
        JsonObject keys,
        Sops.Encryption how,
        SealedBefore before,
        SecureRandom random,
        Limits limits) {

    Outcome<String> seal(SecretValue clear) {
        if (clear.length() > limits.fileBytes()) {
            return Outcome.failed(Sops.tooLarge(path, limits));
        }
        SopsFormat format = SopsFormat.ofName(path);
        String text = clear.revealUtf8();
        if (format == SopsFormat.BINARY) {
            JsonObject wrapped = JsonObject.of("data", Json.of(text));
            return sealed(List.of(wrapped), format, null).map(documents -> SopsText.write(documents, format));
        }
        return SopsText.read(path, text, format, limits).then(documents -> inPlace(text, documents, format));
    }

    private Outcome<String> inPlace(String text, List<JsonObject> documents, SopsFormat format) {
        List<List<String>> comments = null;
        if (how.rule().byComment() && format == SopsFormat.YAML) {
            comments = YamlInPlace.commentsOfLeaves(text, documents).orElse(null);
        }
        Iterator<List<String>> over = comments == null ? null : comments.iterator();
        Outcome<List<JsonObject>> sealed = sealed(documents, format, over);
        List<JsonObject> after = sealed.orNull();
        if (after == null) {
            return Outcome.failed(sealed.problems());
        }
        Comments sealing = SopsComments.sealing(new SopsCipher(dataKey), how.rule(), before, random);
        Optional<String> written = SopsText.rewrite(text, documents, after, format, sealing, limits);
        return written.map(Outcome::of).orElseGet(() -> anew(documents, format));
    }

    /** The MAC depends on the order of keys, so that the order as written is the one that is hashed. */
    private Outcome<String> anew(List<JsonObject> documents, SopsFormat format) {
        return SopsText.read(path, SopsText.write(documents, format), format, limits)
                .then(ordered -> sealed(ordered, format, null))
                .map(after -> SopsText.write(after, format));
    }

    private Outcome<List<JsonObject>> sealed(
            List<JsonObject> documents, SopsFormat format, @Nullable Iterator<List<String>> comments) {
        if (documents.stream().anyMatch(d -> d.has("sops"))) {
            return Outcome.failed(Problem.error("ALREADY_ENCRYPTED", "the document has sops metadata already"));
        }
        CryptRule rule = how.rule();
        if (rule.byComment() && comments == null) {
            return Outcome.failed(Problem.error(
                            "COMMENT_RULE", "the comments of " + format + " text of this form cannot be followed")
                    .hint("write plain YAML without anchors and tags, or use encrypted_regex or encrypted_suffix"));
        }
        try {
            SopsCipher cipher = new SopsCipher(dataKey);
            SopsTree tree = new SopsTree(rule, how.macOnlyEncrypted(), comments);
            List<JsonObject> sealed = new ArrayList<>();
            for (JsonObject document : documents) {
                sealed.add(tree.walk(document, (value, aad, where) -> {
                    String known = before.value(aad, value);
                    return new SopsTree.Changed(
                            value, Json.of(known != null ? known : cipher.encrypt(value, aad, random)));
                }));
            }
            sealed.set(0, sealed.get(0).with("sops", metadata(cipher, tree.mac())));
            return Outcome.of(List.copyOf(sealed));
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem());
        }
    }

    private JsonObject metadata(SopsCipher cipher, String mac) {
        String modified = how.now().truncatedTo(ChronoUnit.SECONDS).toString();
        JsonObject.Builder metadata = keys.toBuilder()
                .put("lastmodified", modified)
                .put("mac", cipher.encrypt(Json.of(mac), modified, random));
        if (how.macOnlyEncrypted()) {
            metadata.put("mac_only_encrypted", true);
        }
        return metadata.put(how.rule().field(), how.rule().text())
                .put("version", Sops.VERSION)
                .build();
    }
}
