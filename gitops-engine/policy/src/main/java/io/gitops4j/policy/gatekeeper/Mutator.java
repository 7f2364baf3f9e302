package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One mutator, parsed: whom it concerns, where it writes, on which conditions, and what. Source: rego §2.6. */
final class Mutator {
    static final String GROUP = "mutations.gatekeeper.sh";
    private static final List<String> KINDS = List.of("Assign", "AssignImage", "AssignMetadata", "ModifySet");

    private final JsonObject body;
    private final ConstraintMatch match;
    private final MutationPath location;
    private final Map<Integer, Boolean> mustExist;

    private Mutator(JsonObject body, ConstraintMatch match, MutationPath location, Map<Integer, Boolean> mustExist) {
        this.body = body;
        this.match = match;
        this.location = location;
        this.mustExist = mustExist;
    }

    static boolean isMutator(JsonObject object) {
        return Gvk.of(object.text("apiVersion", ""), "").group().equals(GROUP)
                && KINDS.contains(object.text("kind", ""));
    }

    /** Problem: {@code MUTATOR_INVALID}. */
    static Outcome<Mutator> parse(JsonObject body) {
        JsonObject spec = body.object("spec");
        Outcome<ConstraintMatch> match = ConstraintMatch.parse(spec.object("match"));
        Outcome<MutationPath> location = MutationPath.parse(spec.text("location", ""));
        List<String> reasons = new ArrayList<>();
        match.errors().forEach(problem -> reasons.add(problem.text()));
        location.errors().forEach(problem -> reasons.add(problem.text()));
        if (body.object("metadata").text("name", "").isEmpty()) {
            reasons.add("it has no metadata.name");
        }
        MutationPath path = location.orNull();
        ConstraintMatch parsedMatch = match.orNull();
        if (path == null || parsedMatch == null) {
            return refused(body, reasons);
        }
        Map<Integer, Boolean> tests = pathTests(spec, path, reasons);
        Mutator mutator = new Mutator(body, parsedMatch, path, tests);
        reasons.addAll(MutatorRules.refusals(mutator));
        return reasons.isEmpty() ? Outcome.of(mutator) : refused(body, reasons);
    }

    private static Outcome<Mutator> refused(JsonObject body, List<String> reasons) {
        return Outcome.failed(Problem.error(
                "MUTATOR_INVALID",
                body.text("kind", "") + " " + body.object("metadata").text("name", "") + ": "
                        + String.join("; ", reasons)));
    }

    private static Map<Integer, Boolean> pathTests(JsonObject spec, MutationPath path, List<String> reasons) {
        Map<Integer, Boolean> tests = new LinkedHashMap<>();
        for (Json item : spec.object("parameters").array("pathTests")) {
            JsonObject test = item instanceof JsonObject object ? object : JsonObject.empty();
            String condition = test.text("condition", "");
            Outcome<MutationPath> sub = MutationPath.parse(test.text("subPath", ""));
            MutationPath subPath = sub.orNull();
            if (subPath == null) {
                reasons.add("pathTests: " + sub.errors().get(0).text());
            } else if (!path.startsWith(subPath)) {
                reasons.add("pathTests: subPath " + subPath + " is no beginning of the location " + path);
            } else if (!condition.equals("MustExist") && !condition.equals("MustNotExist")) {
                reasons.add("pathTests: condition \"" + condition + "\" is neither MustExist nor MustNotExist");
            } else {
                Boolean before = tests.put(subPath.size(), condition.equals("MustExist"));
                if (before != null && before != condition.equals("MustExist")) {
                    reasons.add("pathTests: " + subPath + " must exist and must not exist");
                }
            }
        }
        return tests;
    }

    String kind() {
        return body.text("kind", "");
    }

    String name() {
        return body.object("metadata").text("name", "");
    }

    /** {@code Assign/name}: mutators go in the order of these. */
    String id() {
        return kind() + "/" + name();
    }

    JsonObject spec() {
        return body.object("spec");
    }

    JsonObject parameters() {
        return spec().object("parameters");
    }

