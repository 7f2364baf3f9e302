package io.gitops4j.recovery.rebuild;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Hooks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is rebuilt in which order: by stage, inside a stage by what objects and applications need, then by name. A value that
 * writes nothing. Source: secrets-dr-security §4.2.
 *
 * @param units in order
 * @param refused applications that cannot be rebuilt, with the reason
 * @param cached applications that come from a snapshot's render and not from Git, with its commit
 */
public record RebuildPlan(List<RebuildUnit> units, Map<String, Problem> refused, Map<String, String> cached) {
    /** The name under which keys from the escrow stand. */
    static final String ESCROW = "escrow";

    /** A plan of these parts. */
    public RebuildPlan {
        units = Collections.unmodifiableList(new ArrayList<>(units));
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
        cached = Collections.unmodifiableMap(new LinkedHashMap<>(cached));
    }

    /** A plan of targets that are all there; see {@link #of(List, List, Map)}. */
    public static Outcome<RebuildPlan> of(List<RebuildTarget> targets, List<JsonObject> keys) {
        return of(targets, keys, new TreeMap<>());
    }

    /**
     * Plans.
     *
     * @param targets in any order
     * @param keys Secrets from the escrow, such as sealing keys
     * @param unavailable applications whose objects cannot be had, with the reason; they are refused, and what depends on them
     * @return {@code NO_KEY} for every sealed or encrypted object that no key opens; applications or objects that depend on each
     *     other in a circle are refused with {@code DEPENDENCY_CYCLE} and leave the others alone
     */
    public static Outcome<RebuildPlan> of(
            List<RebuildTarget> targets, List<JsonObject> keys, Map<String, Problem> unavailable) {
        Map<String, RebuildTarget> byName = new TreeMap<>();
        targets.forEach(target -> byName.put(target.name(), target));
        List<Problem> shut = new EscrowCheck(keys).check(byName.values());
        if (!shut.isEmpty()) {
            return Outcome.failed(shut);
        }
        return Outcome.of(new Planning(byName, unavailable).plan(keys));
    }

    /** Orders. */
    private static final class Planning {
        private final Map<String, RebuildTarget> targets;
        private final Map<String, Problem> refused;
        private final Set<String> ordered = new LinkedHashSet<>();

        private Planning(Map<String, RebuildTarget> targets, Map<String, Problem> unavailable) {
            this.targets = targets;
            this.refused = new TreeMap<>(unavailable);
        }

        private RebuildPlan plan(List<JsonObject> keys) {
            targets.keySet().forEach(name -> visit(name, new ArrayList<>()));
            Map<String, RebuildUnit> units = new LinkedHashMap<>();
            while (!order(keys, units)) {
                units.clear();
            }
            Map<String, String> cached = new TreeMap<>();
            targets.values().stream()
                    .filter(target -> !target.cachedRevision().isEmpty())
                    .forEach(target -> cached.put(target.name(), target.cachedRevision()));
            return new RebuildPlan(new ArrayList<>(units.values()), refused, cached);
        }

        private boolean visit(String name, List<String> path) {
            if (refused.containsKey(name)) {
                return false;
            }
            if (ordered.contains(name)) {
                return true;
            }
            int circle = path.indexOf(name);
            List<String> more = new ArrayList<>(path);
            more.add(name);
            if (circle >= 0) {
                List<String> names = more.subList(circle, more.size());
                String words = String.join("→", names);
                names.forEach(member -> refused.put(member, Problem.error("DEPENDENCY_CYCLE", words)));
                return false;
            }
            RebuildTarget target = targets.get(name);
            if (target == null) {
                return false;
            }
            boolean ready = true;
            for (String needed : new TreeSet<>(target.dependsOn())) {
                if (!visit(needed, more)) {
                    ready = false;
                    refuseFor(name, needed);
                }
            }
            if (ready && !refused.containsKey(name)) {
                ordered.add(name);
            }
            return !refused.containsKey(name);
        }

        private void refuseFor(String name, String needed) {
            boolean there = targets.containsKey(needed) || refused.containsKey(needed);
            refused.putIfAbsent(
                    name,
                    Problem.error(
                            "BLOCKED",
                            name + " depends on " + needed
                                    + (there ? ", which cannot be rebuilt" : ", which is not there")));
        }

