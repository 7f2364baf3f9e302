package io.gitops4j.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.spec.BlueGreenStrategy;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.TemplateIdentity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Labels and annotations that pods have for their role, and anti-affinity between revisions. Source: Rollouts §1.2. */
final class Metadata {
    private Metadata() {}

    /** Puts the role's metadata on the new and the stable ReplicaSet and takes it off all others. */
    static void follow(Pass pass) {
        boolean settled =
                pass.before.stableRS().isEmpty() || pass.before.stableRS().equals(pass.newHash);
        for (Observation.ReplicaSet rs : pass.all) {
            JsonObject wanted = null;
            if (rs == pass.newRS) {
                wanted = settled ? stable(pass) : fresh(pass);
            } else if (rs == pass.stableRS) {
                wanted = stable(pass);
            }
            JsonObject has = null;
            for (Observation.Ephemeral known : pass.seen.extras().ephemeral()) {
                has = known.hash().equals(rs.hash()) ? known.metadata() : has;
            }
            JsonObject wantedOrNone = wanted == null || wanted.isEmpty() ? null : wanted;
            JsonObject hasOrNone = has == null || has.isEmpty() ? null : has;
            if (!Objects.equals(wantedOrNone, hasOrNone)) {
                pass.actions.add(new Action.SetEphemeralMetadata(rs.hash(), wantedOrNone));
            }
        }
    }

    private static @Nullable JsonObject stable(Pass pass) {
        CanaryStrategy canary = pass.spec.canary();
        BlueGreenStrategy blueGreen = pass.spec.blueGreen();
        return canary != null ? canary.stableMetadata() : blueGreen == null ? null : blueGreen.activeMetadata();
    }

    private static @Nullable JsonObject fresh(Pass pass) {
        CanaryStrategy canary = pass.spec.canary();
        BlueGreenStrategy blueGreen = pass.spec.blueGreen();
        if (canary != null) {
            return canary.canaryMetadata();
        }
        if (blueGreen == null) {
            return null;
        }
        return pass.before.activeSelector().equals(pass.newHash)
                ? blueGreen.activeMetadata()
                : blueGreen.previewMetadata();
    }

    /** The template of the new ReplicaSet, kept away from the pods of the stable one where the strategy says so. */
    static JsonObject template(Pass pass) {
        JsonObject template = pass.spec.template();
        JsonObject strategy = pass.spec.canary() != null
                ? pass.spec.canary().body()
                : pass.spec.blueGreen() == null
                        ? JsonObject.empty()
                        : pass.spec.blueGreen().body();
        JsonObject rule = strategy.object("antiAffinity");
        if (rule.isEmpty() || pass.before.stableRS().isEmpty()) {
            return template;
        }
        JsonObject other = JsonObject.builder()
                .put("key", TemplateIdentity.HASH_LABEL)
                .put("operator", "In")
                .put("values", JsonArray.of(Json.of(pass.before.stableRS())))
                .build();
        JsonObject term = JsonObject.of(
                "labelSelector",
                JsonObject.of("matchExpressions", JsonArray.of(other)),
                "topologyKey",
                Json.of("kubernetes.io/hostname"));
        String required = "requiredDuringSchedulingIgnoredDuringExecution";
        String preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        boolean hard = rule.has(required);
        String key = hard ? required : preferred;
        Json entry = hard
                ? term
                : JsonObject.of(
                        "weight",
                        Json.of(Fields.integer(rule.object(preferred), "weight", 1)),
                        "podAffinityTerm",
                        term);
        JsonObject spec = template.object("spec");
        JsonObject affinity = spec.object("affinity");
        JsonObject anti = affinity.object("podAntiAffinity");
        JsonObject added = anti.with(key, anti.array(key).appended(entry));
        return template.with("spec", spec.with("affinity", affinity.with("podAntiAffinity", added)));
    }
}
