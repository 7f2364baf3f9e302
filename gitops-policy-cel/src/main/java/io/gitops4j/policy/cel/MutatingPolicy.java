package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.patch.JsonPatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.policy.cel.expression.CelCompilation;
import io.gitops4j.policy.cel.expression.CelExpression;
import io.gitops4j.policy.cel.expression.CelResult;
import io.gitops4j.policy.cel.expression.CelScope;
import io.gitops4j.policy.cel.expression.CelValues;
import io.gitops4j.policy.cel.expression.CostMeter;
import io.gitops4j.policy.cel.expression.KubernetesCel;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Severity;
import io.gitops4j.problem.Where;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A MutatingAdmissionPolicy: mutations by {@code ApplyConfiguration}, an {@code Object{…}} laid over the object, lists of known
 * kinds merged by their keys; or by {@code JSONPatch}, a list of {@code JSONPatch{op, path, from, value}}.
 *
 * @param name its name
 * @param match what it is about
 * @param paramKind {@code {}} when it takes no parameters
 * @param cel the environment
 * @param conditions all must hold
 * @param variables by name, in order
 * @param mutations in order
 * @param ignoresFailures whether what cannot be evaluated lets pass
 * @param reinvoked whether it runs once more on objects that were changed after it
 * @param problems why it does nothing: errors, or warnings where failures are ignored
 */
