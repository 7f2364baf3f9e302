package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** A constraint: where a template applies, with which parameters, and what happens then. Source: rego §2.1, §2.4. */
final class Constraint {
    static final String GROUP = "constraints.gatekeeper.sh";
    private static final List<String> VERSIONS = List.of("v1alpha1", "v1beta1");

    private final JsonObject body;
    private final String kind;
    private final ConstraintMatch match;
    private final Value parametersValue;

    private Constraint(JsonObject body, String kind, ConstraintMatch match) {
        this.body = body;
        this.kind = kind;
        this.match = match;
        this.parametersValue = Value.of(body.object("spec").object("parameters"));
    }

    static boolean isConstraint(JsonObject object) {
        return Gvk.of(object.text("apiVersion", ""), "").group().equals(GROUP);
    }

    /** Problems: {@code CONSTRAINT_INVALID}, {@code CONSTRAINT_SCHEMA}, {@code MATCH_INVALID}. */
    static Outcome<Constraint> parse(JsonObject constraint, ConstraintTemplate template) {
        String name = constraint.object("metadata").text("name", "");
        if (name.isEmpty() || name.length() > 63) {
            return refused(
                    "CONSTRAINT_INVALID", name, "a constraint needs a name of at most 63 characters", "metadata.name");
        }
        JsonObject spec = constraint.object("spec");
        String version = Gvk.of(constraint.text("apiVersion", ""), "").version();
        if (!VERSIONS.contains(version)) {
            return refused(
                    "CONSTRAINT_INVALID",
                    name,
                    "invalid Constraint: unsupported version \"" + version + "\"; supported versions: "
                            + String.join(", ", VERSIONS),
                    "apiVersion");
        }
        Outcome<ConstraintMatch> match = ConstraintMatch.parse(spec.object("match"));
        if (!match.ok()) {
            return Outcome.failed(match.problems());
        }
        List<String> wrong = ConstraintSpec.errors(spec);
        if (!wrong.isEmpty()) {
            return refused(
                    "CONSTRAINT_SCHEMA",
                    name,
                    "schema validation failed: " + String.join(", ", wrong),
                    fieldOf(wrong.get(0)));
        }
        List<String> foreign = ConstraintSpec.unknownFields(spec);
        if (!foreign.isEmpty()) {
            return refused(
                    "CONSTRAINT_INVALID", name, "invalid Constraint: unknown fields: " + foreign, foreign.get(0));
        }
        if (spec.text("enforcementAction", "").equals("scoped") && !spec.has("scopedEnforcementActions")) {
            return refused(
                    "CONSTRAINT_INVALID",
                    name,
                    "missing required field: spec.scopedEnforcementActions must be defined",
                    "spec.enforcementAction");
        }
        Json parameters = spec.get("parameters");
        JsonObject body = constraint;
        if (parameters != null) {
            List<String> unknown = template.schema().unknownFields(parameters, "spec.parameters");
            Json filled = template.schema().withDefaults(parameters);
            List<String> errors = template.schema().errors(filled, "spec.parameters");
            if (!errors.isEmpty()) {
                return refused(
                        "CONSTRAINT_SCHEMA",
                        name,
                        "schema validation failed: " + String.join(", ", errors),
                        fieldOf(errors.get(0)));
            }
            if (!unknown.isEmpty()) {
                return refused("CONSTRAINT_INVALID", name, "unknown fields: " + unknown, unknown.get(0));
            }
            body = constraint.with("spec", spec.with("parameters", filled));
        } else {
            Json filled = template.schema().withDefaults(JsonObject.empty());
            if (!filled.equals(JsonObject.empty())) {
                body = constraint.with("spec", spec.with("parameters", filled));
            }
        }
        JsonObject defaulted = body;
        return match.map(matched -> new Constraint(defaulted, template.kind(), matched));
    }

    private static <T> Outcome<T> refused(String code, String name, String why, String field) {
        return Outcome.failed(
                Problem.error(code, "adding constraint " + name + ": " + why).at(Where.file(field)));
    }

    /** The path that an error of the schema begins with. */
    private static String fieldOf(String error) {
        return error.substring(0, Math.max(0, error.indexOf(": ")));
    }

    /** Whether it says {@code failurePolicy: Ignore}: what cannot be evaluated then warns. Gatekeeper has no such field. */
    boolean ignoresFailures() {
        return ignoresFailures(body);
    }

    /** As {@link #ignoresFailures()}, of any object. */
    static boolean ignoresFailures(JsonObject object) {
        return object.object("spec").text("failurePolicy", "").equals("Ignore");
    }

    String name() {
        return body.object("metadata").text("name", "");
    }

    String kind() {
        return kind;
    }

    JsonObject body() {
        return body;
    }

    JsonObject spec() {
        return body.object("spec");
    }

    ConstraintMatch match() {
        return match;
    }

    Value parametersValue() {
        return parametersValue;
    }

    /** What happens at an enforcement point, most severe first; empty when the constraint does not run there. */
    List<String> actionsAt(String point) {
        String action = spec().text("enforcementAction", "deny");
        if (!action.equals("scoped")) {
            return List.of(action.isEmpty() ? "deny" : action);
        }
        List<String> actions = new ArrayList<>();
        for (Json item : spec().array("scopedEnforcementActions")) {
            if (!(item instanceof JsonObject scoped)) {
                continue;
            }
            for (Json named : scoped.array("enforcementPoints")) {
                String name = named instanceof JsonObject object ? object.text("name", "") : "";
                String scopedAction = scoped.text("action", "");
                if ((name.equals(point) || name.equals("*")) && !actions.contains(scopedAction)) {
                    actions.add(scopedAction);
                }
            }
        }
        return actions;
    }
}