    MutationPath location() {
        return location;
    }

    /** The kinds of {@code applyTo}, each group with each version with each kind. */
    List<Gvk> targets() {
        List<Gvk> targets = new ArrayList<>();
        for (Json item : spec().array("applyTo")) {
            JsonObject entry = item instanceof JsonObject object ? object : JsonObject.empty();
            for (Json group : entry.array("groups")) {
                for (Json version : entry.array("versions")) {
                    for (Json kind : entry.array("kinds")) {
                        targets.add(new Gvk(text(group), text(version), text(kind)));
                    }
                }
            }
        }
        return targets;
    }

    private static String text(Json json) {
        String text = json.textOrNull();
        return text == null ? "" : text;
    }

    /** Whether the object is concerned, or why that cannot be told. */
    ConstraintMatch.Verdict concerns(Review review) {
        Gvk gvk = Gvk.of(review.object().text("apiVersion", ""), review.object().text("kind", ""));
        return kind().equals("AssignMetadata") || targets().contains(gvk)
                ? match.matches(review)
                : new ConstraintMatch.Verdict(false, null);
    }

    /** The object after this mutator. Throws {@link Clash} where the object has another shape than the location. */
    JsonObject mutate(JsonObject object) throws Clash {
        Json changed = walk(object, 0, object);
        return changed instanceof JsonObject out ? out : object;
    }

    /** A location that does not fit an object. */
    static final class Clash extends Exception {
        Clash(String message) {
            super(message);
        }
    }

    private boolean allows(int depth, boolean exists) {
        Boolean wanted = mustExist.get(depth);
        return wanted == null || wanted == exists;
    }

    /** What stands at a place after the mutation, {@code null} for nothing; {@code depth} nodes lead there. */
    private @Nullable Json walk(@Nullable Json current, int depth, JsonObject whole) throws Clash {
        if (depth > 0 && !allows(depth, current != null)) {
            return current;
        }
        if (depth == location.size()) {
            return MutatorRules.written(this, current, whole);
        }
        if (location.nodes().get(depth) instanceof MutationPath.Item item) {
            return items(item, current, depth, whole);
        }
        MutationPath.Member member = (MutationPath.Member) location.nodes().get(depth);
        boolean missing = current == null || current.equals(Json.nul());
        if (!missing && !(current instanceof JsonObject)) {
            throw clash(depth, "an object");
        }
        JsonObject object = current instanceof JsonObject known ? known : JsonObject.empty();
        Json before = object.get(member.name());
        Json after = walk(before, depth + 1, whole);
        if (after == null || after == before) {
            return current;
        }
        return object.with(member.name(), after);
    }

    private @Nullable Json items(MutationPath.Item item, @Nullable Json current, int depth, JsonObject whole)
            throws Clash {
        boolean missing = current == null || current.equals(Json.nul());
        if (!missing && !(current instanceof JsonArray)) {
            throw clash(depth, "a list");
        }
        JsonArray list = current instanceof JsonArray known ? known : JsonArray.empty();
        JsonArray out = list;
        boolean found = false;
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof JsonObject entry)) {
                throw clash(depth, "a list of objects");
            }
            if (item.all() || item.value().equals(plain(entry.get(item.key())))) {
                found = true;
                Json after = walk(entry, depth + 1, whole);
                out = after == null || after == entry ? out : out.with(i, after);
            }
        }
        if (!found && !item.all()) {
            Json added = walk(null, depth + 1, whole);
            if (added != null) {
                JsonObject made = added instanceof JsonObject object ? object : JsonObject.empty();
                made = made.has(item.key()) ? made : made.with(item.key(), item.value());
                out = out.appended(made);
            }
        }
        return out == list ? current : out;
    }

    private static String plain(@Nullable Json json) {
        return json == null ? "" : json.textOrNull() == null ? json.toJson() : String.valueOf(json.textOrNull());
    }

    private Clash clash(int depth, String what) {
        return new Clash(id() + ": " + new MutationPath(location.nodes().subList(0, depth)) + " is not " + what
                + " as the location " + location + " wants");
    }
}
