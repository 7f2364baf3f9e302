package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
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
 * What is rebuilt in which order: by stage, inside a stage by {@code dependsOn}, then by name. A value that writes nothing.
 *
 * @param units in order
 * @param refused applications that cannot be rebuilt, with the reason
 */
public record RebuildPlan(List<RebuildUnit> units, Map<String, Problem> refused) {
    /** The name under which keys from the escrow stand. */
    static final String ESCROW = "escrow";

    /** A plan of these parts. */
    public RebuildPlan {
        units = Collections.unmodifiableList(new ArrayList<>(units));
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }

    /**
     * Plans.
     *
     * @param targets in any order
     * @param keys Secrets from the escrow, such as sealing keys
     * @return {@code NO_KEY} when there are sealed secrets and no key; applications that depend on each other in a circle are
     *     refused with {@code DEPENDENCY_CYCLE} and leave the others alone
     */
    public static Outcome<RebuildPlan> of(List<RebuildTarget> targets, List<JsonObject> keys) {
        Map<String, RebuildTarget> byName = new TreeMap<>();
        targets.forEach(target -> byName.put(target.name(), target));
        List<Problem> sealed = new ArrayList<>();
        for (RebuildTarget target : byName.values()) {
            for (JsonObject object : target.objects()) {
                if (object.text("kind", "").equals("SealedSecret") && keys.isEmpty()) {
                    sealed.add(Problem.error(
                            "NO_KEY",
                            "no key in the escrow opens SealedSecret " + target.namespace() + "/"
                                    + object.object("metadata").text("name", "") + " of " + target.name()));
                }
            }
        }
        if (!sealed.isEmpty()) {
            return Outcome.failed(sealed);
        }
        return Outcome.of(new Planning(byName).plan(keys));
    }

    /** Orders. */
    private static final class Planning {
        private final Map<String, RebuildTarget> targets;
        private final Map<String, Problem> refused = new TreeMap<>();
        private final Set<String> ordered = new LinkedHashSet<>();

        private Planning(Map<String, RebuildTarget> targets) {
            this.targets = targets;
        }

        private RebuildPlan plan(List<JsonObject> keys) {
            targets.keySet().forEach(name -> visit(name, new ArrayList<>()));
            Map<String, RebuildUnit> units = new LinkedHashMap<>();
            for (RebuildStage stage : RebuildStage.values()) {
                List<RebuildUnit> now = stage == RebuildStage.KEYS ? escrow(keys) : units(stage, units);
                for (RebuildUnit unit : now) {
                    units.put(unit.id(), unit);
                }
            }
            return new RebuildPlan(new ArrayList<>(units.values()), refused);
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
                    refused.putIfAbsent(
                            name,
                            Problem.error(
                                    "BLOCKED",
                                    name + " depends on " + needed
                                            + (targets.containsKey(needed)
                                                    ? ", which cannot be rebuilt"
                                                    : ", which is not there")));
                }
            }
            if (ready && !refused.containsKey(name)) {
                ordered.add(name);
            }
            return !refused.containsKey(name);
        }

        private static List<RebuildUnit> escrow(List<JsonObject> keys) {
            List<RebuildUnit> units = new ArrayList<>();
            if (!keys.isEmpty()) {
                units.add(new RebuildUnit(RebuildStage.KEYS, ESCROW, "kube-system", keys, List.of()));
            }
            return units;
        }

        private List<RebuildUnit> units(RebuildStage stage, Map<String, RebuildUnit> earlier) {
            List<RebuildUnit> units = new ArrayList<>();
            for (String name : ordered) {
                RebuildTarget target = targets.get(name);
                if (target == null) {
                    continue;
                }
                List<JsonObject> objects = new ArrayList<>();
                boolean controller = target.objects().stream().anyMatch(Planning::servesOthers);
                for (JsonObject object : target.objects()) {
                    if (RebuildStage.of(object, controller) == stage) {
                        objects.add(object);
                    }
                }
                if (stage == RebuildStage.NAMESPACES) {
                    addNamespace(target, objects);
                }
                if (!objects.isEmpty()) {
                    units.add(new RebuildUnit(stage, name, target.namespace(), objects, needs(target, stage, earlier)));
                }
            }
            return units;
        }

        private void addNamespace(RebuildTarget target, List<JsonObject> objects) {
            String namespace = target.namespace();
            boolean there = namespace.isEmpty()
                    || targets.values().stream()
                            .flatMap(other -> other.objects().stream())
                            .anyMatch(object -> object.text("kind", "").equals("Namespace")
                                    && object.object("metadata")
                                            .text("name", "")
                                            .equals(namespace));
            if (!there) {
                objects.add(
                        0,
                        JsonObject.builder()
                                .put("apiVersion", "v1")
                                .put("kind", "Namespace")
                                .put("metadata", JsonObject.of("name", Json.of(namespace)))
                                .build());
            }
        }

        private static boolean servesOthers(JsonObject object) {
            String kind = object.text("kind", "");
            return kind.equals("CustomResourceDefinition")
                    || kind.equals("APIService")
                    || kind.equals("ValidatingWebhookConfiguration")
                    || kind.equals("MutatingWebhookConfiguration");
        }

        /** Its own last unit; where order matters, all units of what it depends on; else what all need. */
        private static List<String> needs(RebuildTarget target, RebuildStage stage, Map<String, RebuildUnit> earlier) {
            List<String> needs = new ArrayList<>();
            String own = "";
            for (RebuildUnit unit : earlier.values()) {
                boolean dependency = target.dependsOn().contains(unit.application());
                boolean common = unit.stage().compareTo(RebuildStage.CONTROLLERS) <= 0
                        && stage.compareTo(RebuildStage.CONTROLLERS) > 0;
                if (unit.application().equals(target.name())) {
                    own = unit.id();
                } else if (dependency && stage.ordered() || common || unit.stage() == RebuildStage.KEYS) {
                    needs.add(unit.id());
                }
            }
            if (!own.isEmpty()) {
                needs.add(own);
            }
            return needs;
        }
    }

    /** How many objects it has. */
    public int size() {
        return units.stream().mapToInt(unit -> unit.objects().size()).sum();
    }

    /** The plan as JSON: names, no values. */
    public JsonObject toJson() {
        JsonArray.Builder list = JsonArray.builder();
        for (RebuildUnit unit : units) {
            JsonArray.Builder objects = JsonArray.builder();
            unit.objects()
                    .forEach(object -> objects.add(object.text("kind", "") + "/"
                            + object.object("metadata").text("name", "")));
            list.add(JsonObject.builder()
                    .put("stage", unit.stage().toString())
                    .put("application", unit.application())
                    .put("objects", objects.build())
                    .build());
        }
        JsonObject.Builder no = JsonObject.builder();
        refused.forEach((name, problem) -> no.put(name, problem.code() + " " + problem.text()));
        return JsonObject.builder()
                .put("units", list.build())
                .put("refused", no.build())
                .build();
    }
}
