package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.AdmissionHook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gatekeeper's mutators: {@code Assign}, {@code AssignImage}, {@code AssignMetadata} and {@code ModifySet}. They run in the order of
 * their ids (kind, then name), again and again until nothing changes. Changes objects before a plan, and writes as mutating
 * admission. Immutable.
 *
 * <p>Source: rego §2.6.
 */
public final class Mutation implements AdmissionHook {
    private final List<Mutator> mutators;
    private final List<Problem> problems;
    private final Map<String, JsonObject> namespaces;
    private final String assumedNamespace;
    private final boolean reinvoked;

    private Mutation(Builder builder) {
        List<Mutator> all = new ArrayList<>(builder.mutators.keySet());
        all.sort(Comparator.comparing(Mutator::kind).thenComparing(Mutator::name));
        problems = new ArrayList<>(builder.problems);
        Set<Mutator> off = conflicts(all, builder.mutators, problems);
        all.removeAll(off);
        mutators = List.copyOf(all);
        namespaces = new LinkedHashMap<>(builder.namespaces);
        assumedNamespace = builder.assumedNamespace;
        reinvoked = builder.reinvoked;
    }

    /** Begins without mutators. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether an object is a mutator. */
    public static boolean isMutator(JsonObject object) {
        return Mutator.isMutator(object);
    }

    /**
     * Mutators that were refused: {@code MUTATOR_INVALID}, {@code MUTATOR_DUPLICATE}, and {@code MUTATOR_CONFLICT} for those that
     * disagree about the shape of objects, which are all off.
     */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** How many mutators run. */
    public int size() {
        return mutators.size();
    }

    /**
     * An object after all mutators; the same when nothing changes. Problems: {@code MUTATION_FAILED} (a location does not fit the
     * object, or a match cannot be told) and {@code MUTATION_DIVERGES} (still changing after one round more than there are mutators).
     */
    public Outcome<JsonObject> mutate(JsonObject object) {
        return mutate(object, false);
    }

    /** As {@link #mutate(JsonObject)}; {@code generated} says that the object comes of an expansion. */
    Outcome<JsonObject> mutate(JsonObject object, boolean generated) {
        JsonObject current = object;
        for (int round = 0; round <= mutators.size(); round++) {
            JsonObject before = current;
            for (Mutator mutator : mutators) {
                ConstraintMatch.Verdict verdict = mutator.concerns(review(current, generated));
                if (verdict.error() != null) {
                    return failed("MUTATION_FAILED", mutator.id() + ": " + verdict.error());
                }
                if (verdict.matches()) {
                    try {
                        current = mutator.mutate(current);
                    } catch (Mutator.Clash e) {
                        return failed("MUTATION_FAILED", String.valueOf(e.getMessage()));
                    }
                }
            }
            if (current.equals(before)) {
                return Outcome.of(round == 0 ? object : current);
            }
        }
        return failed(
                "MUTATION_DIVERGES",
                "mutation not converging after " + (mutators.size() + 1) + " rounds of "
                        + String.join(", ", mutators.stream().map(Mutator::id).toList()));
    }

    private static Outcome<JsonObject> failed(String code, String why) {
        return Outcome.failed(Problem.error(code, why));
    }

    private io.gitops4j.policy.gatekeeper.Review review(JsonObject object, boolean generated) {
        String namespace = object.object("metadata").text("namespace", "");
        return io.gitops4j.policy.gatekeeper.Review.ofObject(
                        object, namespaces.get(namespace.isEmpty() ? assumedNamespace : namespace), generated)
                .assuming(assumedNamespace);
    }

    /**
     * All objects after all mutators, in their order, with the mutation in their origin. Mutators that were refused fail this as
     * well: a policy that cannot be evaluated must not let anything pass.
     */
    public Outcome<ManifestSet> mutate(ManifestSet objects) {
        List<Problem> failures = new ArrayList<>(problems);
        List<Manifest> out = new ArrayList<>();
        for (Manifest manifest : objects) {
            Outcome<JsonObject> mutated = mutate(manifest.body());
            JsonObject body = mutated.orNull();
            if (body == null) {
                for (Problem problem : mutated.problems()) {
                    failures.add(Problem.error(problem.code(), manifest.key() + ": " + problem.text())
                            .at(manifest.origin().where()));
                }
            } else {
                out.add(
                        body.equals(manifest.body())
                                ? manifest
                                : manifest.withBody(body)
                                        .withOrigin(manifest.origin().through("gatekeeper mutation")));
            }
        }
        return failures.isEmpty() ? ManifestSet.of(out) : Outcome.failed(failures);
    }

    @Override
    public boolean reinvoked() {
        return reinvoked;
    }