record MutatingPolicy(
        String name,
        MatchResources match,
        JsonObject paramKind,
        KubernetesCel cel,
        List<CelExpression> conditions,
        Map<String, CelExpression> variables,
        List<Mutation> mutations,
        boolean ignoresFailures,
        boolean reinvoked,
        List<Problem> problems) {

    /** One mutation. */
    record Mutation(boolean jsonPatch, CelExpression expression) {}

    /** Reads a policy. One that does not compile is one, too, since it must deny. */
    static Outcome<MutatingPolicy> parse(KubernetesCel cel, JsonObject policy) {
        String name = policy.object("metadata").text("name", "");
        JsonObject spec = policy.object("spec");
        boolean ignore = spec.text("failurePolicy", "Fail").equals("Ignore");
        CelCompilation compilation =
                AdmissionPolicies.compilation(cel, spec, true).withObjects();
        List<Problem> found = new ArrayList<>();
        List<CelExpression> conditions = new ArrayList<>();
        Map<String, CelExpression> variables = new LinkedHashMap<>();
        List<Mutation> mutations = new ArrayList<>();
        for (int i = 0; i < spec.array("matchConditions").size(); i++) {
            String text = item(spec, "matchConditions", i).text("expression", "");
            add(compilation.condition(text, "spec.matchConditions[" + i + "].expression"), conditions, found);
        }
        for (int i = 0; i < spec.array("variables").size(); i++) {
            JsonObject item = item(spec, "variables", i);
            Outcome<CelExpression> variable =
                    compilation.compile(item.text("expression", ""), "spec.variables[" + i + "].expression");
            found.addAll(variable.problems());
            variable.value().ifPresent(expression -> {
                variables.put(item.text("name", ""), expression);
                compilation.declare(item.text("name", ""), expression);
            });
        }
        for (int i = 0; i < spec.array("mutations").size(); i++) {
            JsonObject item = item(spec, "mutations", i);
            boolean patch = item.text("patchType", "").equals("JSONPatch");
            String member = patch ? "jsonPatch" : "applyConfiguration";
            Outcome<CelExpression> expression = compilation.compile(
                    item.object(member).text("expression", ""), "spec.mutations[" + i + "]." + member + ".expression");
            found.addAll(expression.problems());
            expression.value().ifPresent(compiled -> mutations.add(new Mutation(patch, compiled)));
        }
        List<Problem> problems = found.stream()
                .map(problem -> new Problem(
                        ignore ? Severity.WARNING : Severity.ERROR,
                        problem.code(),
                        "MutatingAdmissionPolicy " + name + ": " + problem.text(),
                        problem.where(),
                        problem.hint()))
                .toList();
        return MatchResources.parse(spec.object("matchConstraints"), false)
                .map(match -> new MutatingPolicy(
                        name,
                        match,
                        spec.object("paramKind"),
                        cel,
                        conditions,
                        variables,
                        mutations,
                        ignore,
                        spec.text("reinvocationPolicy", "Never").equals("IfNeeded"),
                        problems));
    }

    private static JsonObject item(JsonObject spec, String member, int index) {
        return spec.array(member).get(index) instanceof JsonObject object ? object : JsonObject.empty();
    }

    private static void add(Outcome<CelExpression> compiled, List<CelExpression> to, List<Problem> problems) {
        problems.addAll(compiled.problems());
        compiled.value().ifPresent(to::add);
    }

    /** The object after the mutations. Problem: {@code MUTATION_FAILED}, with Kubernetes' words. */
    Outcome<JsonObject> mutate(AdmissionRequest request, CelScope scope) {
        JsonObject object = request.object();
        if (object == null) {
            return Outcome.of(JsonObject.empty());
        }
        if (!problems.isEmpty()) {
            return failed(problems.get(0).text(), problems.get(0).where().file());
        }
        scope.variables(variables);
        CostMeter meter = cel.meter(CostMeter.PER_POLICY);
        Outcome<JsonObject> unknown = null;
        for (CelExpression condition : conditions) {
            CelResult result = condition.evaluate(scope, meter);
            if (result.failed()) {
                unknown = unknown == null ? failed(inError(condition, result), condition.place()) : unknown;
            } else if (!result.isTrue()) {
                // one that does not hold counts, even after one that cannot be told
                return Outcome.of(object);
            }
        }
        if (unknown != null) {
            return unknown;
        }
        JsonObject current = object;
        for (Mutation mutation : mutations) {
            Outcome<JsonObject> next = apply(mutation, current, scope.root("object", current), meter);
            if (!next.ok()) {
                return next;
            }
            current = next.orThrow();
        }
        return Outcome.of(current);
    }

    private static Outcome<JsonObject> apply(Mutation mutation, JsonObject object, CelScope scope, CostMeter meter) {
        CelResult result = mutation.expression().evaluate(scope, meter);
        Object value = result.value();
        if (value == null) {
            return failed(
                    inError(mutation.expression(), result),
                    mutation.expression().place());
        }
        Json json;
        try {
            json = CelValues.toJson(value);
        } catch (IllegalArgumentException e) {
            return failed(e.getMessage());
        }
        return mutation.jsonPatch() ? patched(object, json) : merged(object, json);
    }

    private static Outcome<JsonObject> patched(JsonObject object, Json patch) {
        if (!(patch instanceof JsonArray operations)) {
            return failed("type mismatch: JSONPatchType.expression should evaluate to array");
        }
        return JsonPatch.parse(operations)
                .then(parsed -> parsed.apply(object))
                .then(after ->
                        after instanceof JsonObject made ? Outcome.of(made) : failed("the patch leaves no object"));
    }

    private static Outcome<JsonObject> merged(JsonObject object, Json configuration) {
        if (!(configuration instanceof JsonObject patch)) {
            return failed("type mismatch: applyConfiguration.expression should evaluate to Object");
        }
        @Nullable
        SchemaType type = KubernetesSchema.v1_36().kind(object.text("apiVersion", ""), object.text("kind", ""));
        if (type != null) {
            return StrategicMerge.apply(object, patch, type);
        }
        return JsonMergePatch.apply(object, patch) instanceof JsonObject made
                ? Outcome.of(made)
                : failed("the configuration leaves no object");
    }

    private static String inError(CelExpression expression, CelResult result) {
        return "expression '" + expression.text() + "' resulted in error: " + result.error();
    }

    private static <T> Outcome<T> failed(@Nullable String why) {
        return failed(why, "");
    }

    /** @param place path of the expression that failed */
    private static <T> Outcome<T> failed(@Nullable String why, String place) {
        return Outcome.failed(
                Problem.error("MUTATION_FAILED", String.valueOf(why)).at(Where.file(place)));
    }
}
