package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import java.security.SecureRandom;
import java.util.List;

/** Writes the data key, whole or in shares, for its recipients. Source: secrets-dr-security §2.3. */
final class KeyWrapping {
    private final List<SopsKeyProvider> providers;

    KeyWrapping(List<SopsKeyProvider> providers) {
        this.providers = providers;
    }

    /** The metadata that hold the key. */
    JsonObject wrap(byte[] dataKey, List<KeyGroup> groups, int threshold, SecureRandom random) {
        if (groups.isEmpty()) {
            throw new Refusal("UNSUPPORTED_RECIPIENT", "there is no recipient");
        }
        if (groups.size() == 1) {
            return wrap(dataKey, groups.get(0));
        }
        int needed = threshold <= 0 ? groups.size() : threshold;
        if (needed < 2 || needed > groups.size() || groups.size() > 255) {
            throw new Refusal(
                    "BAD_THRESHOLD",
                    "of " + groups.size() + " key groups 2 to " + groups.size() + " can be needed, not " + needed);
        }
        List<byte[]> shares = Shamir.split(dataKey, groups.size(), needed, random);
        JsonArray.Builder written = JsonArray.builder();
        for (int i = 0; i < groups.size(); i++) {
            written.add(wrap(shares.get(i), groups.get(i)));
        }
        return JsonObject.builder()
                .put("shamir_threshold", needed)
                .put("key_groups", written.build())
                .build();
    }

    private JsonObject wrap(byte[] key, KeyGroup group) {
        if (group.age().isEmpty() && group.services().isEmpty()) {
            throw new Refusal("UNSUPPORTED_RECIPIENT", "there is no recipient");
        }
        JsonObject out = JsonObject.empty();
        for (KeyGroup.Service service : group.services()) {
            out = out.with(service.type(), out.array(service.type()).appended(wrap(key, service)));
        }
        JsonArray.Builder age = JsonArray.builder();
        for (String recipient : group.age()) {
            String enc = value(Age.encryptArmored(SecretValue.of(key), List.of(recipient)));
            age.add(JsonObject.builder()
                    .put("recipient", recipient)
                    .put("enc", enc)
                    .build());
        }
        return group.age().isEmpty() ? out : out.with("age", age.build());
    }

    private Json wrap(byte[] key, KeyGroup.Service service) {
        for (SopsKeyProvider provider : providers) {
            if (provider.types().contains(service.type())) {
                return value(provider.wrap(service.type(), service.entry(), SecretValue.of(key)));
            }
        }
        throw new Refusal("UNSUPPORTED_RECIPIENT", "there is no key provider for " + service.type());
    }

    private static <T> T value(Outcome<T> outcome) {
        T value = outcome.orNull();
        if (value == null) {
            Problem problem = outcome.errors().get(0);
            throw new Refusal(problem.code(), problem.text());
        }
        return value;
    }
}