    /** Mutates what is created or updated; deletes and subresources pass untouched, failures are denials. */
    @Override
    public Review review(Request request) {
        JsonObject object = request.object();
        boolean writes =
                request.operation().equals("CREATE") || request.operation().equals("UPDATE");
        if (object == null || !writes || !request.subresource().isEmpty()) {
            return Review.allowed();
        }
        List<String> denials = new ArrayList<>();
        problems.forEach(problem -> denials.add(problem.text()));
        Outcome<JsonObject> mutated = mutate(object);
        mutated.problems().forEach(problem -> denials.add(problem.text()));
        Optional<JsonObject> changed = mutated.value().filter(body -> !body.equals(object));
        return new Review(denials, List.of(), denials.isEmpty() ? changed : Optional.empty());
    }

    /** The mutators that imply different shapes of one place of one kind. */
    private static Set<Mutator> conflicts(List<Mutator> all, Map<Mutator, Where> places, List<Problem> problems) {
        Map<String, Map<String, Set<Mutator>>> shapes = new TreeMap<>();
        for (Mutator mutator : all) {
            for (Gvk gvk : mutator.kind().equals("AssignMetadata") ? List.<Gvk>of() : mutator.targets()) {
                StringBuilder path = new StringBuilder(gvk.apiVersion() + " " + gvk.kind() + " ");
                for (int depth = 0; depth <= mutator.location().size(); depth++) {
                    String type = shape(mutator, depth);
                    if (!type.isEmpty()) {
                        shapes.computeIfAbsent(path.toString(), p -> new TreeMap<>())
                                .computeIfAbsent(type, t -> new LinkedHashSet<>())
                                .add(mutator);
                    }
                    if (depth < mutator.location().size()) {
                        MutationPath.Node node = mutator.location().nodes().get(depth);
                        path.append(node instanceof MutationPath.Member member ? "." + member.name() : "[]");
                    }
                }
            }
        }
        Set<Mutator> off = new LinkedHashSet<>();
        shapes.forEach((path, types) -> {
            if (types.size() > 1) {
                report(path, types, places, problems);
                types.values().forEach(off::addAll);
            }
        });
        return off;
    }

    private static String shape(Mutator mutator, int depth) {
        if (depth == mutator.location().size()) {
            return MutatorRules.leafType(mutator);
        }
        return mutator.location().nodes().get(depth) instanceof MutationPath.Item item
                ? "a list by " + item.key()
                : "an object";
    }

    private static void report(
            String path, Map<String, Set<Mutator>> types, Map<Mutator, Where> places, List<Problem> problems) {
        List<String> sides = new ArrayList<>();
        @Nullable Where where = null;
        for (Map.Entry<String, Set<Mutator>> side : types.entrySet()) {
            List<String> named = new ArrayList<>();
            for (Mutator mutator : side.getValue()) {
                Where place = places.getOrDefault(mutator, Where.nowhere());
                named.add(mutator.id() + (place.file().isEmpty() ? "" : " (" + place.place() + ")"));
                where = where == null ? place : where;
            }
            sides.add(side.getKey() + " for " + String.join(", ", named));
        }
        problems.add(Problem.error("MUTATOR_CONFLICT", path + " is " + String.join(" and ", sides))
                .at(where == null ? Where.nowhere() : where)
                .hint("all of them are off until they agree"));
    }

    /** Collects mutators and Namespaces. */
    public static final class Builder {
        private final Map<Mutator, Where> mutators = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, JsonObject> namespaces = new LinkedHashMap<>();
        private String assumedNamespace = "";
        private boolean reinvoked;

        private Builder() {}

        /** Adds a mutator of a file; a Namespace is kept for namespace selectors, any other object is left out. */
        public Builder add(Manifest manifest) {
            return add(manifest.body(), manifest.origin().where());
        }

        /** Adds a mutator of no known place, as {@link #add(Manifest)} does. */
        public Builder add(JsonObject object) {
            return add(object, Where.nowhere());
        }

        private Builder add(JsonObject object, Where place) {
            if (object.text("kind", "").equals("Namespace")
                    && object.text("apiVersion", "").equals("v1")) {
                namespaces.put(object.object("metadata").text("name", ""), object);
            }
            if (!Mutator.isMutator(object)) {
                return this;
            }
            Outcome<Mutator> parsed = Mutator.parse(object);
            parsed.problems().forEach(problem -> problems.add(problem.at(place)));
            parsed.value().ifPresent(mutator -> {
                if (mutators.keySet().stream().anyMatch(known -> known.id().equals(mutator.id()))) {
                    problems.add(Problem.error("MUTATOR_DUPLICATE", "two mutators are called " + mutator.id())
                            .at(place));
                } else {
                    mutators.put(mutator, place);
                }
            });
            return this;
        }

        /** The namespace that objects without one count as being in; default none, so that they count as cluster-scoped. */
        public Builder assumeNamespace(String namespace) {
            assumedNamespace = namespace;
            return this;
        }

        /** Whether admission asks again when a later hook has changed the object; default no, as in Gatekeeper's own webhook. */
        public Builder reinvoked(boolean ifNeeded) {
            reinvoked = ifNeeded;
            return this;
        }

        /** The mutation. */
        public Mutation build() {
            return new Mutation(this);
        }
    }
}
