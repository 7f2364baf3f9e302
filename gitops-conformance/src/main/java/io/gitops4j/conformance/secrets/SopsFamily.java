package io.gitops4j.conformance.secrets;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** SOPS documents, good and bad. */
public final class SopsFamily extends VectorFile {

    /** The family over the SOPS sections of {@code age_vectors.json}. */
    public SopsFamily() {
        super("sops", "age_vectors.json");
    }

    @Override
    List<Answer> answers(JsonObject vectors) {
        Map<String, AgeIdentity> identities = AgeFamily.identities(vectors);
        List<Answer> answers = new ArrayList<>();
        for (JsonObject document : section(vectors, "sops")) {
            Outcome<SecretValue> opened = open(document, identities);
            Json out = opened.value()
                    .map(v -> JsonReader.parse(v.revealUtf8()).orThrow())
                    .orElseGet(() -> Json.of(code(opened)));
            answers.add(new Answer(document.text("id", ""), out, out.equals(document.get("plain"))));
        }
        for (JsonObject negative : section(vectors, "sopsNegative")) {
            String code = code(open(negative, identities));
            answers.add(new Answer(negative.text("id", ""), Json.of(code), code.equals(negative.text("expect"))));
        }
        return answers;
    }

    private static Outcome<SecretValue> open(JsonObject vector, Map<String, AgeIdentity> identities) {
        String file = "document." + vector.text("format", "json");
        return Sops.withIdentities(AgeFamily.chosen(vector, identities))
                .decrypt(file, Bytes.utf8(vector.text("encrypted", "")));
    }
}
