package io.gitops4j.conformance.argocd;

import io.gitops4j.diff.DiffEngine;
import io.gitops4j.diff.DiffOptions;
import io.gitops4j.diff.DiffResult;
import io.gitops4j.diff.IgnoreRule;
import io.gitops4j.diff.IgnoreRules;
import io.gitops4j.diff.KnownTypes;
import io.gitops4j.diff.ManagedFieldsFilter;
import io.gitops4j.diff.Normalizer;
import io.gitops4j.diff.SecretMask;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import io.gitops4j.sync.ResourceTracking;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Diff, normalisation, ignore rules and masking: {@code diff}, {@code engine-diff}, {@code normalize-*}, {@code secret-mask}. */
public final class DiffFamilies {
    private DiffFamilies() {}

    /** Whether {@link #answer} knows the family. */
    public static boolean knows(String family) {
        return family.equals("diff")
                || family.equals("engine-diff")
                || family.equals("secret-mask")
                || family.startsWith("normalize-");
    }

    /** Our answer to one case. */
    public static Json answer(String family, JsonObject in) {
        return switch (family) {
            case "diff" -> diff(in);
            case "engine-diff" -> engineDiff(in);
            case "secret-mask" -> mask(in);
            case "normalize-ignore" -> ignore(in);
            case "normalize-knowntypes" -> knownTypes(in);
            case "normalize-managedfields" -> managedFields(in);
            case "normalize-builtin" -> builtin(in);
            default -> JsonObject.of("unknownFamily", Json.of(family));
        };
    }

    private static @Nullable JsonObject objectOrNull(JsonObject in, String name) {
        return in.get(name) instanceof JsonObject object ? object : null;
    }

    private static Json orNull(@Nullable JsonObject object) {
        return object == null ? Json.nul() : object;
    }

    private static String text(Outcome<?> outcome) {
        return outcome.problems().get(0).text();
    }

    /** Rules of the application first, then the system-wide ones. */
    private static List<IgnoreRule> rules(JsonObject in) {
        List<IgnoreRule> rules = new ArrayList<>();
        in.array("ignoreDifferences").forEach(item -> {
            if (item instanceof JsonObject entry) {
                rules.add(IgnoreRule.of(entry));
            }
        });
        in.object("overrides").forEach((groupKind, value) -> {
            if (value instanceof JsonObject override) {
                JsonObject entry = override.get("ignoreDifferences") instanceof JsonObject nested ? nested : override;
                rules.add(IgnoreRule.ofOverride(groupKind, entry));
            }
        });
        return rules;
    }

    private static DiffOptions options(JsonObject in) {
        return DiffOptions.defaults()
                .withIgnoreAggregatedRoles(in.bool("ignoreAggregatedRoles", false))
                .withStructuredMerge(in.bool("structuredMergeDiff", false))
                // the reference was recorded without schemas at hand
                .withDeducedTypes(true);
    }

    private static Json diff(JsonObject in) {
        Outcome<IgnoreRules> rules = IgnoreRules.compile(rules(in));
        if (!rules.ok()) {
            return JsonObject.of("configError", Json.of(text(rules)));
        }
        DiffEngine engine = DiffEngine.builder()
                .rules(rules.orThrow())
                .knownTypes(new KnownTypes(KnownTypes.ofOverrides(in.object("overrides"))))
                .options(options(in))
                .build();
        JsonObject target = objectOrNull(in, "target");
        JsonObject live = objectOrNull(in, "live");
        if (target != null && live != null) {
            live = new ResourceTracking(
                            ResourceTracking.Method.of(in.text("trackingMethod", "annotation")),
                            in.text("appLabelKey", ResourceTracking.DEFAULT_LABEL),
                            "")
                    .normalize(target, live);
        }
        Outcome<DiffEngine.Sides> sides = engine.withoutIgnored(target, live);
        if (!sides.ok()) {
            return JsonObject.of("normalizeError", Json.of(text(sides)));
        }
        JsonObject.Builder out = JsonObject.builder()
                .put("live", orNull(sides.orThrow().live()))
                .put("target", orNull(sides.orThrow().target()));
        Outcome<DiffResult> result = engine.diff(target, live);
        if (!result.ok()) {
            return out.put("diffError", text(result)).build();
        }
        return out.put("modified", result.orThrow().modified())
                .put("normalizedLive", orNull(result.orThrow().normalizedLive()))
                .put("predictedLive", orNull(result.orThrow().predictedLive()))
                .build();
    }

