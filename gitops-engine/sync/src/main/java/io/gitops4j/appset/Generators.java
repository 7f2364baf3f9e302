package io.gitops4j.appset;

import io.gitops4j.app.Destination;
import io.gitops4j.appset.GeneratorSources.ClusterEntry;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.gotemplate.DnsName;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns generators into parameter sets. */
final class Generators {
    private static final int MAX_DEPTH = 2;
    private static final List<String> EXTERNAL =
            List.of("scmProvider", "pullRequest", "clusterDecisionResource", "plugin");

    /** The parameter sets of one generator and its own template. */
    record Produced(List<JsonObject> parameters, JsonObject template) {}

    private final GeneratorSources sources;
    private final TemplateRenderer renderer;
    private final boolean go;
    private final int mostSets;
    private final Set<JsonObject> texts;

    /**
     * Generators over what is given.
     *
     * @param texts where the mappings go whose values are texts by their type, by identity
     * @param mostSets parameter sets that one generator may give
     */
    Generators(GeneratorSources sources, TemplateRenderer renderer, Set<JsonObject> texts, int mostSets) {
        this.texts = texts;
        this.mostSets = mostSets;
        this.sources = sources;
        this.renderer = renderer;
        this.go = renderer.go();
    }

    /** Every generator of an entry, filtered by its selector; errors go to {@code problems}. */
    List<Produced> all(JsonObject entry, List<Problem> problems) {
        List<Produced> produced = new ArrayList<>();
        for (String type : entry.keys()) {
            if (!type.equals("selector") && entry.get(type) instanceof JsonObject body) {
                try {
                    List<JsonObject> sets = selected(parameters(type, body, JsonObject.empty(), 0), entry);
                    produced.add(new Produced(sets, body.object("template")));
                } catch (ProblemException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        return produced;
    }

    private static ProblemException failure(String text) {
        return new ProblemException(List.of(Problem.error("APPSET_GENERATOR", text)));
    }

    private static <T> T value(Outcome<T> outcome, String what) {
        T value = outcome.orNull();
        if (value == null) {
            throw failure(what + ": " + outcome.problems().get(0).text());
        }
        return value;
    }

    private List<JsonObject> selected(List<JsonObject> sets, JsonObject entry) {
        if (!(entry.get("selector") instanceof JsonObject selector)) {
            return sets;
        }
        LabelSelector labels = value(LabelSelector.of(selector), "the generator's selector");
        return sets.stream()
                .filter(set -> labels.matches(go ? Parameters.flat(set) : set))
                .toList();
    }

    private List<JsonObject> parameters(String type, JsonObject body, JsonObject outer, int depth) {
        List<JsonObject> sets = switch (type) {
            case "list" -> list(body, outer);
            case "clusters" -> clusters(body);
            case "git" -> git(body);
            case "matrix" -> matrix(body, depth);
            case "merge" -> merge(body, depth);
            default -> {
                if (!EXTERNAL.contains(type)) {
                    throw failure("unknown generator " + type);
                }
                yield external(type, body);
            }
        };
        if (sets.size() > mostSets) {
            throw tooMany(type);
        }
        return sets;
    }

    private ProblemException tooMany(String type) {
        return new ProblemException(List.of(Problem.error(
                        "GENERATOR_LIMIT", "generator " + type + " gives more than " + mostSets + " parameter sets")
                .hint("split the set, or raise Limits.parameterSets when this is meant")));
    }

    private List<JsonObject> external(String type, JsonObject body) {
        ExternalGenerators plugged = sources.externals();
        if (plugged == null) {
            return value(sources.external(type, body), "generator " + type);
        }
        return plugged.parameters(type, body, go, sources.clusters()).orThrow().stream()
                .map(set -> withValues(body, set))
                .toList();
    }

    // ---- list

    private List<JsonObject> list(JsonObject body, JsonObject outer) {
        List<JsonObject> sets = new ArrayList<>();
        for (Json item : body.array("elements")) {
            if (!(item instanceof JsonObject element)) {
                throw failure("an element of a list generator is no mapping");
            }
            sets.add(go ? element : flatElement(element));
        }
        String yaml = body.text("elementsYaml", "");
        if (!yaml.isEmpty()) {
            String text = outer.isEmpty() ? yaml : value(renderer.text(yaml, outer), "elementsYaml");
            Json value = value(YamlReader.kubectl().read("elementsYaml", text), "elementsYaml");
            if (!(value instanceof JsonArray array)) {
                throw failure("elementsYaml is no list");
            }
            for (Json item : array) {
                if (!(item instanceof JsonObject element)) {
                    throw failure("an element of elementsYaml is no mapping");
                }
                sets.add(element);
            }
        }
        return sets;
    }

    private static JsonObject flatElement(JsonObject element) {
        JsonObject.Builder out = JsonObject.builder();
        element.forEach((key, value) -> {
            if (key.equals("values")) {
                if (!(value instanceof JsonObject values)) {
                    throw failure("values of an element of a list generator are no mapping: " + value.toJson());
                }
                values.forEach((name, inner) -> out.put("values." + name, text(inner)));
            } else {
                out.put(key, text(value));
            }
        });
        return out.build();
    }

    private static String text(Json value) {
        String text = value.textOrNull();
        if (text == null) {
            throw failure("a value of a list generator is no string: " + value.toJson());
        }
        return text;
    }

    // ---- clusters

    private List<JsonObject> clusters(JsonObject body) {
        JsonObject selector = body.object("selector");
        LabelSelector labels = value(LabelSelector.of(selector), "the cluster generator's selector");
        boolean all = selector.object("matchLabels").isEmpty()
                && selector.array("matchExpressions").isEmpty();
        Map<String, ClusterEntry> byName = new java.util.TreeMap<>();
        for (ClusterEntry cluster : sources.clusters()) {
            if (labels.matches(cluster.labels())) {
                byName.put(cluster.name(), cluster);
            }
        }
        boolean localKnown =
                sources.clusters().stream().anyMatch(c -> c.server().equals(Destination.IN_CLUSTER));
        if (all && !localKnown) {
            byName.put(
                    "in-cluster",
                    new ClusterEntry("in-cluster", Destination.IN_CLUSTER, "", JsonObject.empty(), JsonObject.empty()));
        }
        List<JsonObject> sets = new ArrayList<>();
        for (ClusterEntry cluster : byName.values()) {
            sets.add(withValues(body, clusterSet(cluster)));
        }
        if (body.bool("flatList", false)) {
            return List.of(JsonObject.of("clusters", JsonArray.of(sets)));
        }
        return sets;
    }

    private JsonObject clusterSet(ClusterEntry cluster) {
        JsonObject.Builder set = JsonObject.builder()
                .put("name", cluster.name())
                .put("nameNormalized", DnsName.normalize(cluster.name()))
                .put("server", cluster.server())
                .put("project", cluster.project());
        if (go) {
            JsonObject.Builder metadata = JsonObject.builder();
            if (!cluster.annotations().isEmpty()) {
                texts.add(cluster.annotations());
                metadata.put("annotations", cluster.annotations());
            }
            if (!cluster.labels().isEmpty()) {
                texts.add(cluster.labels());
                metadata.put("labels", cluster.labels());
            }
            return set.put("metadata", metadata.build()).build();
        }
        cluster.annotations().forEach((key, value) -> set.put("metadata.annotations." + key, value));
        cluster.labels().forEach((key, value) -> set.put("metadata.labels." + key, value));
        return set.build();
    }

    /** The set with the generator's own values, which may use the parameters of the set. */
    private JsonObject withValues(JsonObject body, JsonObject set) {
        if (!(body.get("values") instanceof JsonObject values)) {
            return set;
        }
        JsonObject.Builder filled = JsonObject.builder();
        values.forEach((key, value) -> {
            String text = value.textOrNull();
            filled.put(
                    go ? key : "values." + key, text == null ? "" : value(renderer.text(text, set), "values." + key));
        });
        JsonObject done = filled.build();
        if (!done.isEmpty()) {
            texts.add(done);
        }
        return Parameters.merged(set, go ? JsonObject.of("values", done) : done);
    }

    // ---- git

    private List<JsonObject> git(JsonObject body) {
        return new GitGenerator(sources, renderer, body)
                .parameters().stream().map(set -> withValues(body, set)).toList();
    }

    // ---- matrix and merge

    private List<JsonObject> child(JsonObject entry, JsonObject outer, int depth) {
        if (depth >= MAX_DEPTH) {
            throw failure("matrix and merge generators nest once and no deeper");
        }
        List<JsonObject> sets = new ArrayList<>();
        int types = 0;
        for (String type : entry.keys()) {
            if (type.equals("selector") || !(entry.get(type) instanceof JsonObject body)) {
                continue;
            }
            types++;
            JsonObject filled = outer.isEmpty() ? body : filled(type, body, outer);
            sets.addAll(parameters(type, filled, outer, depth + 1));
        }
        if (types != 1) {
            throw failure("a child of a matrix or merge generator is one generator, this has " + types);
        }
        return selected(sets, outer.isEmpty() ? entry : (JsonObject) value(renderer.tree(entry, outer), "selector"));
    }

    /** The generator with the parameters of the first child filled in, but for texts that it fills in itself. */
    private JsonObject filled(String type, JsonObject body, JsonObject outer) {
        JsonObject own = body.without("template").without("elementsYaml");
        if (type.equals("git") || type.equals("clusters") || EXTERNAL.contains(type)) {
            own = own.without("values");
        }
        JsonObject filled = (JsonObject) value(renderer.tree(own, outer), "a child generator");
        for (String kept : List.of("template", "elementsYaml", "values")) {
            Json value = body.get(kept);
            if (value != null && !filled.has(kept)) {
                filled = filled.with(kept, value);
            }
        }
        return filled;
    }

    private static List<JsonObject> children(JsonObject body) {
        List<JsonObject> children = new ArrayList<>();
        body.array("generators").forEach(item -> {
            if (item instanceof JsonObject child) {
                children.add(child);
            }
        });
        return children;
    }

    private List<JsonObject> matrix(JsonObject body, int depth) {
        List<JsonObject> children = children(body);
        if (children.size() != 2) {
            throw failure("a matrix generator has two children, this has " + children.size());
        }
        List<JsonObject> product = new ArrayList<>();
        for (JsonObject first : child(children.get(0), JsonObject.empty(), depth)) {
            for (JsonObject second : child(children.get(1), first, depth)) {
                product.add(go ? Parameters.merged(second, first) : combined(first, second));
                if (product.size() > mostSets) {
                    throw tooMany("matrix");
                }
            }
        }
        return product;
    }

    /** Both sets; one name with two values is an error. */
    private static JsonObject combined(JsonObject first, JsonObject second) {
        JsonObject both = first;
        for (int i = 0; i < second.size(); i++) {
            String key = second.keyAt(i);
            Json old = both.get(key);
            if (old != null && !old.equals(second.valueAt(i))) {
                throw failure("found duplicate key " + key + " with different value, a: " + old.toJson() + ", b: "
                        + second.valueAt(i).toJson());
            }
            both = both.with(key, second.valueAt(i));
        }
        return both;
    }

    private List<JsonObject> merge(JsonObject body, int depth) {
        List<JsonObject> children = children(body);
        if (children.size() < 2) {
            throw failure("a merge generator has two or more children, this has " + children.size());
        }
        List<String> keys = new ArrayList<>();
        body.array("mergeKeys").forEach(key -> keys.add(String.valueOf(key.textOrNull())));
        if (keys.isEmpty()) {
            throw failure("no merge keys were specified, a merge generator needs at least one");
        }
        Map<JsonObject, JsonObject> base = null;
        List<Map<JsonObject, JsonObject>> overs = new ArrayList<>();
        for (JsonObject child : children) {
            Map<JsonObject, JsonObject> byKey = byKey(child(child, JsonObject.empty(), depth), keys);
            if (base == null) {
                base = byKey;
            } else {
                overs.add(byKey);
            }
        }
        List<JsonObject> merged = new ArrayList<>();
        if (base != null) {
            base.forEach((key, set) -> {
                JsonObject all = set;
                for (Map<JsonObject, JsonObject> over : overs) {
                    JsonObject more = over.get(key);
                    all = more == null ? all : Parameters.merged(all, more);
                }
                merged.add(all);
            });
        }
        return merged;
    }

    private static Map<JsonObject, JsonObject> byKey(List<JsonObject> sets, List<String> keys) {
        Map<JsonObject, JsonObject> byKey = new LinkedHashMap<>();
        for (JsonObject set : sets) {
            JsonObject.Builder tuple = JsonObject.builder();
            for (String key : keys) {
                Json value = set.get(key);
                tuple.put(key, value == null ? Json.nul() : value);
            }
            JsonObject key = tuple.build();
            if (byKey.put(key, set) != null) {
                throw failure("the parameters of a generator are not unique by the merge keys: " + key.toJson());
            }
        }
        return byKey;
    }
}