        /** Fills {@code units}; {@code false} when objects need each other, whose applications are now refused. */
        private boolean order(List<JsonObject> keys, Map<String, RebuildUnit> units) {
            for (RebuildStage stage : RebuildStage.values()) {
                boolean done = switch (stage) {
                    case KEYS -> escrow(keys, units);
                    case VERIFICATION -> verification(units);
                    default -> order(stage, units);
                };
                if (!done) {
                    return false;
                }
            }
            return true;
        }

        private static boolean escrow(List<JsonObject> keys, Map<String, RebuildUnit> units) {
            if (!keys.isEmpty()) {
                add(
                        units,
                        new RebuildUnit(
                                RebuildStage.KEYS, ESCROW, 1, "kube-system", List.of(keys), List.of(), List.of()));
            }
            return true;
        }

        private static void add(Map<String, RebuildUnit> units, RebuildUnit unit) {
            units.put(unit.id(), unit);
        }

        private boolean order(RebuildStage stage, Map<String, RebuildUnit> units) {
            List<RebuildTarget> here = ordered.stream().map(targets::get).toList();
            StageOrder.Result result = StageOrder.of(here, objects(stage, here), stage.ordered());
            if (!result.circle().isEmpty()) {
                String words = String.join("→", result.circle());
                result.stuck().forEach(name -> refused.put(name, Problem.error("DEPENDENCY_CYCLE", words)));
                withdraw();
                return false;
            }
            Map<String, RebuildUnit> earlier = new LinkedHashMap<>(units);
            Map<String, Integer> parts = new LinkedHashMap<>();
            List<String> ids = new ArrayList<>();
            for (StageOrder.Piece piece : result.pieces()) {
                RebuildTarget target = targets.get(piece.application());
                if (target == null) {
                    throw new IllegalStateException("no target " + piece.application());
                }
                List<String> referred = piece.needs().stream().map(ids::get).toList();
                int part = parts.merge(piece.application(), 1, Integer::sum);
                RebuildUnit unit = unit(stage, target, part, piece.layers(), earlier, referred);
                ids.add(unit.id());
                add(units, unit);
                earlier.put(unit.id(), unit);
            }
            return true;
        }

        /** Takes away what has been refused, and what depends on it. */
        private void withdraw() {
            for (String name : List.copyOf(ordered)) {
                RebuildTarget target = targets.get(name);
                if (target != null) {
                    target.dependsOn().stream().filter(refused::containsKey).forEach(needed -> refuseFor(name, needed));
                }
                if (refused.containsKey(name)) {
                    ordered.remove(name);
                }
            }
        }

        private Map<String, List<JsonObject>> objects(RebuildStage stage, List<RebuildTarget> here) {
            Map<String, List<JsonObject>> objects = new LinkedHashMap<>();
            Set<String> namespaces = declaredNamespaces();
            for (RebuildTarget target : here) {
                boolean controller = target.objects().stream().anyMatch(Planning::servesOthers);
                List<JsonObject> own = new ArrayList<>();
                target.objects().stream()
                        .filter(object -> !Hooks.isSkipped(object) && RebuildStage.of(object, controller) == stage)
                        .forEach(own::add);
                String namespace = target.namespace();
                if (stage == RebuildStage.NAMESPACES && !namespace.isEmpty() && namespaces.add(namespace)) {
                    own.add(0, namespace(namespace));
                }
                objects.put(target.name(), own);
            }
            return objects;
        }

        private Set<String> declaredNamespaces() {
            Set<String> declared = new TreeSet<>();
            targets.values().stream()
                    .flatMap(target -> target.objects().stream())
                    .filter(object -> object.text("kind", "").equals("Namespace"))
                    .forEach(object -> declared.add(object.object("metadata").text("name", "")));
            return declared;
        }

        private static JsonObject namespace(String name) {
            return JsonObject.builder()
                    .put("apiVersion", "v1")
                    .put("kind", "Namespace")
                    .put("metadata", JsonObject.of("name", Json.of(name)))
                    .build();
        }

