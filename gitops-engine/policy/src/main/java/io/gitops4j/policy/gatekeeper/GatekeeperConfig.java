package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What Gatekeeper's {@code Config} and {@code SyncSet} objects say: the kinds that policies may refer to, and the namespaces that a
 * process leaves alone. Immutable.
 */
public final class GatekeeperConfig {
    /** The kind {@code Config}. */
    public static final Gvk CONFIG = new Gvk("config.gatekeeper.sh", "v1alpha1", "Config");
    /** The kind {@code SyncSet}. */
    public static final Gvk SYNC_SET = new Gvk("syncset.gatekeeper.sh", "v1alpha1", "SyncSet");

    private final List<Gvk> synced;
    private final List<Exclusion> exclusions;

    private record Exclusion(List<String> processes, List<String> namespaces) {}

    private GatekeeperConfig(List<Gvk> synced, List<Exclusion> exclusions) {
        this.synced = List.copyOf(synced);
        this.exclusions = List.copyOf(exclusions);
    }

    /** What the objects of these kinds among {@code objects} say together. */
    public static GatekeeperConfig of(List<JsonObject> objects) {
        Set<Gvk> synced = new LinkedHashSet<>();
        List<Exclusion> exclusions = new ArrayList<>();
        for (JsonObject object : objects) {
            JsonObject spec = object.object("spec");
            if (is(object, CONFIG)) {
                addKinds(spec.object("sync").array("syncOnly"), synced);
                for (Json item : spec.array("match")) {
                    if (item instanceof JsonObject match) {
                        exclusions.add(new Exclusion(
                                texts(match.array("processes")), texts(match.array("excludedNamespaces"))));
                    }
                }
            } else if (is(object, SYNC_SET)) {
                addKinds(spec.array("gvks"), synced);
            }
        }
        return new GatekeeperConfig(List.copyOf(synced), exclusions);
    }

    private static boolean is(JsonObject object, Gvk kind) {
        return object.text("kind", "").equals(kind.kind())
                && object.text("apiVersion", "").startsWith(kind.group() + "/");
    }

    private static void addKinds(Iterable<Json> items, Set<Gvk> into) {
        for (Json item : items) {
            if (item instanceof JsonObject kind) {
                into.add(new Gvk(kind.text("group", ""), kind.text("version", ""), kind.text("kind", "")));
            }
        }
    }

    private static List<String> texts(Iterable<Json> items) {
        List<String> texts = new ArrayList<>();
        for (Json item : items) {
            String text = item.textOrNull();
            if (text != null) {
                texts.add(text);
            }
        }
        return List.copyOf(texts);
    }

    /** The kinds whose objects are {@code data.inventory}, in the order of their mention. */
    public List<Gvk> synced() {
        return synced;
    }

    /**
     * Whether a process leaves an object alone: by its namespace, a Namespace by its own name.
     *
     * @param process {@code audit}, {@code sync}, {@code webhook} or {@code mutation-webhook}
     */
    public boolean excludes(String process, JsonObject object) {
        JsonObject metadata = object.object("metadata");
        boolean namespace = object.text("kind", "").equals("Namespace")
                && object.text("apiVersion", "").equals("v1");
        String name = namespace ? metadata.text("name", "") : metadata.text("namespace", "");
        if (name.isEmpty()) {
            return false;
        }
        for (Exclusion exclusion : exclusions) {
            boolean concerns = exclusion.processes().contains(process)
                    || exclusion.processes().contains("*");
            if (concerns && exclusion.namespaces().stream().anyMatch(pattern -> ConstraintMatch.glob(pattern, name))) {
                return true;
            }
        }
        return false;
    }
}