    private static Json engineDiff(JsonObject in) {
        DiffEngine engine = DiffEngine.builder().options(options(in)).build();
        Outcome<DiffResult> result = engine.diff(objectOrNull(in, "target"), objectOrNull(in, "live"));
        if (!result.ok()) {
            return JsonObject.of("error", Json.of(text(result)));
        }
        return JsonObject.builder()
                .put("error", Json.nul())
                .put("modified", result.orThrow().modified())
                .put("normalizedLive", orNull(result.orThrow().normalizedLive()))
                .put("predictedLive", orNull(result.orThrow().predictedLive()))
                .build();
    }

    private static Json mask(JsonObject in) {
        Set<String> annotations = new LinkedHashSet<>();
        in.object("hideAnnotations").forEach((name, on) -> {
            if (on.equals(Json.of(true))) {
                annotations.add(name);
            }
        });
        SecretMask.Pair masked = SecretMask.mask(objectOrNull(in, "target"), objectOrNull(in, "live"), annotations);
        return JsonObject.builder()
                .put("error", Json.nul())
                .put("target", orNull(masked.target()))
                .put("live", orNull(masked.live()))
                .build();
    }

    private static Json ignore(JsonObject in) {
        Outcome<IgnoreRules> rules = IgnoreRules.compile(rules(in));
        if (!rules.ok()) {
            return JsonObject.of("configError", Json.of(text(rules)));
        }
        JsonObject object = in.object("object");
        Outcome<JsonObject> after = rules.orThrow().apply(object);
        return after.ok() ? outcome(object, after) : JsonObject.of("error", Json.of(text(after)), "object", Json.nul());
    }

    private static Json outcome(JsonObject before, Outcome<JsonObject> after) {
        return JsonObject.builder()
                .put("error", after.ok() ? Json.nul() : Json.of(text(after)))
                .put("object", after.value().orElse(before))
                .build();
    }

    private static Json knownTypes(JsonObject in) {
        JsonObject object = in.object("object");
        return outcome(object, new KnownTypes(KnownTypes.ofOverrides(in.object("overrides"))).normalize(object));
    }

    private static Json managedFields(JsonObject in) {
        JsonObject live = objectOrNull(in, "live");
        JsonObject target = objectOrNull(in, "target");
        Set<String> managers = new LinkedHashSet<>();
        in.array("managers").forEach(name -> managers.add(String.valueOf(name.textOrNull())));
        if (live == null || target == null || managers.isEmpty()) {
            return JsonObject.builder()
                    .put("error", Json.nul())
                    .put("live", Json.nul())
                    .put("target", Json.nul())
                    .build();
        }
        SchemaType type = in.text("schema", "").equals("builtin")
                ? KubernetesSchema.v1_36().kind(live.text("apiVersion", ""), live.text("kind", ""))
                : null;
        Outcome<ManagedFieldsFilter.Sides> sides = ManagedFieldsFilter.filter(live, target, managers, type);
        if (!sides.ok()) {
            return JsonObject.of("error", Json.of(text(sides)));
        }
        return JsonObject.builder()
                .put("error", Json.nul())
                .put("live", sides.orThrow().live())
                .put("target", sides.orThrow().target())
                .build();
    }

    private static Json builtin(JsonObject in) {
        Normalizer normalizer = new Normalizer(KubernetesSchema.v1_36(), in.bool("ignoreAggregatedRoles", false));
        return JsonObject.of("object", normalizer.byKind(in.object("object")));
    }
}