        private static boolean servesOthers(JsonObject object) {
            String kind = object.text("kind", "");
            return kind.equals("CustomResourceDefinition")
                    || kind.equals("APIService")
                    || kind.equals("ValidatingWebhookConfiguration")
                    || kind.equals("MutatingWebhookConfiguration");
        }

        /** Needs its own last unit; where order matters, all units of what it depends on; else what all need. */
        private static RebuildUnit unit(
                RebuildStage stage,
                RebuildTarget target,
                int part,
                List<List<JsonObject>> layers,
                Map<String, RebuildUnit> earlier,
                List<String> referred) {
            Set<String> needs = new LinkedHashSet<>();
            Set<String> requires = new LinkedHashSet<>(referred);
            String own = "";
            for (RebuildUnit unit : earlier.values()) {
                boolean dependency = stage.ordered() && target.dependsOn().contains(unit.application());
                boolean common = unit.stage().compareTo(RebuildStage.CONTROLLERS) <= 0
                        && stage.compareTo(RebuildStage.CONTROLLERS) > 0;
                if (unit.application().equals(target.name())) {
                    own = unit.id();
                } else if (dependency || common || unit.stage() == RebuildStage.KEYS) {
                    needs.add(unit.id());
                }
                if (dependency) {
                    requires.add(unit.id());
                }
            }
            needs.addAll(referred);
            if (!own.isEmpty()) {
                needs.add(own);
            }
            return new RebuildUnit(
                    stage, target.name(), part, target.namespace(), layers, List.copyOf(needs), List.copyOf(requires));
        }

        private boolean verification(Map<String, RebuildUnit> units) {
            Map<String, List<JsonObject>> objects = new LinkedHashMap<>();
            Map<String, String> last = new LinkedHashMap<>();
            for (RebuildUnit unit : units.values()) {
                if (unit.stage() != RebuildStage.KEYS) {
                    objects.computeIfAbsent(unit.application(), key -> new ArrayList<>())
                            .addAll(unit.objects().stream()
                                    .filter(object -> !Hooks.isHook(object))
                                    .toList());
                    last.put(unit.application(), unit.id());
                }
            }
            objects.forEach((name, all) -> {
                RebuildTarget target = targets.get(name);
                List<String> own = List.of(last.getOrDefault(name, ""));
                String namespace = target == null ? "" : target.namespace();
                add(
                        units,
                        new RebuildUnit(RebuildStage.VERIFICATION, name, 1, namespace, List.of(all), own, List.of()));
            });
            return true;
        }
    }

    /** How many objects it has. */
    public int size() {
        return units.stream()
                .filter(unit -> unit.stage() != RebuildStage.VERIFICATION)
                .mapToInt(unit -> unit.objects().size())
                .sum();
    }

    /** The plan as JSON: names, no values. */
    public JsonObject toJson() {
        JsonArray.Builder list = JsonArray.builder();
        for (RebuildUnit unit : units) {
            JsonArray.Builder layers = JsonArray.builder();
            for (List<JsonObject> layer : unit.layers()) {
                JsonArray.Builder objects = JsonArray.builder();
                layer.forEach(object -> objects.add(label(object)));
                layers.add(objects.build());
            }
            JsonArray.Builder requires = JsonArray.builder();
            unit.requires().forEach(requires::add);
            list.add(JsonObject.builder()
                    .put("stage", unit.stage().toString())
                    .put("application", unit.application())
                    .put("layers", layers.build())
                    .put("requires", requires.build())
                    .build());
        }
        JsonObject.Builder no = JsonObject.builder();
        refused.forEach((name, problem) -> no.put(name, problem.code() + " " + problem.text()));
        JsonObject.Builder kept = JsonObject.builder();
        cached.forEach(kept::put);
        return JsonObject.builder()
                .put("units", list.build())
                .put("refused", no.build())
                .put("cachedRenders", kept.build())
                .build();
    }

    /** {@code Kind/name}. */
    static String label(JsonObject object) {
        ObjectRef ref = ObjectRef.of(object);
        return ref.gvk().kind() + "/" + ref.name();
    }
}
