package io.gitops4j.kustomize.internal.config;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The field specs of every transformer and the tables of name references. Immutable. */
public final class TransformerConfig {
    /** The keys of a configuration file, in the order they are merged. */
    static final List<String> LISTS = List.of(
            "namePrefix",
            "nameSuffix",
            "labels",
            "commonLabels",
            "templateLabels",
            "volumeClaimTemplateLabels",
            "commonAnnotations",
            "namespace",
            "varReference",
            "replicas",
            "images");

    private static final TransformerConfig EMPTY = new TransformerConfig(Collections.emptyMap(), List.of());

    private final Map<String, FieldSpecs> lists;
    private final List<NameReference> nameReferences;

    private TransformerConfig(Map<String, FieldSpecs> lists, List<NameReference> nameReferences) {
        this.lists = lists;
        this.nameReferences = nameReferences;
    }

    /** No specs at all. */
    public static TransformerConfig empty() {
        return EMPTY;
    }

    /** The configuration that a file (or the built-in table) spells; unknown keys are refused. */
    public static TransformerConfig of(JsonObject file) {
        Map<String, FieldSpecs> lists = new LinkedHashMap<>();
        List<NameReference> references = new ArrayList<>();
        for (int i = 0; i < file.size(); i++) {
            String key = file.keyAt(i);
            JsonArray entries = file.array(key);
            if ("nameReference".equals(key)) {
                for (Json entry : entries) {
                    if (entry instanceof JsonObject object) {
                        references.add(reference(object));
                    }
                }
            } else if (LISTS.contains(key)) {
                lists.put(key, FieldSpecs.of(entries));
            } else {
                throw new BuildFault(
                                "UNKNOWN_FIELD",
                                "error unmarshaling JSON: while decoding JSON: json: unknown field \"" + key + "\"")
                        .hint("a configuration file has the lists " + String.join(", ", LISTS) + " and nameReference");
            }
        }
        return new TransformerConfig(lists, List.copyOf(references));
    }

    private static NameReference reference(JsonObject entry) {
        return new NameReference(
                new Gvk(entry.text("group", ""), entry.text("version", ""), entry.text("kind", "")),
                FieldSpecs.of(entry.array("fieldSpecs")));
    }

    /** A configuration of single additions (from CRD definitions). */
    static TransformerConfig of(Map<String, FieldSpecs> lists, List<NameReference> references) {
        return new TransformerConfig(lists, List.copyOf(references));
    }

    /** The specs of one list, empty where there are none. */
    public FieldSpecs list(String name) {
        FieldSpecs found = lists.get(name);
        return found == null ? FieldSpecs.of(List.of()) : found;
    }

    /** All tables of name references, ordered by the kind that is referred to. */
    public List<NameReference> nameReferences() {
        return nameReferences;
    }

    /** This configuration and what {@code incoming} adds to it. */
    public TransformerConfig merge(TransformerConfig incoming) {
        if (incoming == this || incoming == EMPTY) {
            return this;
        }
        if (this == EMPTY) {
            return incoming;
        }
        Map<String, FieldSpecs> merged = new LinkedHashMap<>();
        for (String name : LISTS) {
            FieldSpecs mine = list(name);
            FieldSpecs theirs = incoming.list(name);
            FieldSpecs both = mine.merge(theirs, label(name));
            if (!both.isEmpty()) {
                merged.put(name, both);
            }
        }
        return new TransformerConfig(merged, mergeReferences(incoming.nameReferences));
    }

    /**
     * Refuses lists that contradict themselves: sorted by kind, a spec whose kind covers that of an earlier one must create as
     * that one does.
     */
    public TransformerConfig consistent(Comparators order) {
        for (String name : LISTS) {
            List<FieldSpec> sorted = new ArrayList<>(list(name).all());
            sorted.sort((a, b) -> {
                int rank = Integer.compare(
                        order.rank(a.gvk().kind()), order.rank(b.gvk().kind()));
                return rank != 0 ? rank : Gvks.sortText(a.gvk()).compareTo(Gvks.sortText(b.gvk()));
            });
            FieldSpecs all = FieldSpecs.of(sorted);
            all.merge(all, label(name));
        }
        return this;
    }

    private List<NameReference> mergeReferences(List<NameReference> incoming) {
        List<NameReference> merged = new ArrayList<>(nameReferences);
        for (NameReference reference : incoming) {
            int same = -1;
            for (int i = 0; i < merged.size() && same < 0; i++) {
                if (merged.get(i).target().equals(reference.target())) {
                    same = i;
                }
            }
            if (same < 0) {
                merged.add(reference);
            } else {
                NameReference known = merged.get(same);
                merged.set(
                        same,
                        new NameReference(known.target(), known.referrers().merge(reference.referrers(), "")));
            }
        }
        return List.copyOf(merged);
    }

    private static String label(String list) {
        return switch (list) {
            case "varReference" -> "VarReference";
            case "commonLabels" -> "CommonLabels";
            case "commonAnnotations" -> "CommonAnnotations";
            case "namePrefix" -> "NamePrefix";
            case "nameSuffix" -> "NameSuffix";
            case "namespace" -> "NameSpace";
            case "templateLabels" -> "TemplateLabels";
            case "volumeClaimTemplateLabels" -> "VolumeClaimTemplateLabels";
            case "labels" -> "Labels";
            case "images" -> "Images";
            default -> "Replicas";
        };
    }

    /** The tables in the order in which references are looked up: by kind, listed kinds first. */
    public List<NameReference> orderedReferences(Comparators order) {
        List<NameReference> sorted = new ArrayList<>(nameReferences);
        sorted.sort((a, b) -> {
            int rank = Integer.compare(
                    order.rank(a.target().kind()), order.rank(b.target().kind()));
            return rank != 0 ? rank : Gvks.sortText(a.target()).compareTo(Gvks.sortText(b.target()));
        });
        return sorted;
    }

    /** Ranks kinds as the legacy order does. */
    public interface Comparators {
        int rank(String kind);
    }
}
