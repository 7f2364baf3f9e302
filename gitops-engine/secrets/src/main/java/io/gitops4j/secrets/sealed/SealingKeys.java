package io.gitops4j.secrets.sealed;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The keys that may open a value, newest first. A Secret that holds no usable key is left out and reported. */
public final class SealingKeys {
    private final List<SealingKey> keys;
    private final List<Problem> problems;

    private SealingKeys(List<SealingKey> keys, List<Problem> problems) {
        this.keys = keys;
        this.problems = problems;
    }

    /** These keys. */
    public static SealingKeys of(List<SealingKey> keys) {
        List<SealingKey> sorted = new ArrayList<>(keys);
        sorted.sort(Comparator.comparing(SealingKey::notBefore).reversed().thenComparing(SealingKey::fingerprint));
        return new SealingKeys(List.copyOf(sorted), List.of());
    }

    /** The keys in Secrets and Lists of Secrets; every label counts, so that retired keys still open. */
    public static SealingKeys fromObjects(List<? extends Json> objects) {
        List<SealingKey> keys = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Json object : objects) {
            collect(object, keys, problems);
        }
        return new SealingKeys(of(keys).keys, List.copyOf(problems));
    }

    private static void collect(Json value, List<SealingKey> keys, List<Problem> problems) {
        if (!(value instanceof JsonObject object)) {
            return;
        }
        if (object.text("kind", "").endsWith("List")) {
            object.array("items").forEach(item -> collect(item, keys, problems));
        } else if ("Secret".equals(object.text("kind"))) {
            SealingKey.fromSecret(object)
                    .value()
                    .ifPresentOrElse(
                            keys::add,
                            () -> problems.addAll(SealingKey.fromSecret(object).problems().stream()
                                    .map(p -> Problem.warning(p.code(), p.text()))
                                    .toList()));
        }
    }

    /** The keys, newest certificate first. */
    public List<SealingKey> keys() {
        return keys;
    }

    /** What was left out, as warnings. */
    public List<Problem> problems() {
        return problems;
    }

    /** The key to seal with: the newest. */
    public Optional<SealingKey> newest() {
        return keys.stream().findFirst();
    }

    List<PrivateKey> privateKeys() {
        return keys.stream().map(SealingKey::privateKey).toList();
    }
}
