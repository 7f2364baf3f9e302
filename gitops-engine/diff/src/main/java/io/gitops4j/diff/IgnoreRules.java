package io.gitops4j.diff;

import io.gitops4j.diff.jq.JqPaths;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.patch.ThreeWayMergePatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ignore rules, compiled once and applied to many objects. Immutable. */
public final class IgnoreRules {
    private static final IgnoreRules NONE = new IgnoreRules(List.of(), List.of());

    private final List<Compiled> places;
    private final List<IgnoreRule> rules;

    private IgnoreRules(List<Compiled> places, List<IgnoreRule> rules) {
        this.places = places;
        this.rules = rules;
    }

    /** No rules. */
    public static IgnoreRules none() {
        return NONE;
    }

    /** Compiles rules whose path expressions are jq; {@code IGNORE_RULE} names an expression that cannot be read. */
    public static Outcome<IgnoreRules> compile(List<IgnoreRule> rules) {
        return compile(rules, new JqPaths());
    }

    /** Compiles rules with another language of path expressions. */
    public static Outcome<IgnoreRules> compile(List<IgnoreRule> rules, PathExpressions language) {
        List<Compiled> places = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (IgnoreRule rule : rules) {
            for (String pointer : rule.jsonPointers()) {
                places.add(new Compiled(rule, pointer, tokens(pointer), null));
            }
            for (String expression : rule.jqPathExpressions()) {
                Outcome<PathExpressions.PathExpression> compiled = language.compile(expression);
                if (compiled.ok()) {
                    places.add(new Compiled(rule, expression, List.of(), compiled.orThrow()));
                } else {
                    problems.add(Problem.error(
                            "IGNORE_RULE",
                            expression + ": " + compiled.problems().get(0).text()));
                }
            }
        }
        return problems.isEmpty()
                ? Outcome.of(new IgnoreRules(List.copyOf(places), List.copyOf(rules)))
                : Outcome.failed(problems);
    }

    /** The tokens of a pointer; what stands before the first slash means nothing. */
    private static List<String> tokens(String pointer) {
        List<String> tokens = new ArrayList<>();
        String[] parts = pointer.split("/", -1);
        for (int i = 1; i < parts.length; i++) {
            tokens.add(parts[i].replace("~1", "/").replace("~0", "~"));
        }
        return List.copyOf(tokens);
    }

    /**
     * A place that a rule names.
     *
     * @param rule the rule
     * @param text the pointer or expression as written
     * @param tokens tokens of a pointer
     * @param expression the expression, {@code null} for a pointer
     */
    record Compiled(
            IgnoreRule rule, String text, List<String> tokens, PathExpressions.@Nullable PathExpression expression) {

        /** The object without the place. An expression that fails on the object changes nothing. */
        Json apply(Json object) {
            if (expression == null) {
                return tokens.isEmpty() ? object : without(object, 0);
            }
            return expression.delete(object).value().orElse(object);
        }

        private Json without(Json value, int depth) {
            String token = tokens.get(depth);
            boolean last = depth == tokens.size() - 1;
            if (value instanceof JsonObject object) {
                Json child = object.get(token);
                if (child == null) {
                    return value;
                }
                return last ? object.without(token) : object.with(token, without(child, depth + 1));
            }
            if (value instanceof JsonArray array) {
                int index = index(token, array.size());
                if (index < 0) {
                    return value;
                }
                return last ? array.without(index) : array.with(index, without(array.get(index), depth + 1));
            }
            return value;
        }

        private static int index(String token, int size) {
            if (!token.matches("-?[0-9]{1,9}")) {
                return -1;
            }
            int index = Integer.parseInt(token);
            int at = index < 0 ? index + size : index;
            return at >= 0 && at < size ? at : -1;
        }
    }

    /** Whether there is no rule. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** The rules. */
    public List<IgnoreRule> rules() {
        return rules;
    }

    /** The managers whose fields are ignored in this object, in the order of the rules. */
    public Set<String> managers(JsonObject object) {
        Set<String> managers = new LinkedHashSet<>();
        for (IgnoreRule rule : rules) {
            if (!rule.managedFieldsManagers().isEmpty() && rule.matches(object)) {
                managers.addAll(rule.managedFieldsManagers());
            }
        }
        return Collections.unmodifiableSet(managers);
    }

    /** The places that rules name in this object. */
    List<Compiled> placesIn(JsonObject object) {
        List<Compiled> matching = null;
        for (Compiled place : places) {
            if (place.rule().matches(object)) {
                matching = matching == null ? new ArrayList<>() : matching;
                matching.add(place);
            }
        }
        return matching == null ? List.of() : Collections.unmodifiableList(matching);
    }

    /** The object without the places that rules name; {@code IGNORE_RULE} when an expression leaves no object over. */
    public Outcome<JsonObject> apply(JsonObject object) {
        Json out = object;
        for (Compiled place : placesIn(object)) {
            out = place.apply(out);
        }
        if (out instanceof JsonObject left && left.text("kind") != null) {
            return Outcome.of(left);
        }
        if (out == object) {
            return Outcome.of(object);
        }
        return Outcome.failed(Problem.error("IGNORE_RULE", "Object 'Kind' is missing in '" + out + "'"));
    }

    /**
     * The target with the ignored places as they are live, for syncs that respect ignored differences: what others own keeps
     * their value.
     *
     * @param type type of a built-in kind, {@code null} for a custom resource
     */
    public Outcome<JsonObject> respect(JsonObject target, JsonObject live, @Nullable SchemaType type) {
        JsonObject plainLive = live;
        JsonObject plainTarget = target;
        Set<String> managers = managers(target);
        if (!managers.isEmpty()) {
            ManagedFieldsFilter.Sides sides =
                    ManagedFieldsFilter.filter(live, target, managers, type).orNull();
            if (sides != null) {
                plainLive = sides.live();
                plainTarget = sides.target();
            }
        }
        Outcome<JsonObject> normalLive = apply(plainLive);
        Outcome<JsonObject> normalTarget = apply(plainTarget);
        if (!normalLive.ok() || !normalTarget.ok()) {
            return normalLive.ok() ? normalTarget : normalLive;
        }
        JsonObject from = normalLive.orThrow();
        if (type != null) {
            return StrategicMerge.twoWay(from, live, type)
                    .then(patch -> StrategicMerge.apply(normalTarget.orThrow(), patch, type));
        }
        return ThreeWayMergePatch.create(from, live, from)
                .map(patch -> (JsonObject) JsonMergePatch.apply(normalTarget.orThrow(), patch));
    }
}
