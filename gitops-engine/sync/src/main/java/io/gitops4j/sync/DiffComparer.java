package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.diff.ClientSideApply;
import io.gitops4j.diff.DiffEngine;
import io.gitops4j.diff.DiffResult;
import io.gitops4j.diff.IgnoreRule;
import io.gitops4j.diff.IgnoreRules;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The comparison by schema: strategic three-way merge for built-in kinds, JSON merge for others, with normalisation and the
 * ignore rules of an application.
 */
public final class DiffComparer implements ResourceComparer {
    private static final Pattern BAD_ESCAPE = Pattern.compile("~(?![01])");

    private final DiffEngine engine;
    private final KubernetesSchema builtIn;
    private final IgnoreRules respected;
    private final StructuralComparer fallback = new StructuralComparer();

    private DiffComparer(DiffEngine engine, KubernetesSchema builtIn, IgnoreRules respected) {
        this.engine = engine;
        this.builtIn = builtIn;
        this.respected = respected;
    }

    /** A comparison without ignore rules. */
    public static DiffComparer plain() {
        return new DiffComparer(DiffEngine.plain(), KubernetesSchema.v1_36(), IgnoreRules.none());
    }

    /**
     * The comparison for an application: its {@code ignoreDifferences}, which with {@code RespectIgnoreDifferences=true} are
     * also left alone by an apply. Status is ignored for every kind. Errors are those of the rules, and {@code IGNORE_POINTER}.
     */
    public static Outcome<DiffComparer> of(Application application) {
        List<IgnoreRule> rules = new ArrayList<>();
        rules.add(IgnoreRule.of(JsonObject.builder()
                .put("group", "*")
                .put("kind", "*")
                .put(
                        "jsonPointers",
                        io.gitops4j.json.JsonArray.builder().add("/status").build())
                .build()));
        for (Json entry : application.spec().array("ignoreDifferences")) {
            if (entry instanceof JsonObject rule) {
                for (Json pointer : rule.array("jsonPointers")) {
                    String text = pointer.textOrNull();
                    if (text != null && BAD_ESCAPE.matcher(text).find()) {
                        return Outcome.failed(Problem.error(
                                        "IGNORE_POINTER",
                                        application.qualifiedName()
                                                + ": ignoreDifferences has the pointer " + text
                                                + ", in which '~' is followed by neither 0 nor 1")
                                .at(application.origin().where())
                                .hint("~0 stands for '~', ~1 for '/'"));
                    }
                }
                rules.add(IgnoreRule.of(rule));
            }
        }
        boolean respects = application.syncPolicy().option("RespectIgnoreDifferences", "true");
        return IgnoreRules.compile(rules)
                .map(compiled -> new DiffComparer(
                        DiffEngine.builder().rules(compiled).build(),
                        KubernetesSchema.v1_36(),
                        respects ? compiled : IgnoreRules.none()));
    }

    DiffEngine engine() {
        return engine;
    }

    @Override
    public Comparison compare(JsonObject target, JsonObject live) {
        DiffResult result = engine.diff(target, live).orNull();
        if (result == null) {
            return fallback.compare(target, live);
        }
        List<FieldChange> changes = new ArrayList<>();
        if (result.modified()) {
            StructuralComparer.difference(result.normalizedLive(), result.predictedLive(), JsonPointer.root(), changes);
        }
        return new Comparison(result.modified(), changes);
    }

    @Override
    public JsonObject merge(JsonObject target, JsonObject live) {
        @Nullable SchemaType type = builtIn.kind(target.text("apiVersion", ""), target.text("kind", ""));
        JsonObject wanted =
                ResourceTracking.without(target.without("status"), "annotations", ClientSideApply.LAST_APPLIED);
        if (!respected.isEmpty()) {
            JsonObject kept = respected.respect(wanted, live, type).orNull();
            wanted = kept == null ? wanted : kept;
        }
        ClientSideApply.Request request =
                ClientSideApply.plan(wanted, live, type).orNull();
        if (request == null) {
            return fallback.merge(target, live);
        }
        if (request.action() == ClientSideApply.Action.NONE) {
            return live;
        }
        JsonObject merged = type == null
                ? (JsonObject) JsonMergePatch.apply(live, request.body())
                : StrategicMerge.apply(live, request.body(), type).orNull();
        return merged == null ? fallback.merge(target, live) : merged;
    }
}
