package io.gitops4j.engine;

import io.gitops4j.diff.SecretMask;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows a gate the values of Secrets masked, so that no rule can put them into its words. Other objects that opened values went
 * into are judged as they are, and the gate's words about them are not passed on. Source: secrets-dr-security §3.
 */
final class RedactedGate implements PlanGate {
    /** Shorter values stand in every word. */
    private static final int TELLING = 6;

    private final PlanGate gate;

    RedactedGate(PlanGate gate) {
        this.gate = gate;
    }

    @Override
    public String name() {
        return gate.name();
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Manifest> masked = new ArrayList<>();
        for (Manifest manifest : desired.manifests()) {
            masked.add(
                    SecretMask.isSecret(manifest.body())
                            ? manifest.withBody(SecretMask.mask(manifest.body()))
                            : manifest);
        }
        List<Manifest> tainted = desired.manifests().stream()
                .filter(manifest -> manifest.holdsSecrets() && !SecretMask.isSecret(manifest.body()))
                .toList();
        List<Problem> problems = gate.review(ManifestSet.of(masked).value().orElse(desired));
        return tainted.isEmpty()
                ? problems
                : problems.stream().map(problem -> silenced(problem, tainted)).toList();
    }

    private static Problem silenced(Problem problem, List<Manifest> tainted) {
        for (Manifest manifest : tainted) {
            String key = manifest.key().toString();
            boolean about = problem.where().file().equals(manifest.origin().file())
                    || problem.text().contains(key)
                    || quotes(problem.text() + problem.hint(), manifest.body());
            if (about) {
                int end =
                        problem.text().startsWith(key + ": [") ? problem.text().indexOf("] ") + 2 : 0;
                Where where = problem.where();
                return new Problem(
                        problem.severity(),
                        problem.code(),
                        (end < 2 ? key + ": " : problem.text().substring(0, end))
                                + "is violated; the words are not shown, since opened values are in the object",
                        Where.at(where.file(), where.line(), where.column()),
                        "");
            }
        }
        return problem;
    }

    /** Whether the words hold a value of the object, other than what names it. */
    private static boolean quotes(String words, Json value) {
        if (value instanceof JsonObject object) {
            for (String key : object.keys()) {
                Json member = object.get(key);
                boolean names = List.of("apiVersion", "kind", "metadata").contains(key);
                if (!names && member != null && quotes(words, member)) {
                    return true;
                }
            }
            return false;
        }
        if (value instanceof JsonArray array) {
            return array.items().stream().anyMatch(item -> quotes(words, item));
        }
        String text = value.textOrNull();
        return text != null && text.strip().length() >= TELLING && words.contains(text.strip());
    }
}
