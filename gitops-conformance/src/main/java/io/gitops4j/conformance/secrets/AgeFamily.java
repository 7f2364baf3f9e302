package io.gitops4j.conformance.secrets;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** age files. */
public final class AgeFamily extends VectorFile {

    /** The family over the age section of {@code age_vectors.json}. */
    public AgeFamily() {
        super("age", "age_vectors.json");
    }

    @Override
    List<Answer> answers(JsonObject vectors) {
        Map<String, AgeIdentity> identities = identities(vectors);
        List<Answer> answers = new ArrayList<>();
        for (JsonObject identity : section(vectors, "identities")) {
            String recipient = named(identities, identity.text("id", "")).recipient();
            answers.add(new Answer(
                    identity.text("id", ""), Json.of(recipient), recipient.equals(identity.text("recipient"))));
        }
        for (JsonObject file : section(vectors, "age")) {
            String text = file.text("file");
            Bytes content =
                    text == null ? Bytes.of(Base64.getDecoder().decode(file.text("fileB64", ""))) : Bytes.utf8(text);
            Outcome<SecretValue> opened = Age.decrypt(content, chosen(file, identities));
            Json out = Json.of(opened.value()
                    .map(v -> Base64.getEncoder().encodeToString(v.reveal()))
                    .orElseGet(() -> code(opened)));
            answers.add(new Answer(file.text("id", ""), out, out.equals(file.get("plaintextB64"))));
        }
        return answers;
    }

    static Map<String, AgeIdentity> identities(JsonObject vectors) {
        Map<String, AgeIdentity> identities = new LinkedHashMap<>();
        for (JsonObject identity : section(vectors, "identities")) {
            identities.put(
                    identity.text("id", ""),
                    AgeIdentity.parse(identity.text("secret", "")).orThrow());
        }
        return identities;
    }

    static List<AgeIdentity> chosen(JsonObject vector, Map<String, AgeIdentity> identities) {
        List<AgeIdentity> chosen = new ArrayList<>();
        vector.array("identities").forEach(id -> chosen.add(named(identities, id.textOrNull())));
        return chosen;
    }
}
