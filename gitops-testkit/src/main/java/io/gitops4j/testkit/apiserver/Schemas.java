package io.gitops4j.testkit.apiserver;

import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.ServerSideApply;
import io.gitops4j.schema.FieldSchema;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.OpenApiSchema;
import io.gitops4j.schema.SchemaType;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schemas of the served kinds, read when they are first needed. */
final class Schemas {
    private final Map<String, Entry> entries = new HashMap<>();

    /** What has been made of one kind as it is defined now. */
    private record Entry(ResourceType type, Map<String, SchemaType> types, Map<String, ServerSideApply> appliers) {}

    private Entry entry(ResourceType type) {
        Entry entry = entries.get(type.qualifiedResource());
        if (entry == null || entry.type() != type) {
            entry = new Entry(type, new HashMap<>(), new HashMap<>());
            entries.put(type.qualifiedResource(), entry);
        }
        return entry;
    }

    /** The type of a version of a kind; deduced where nothing is known. */
    SchemaType type(ResourceType type, String version) {
        return entry(type).types().computeIfAbsent(version, key -> {
            CustomType crd = type.crd();
            if (crd != null) {
                return OpenApiSchema.customResource(crd.schema(version));
            }
            SchemaType found = KubernetesSchema.v1_36().kind(type.apiVersion(version), type.kind());
            return found == null ? SchemaType.deduced() : found;
        });
    }

    /** The structured merge of a kind through the object itself ({@code ""}) or a subresource. */
    ServerSideApply applier(ResourceType type, String subresource) {
        return entry(type).appliers().computeIfAbsent(subresource, key -> make(type, subresource));
    }

    private ServerSideApply make(ResourceType type, String subresource) {
        ServerSideApply made = type.isCustom()
                ? ServerSideApply.of(apiVersion -> customVersion(type, apiVersion))
                : ServerSideApply.builtIn(KubernetesSchema.v1_36(), type.kind());
        if (!type.has(Trait.STATUS) || subresource.equals("scale")) {
            return made;
        }
        Map<String, FieldSet> reset = new LinkedHashMap<>();
        for (String version : type.versions()) {
            reset.put(
                    type.apiVersion(version),
                    subresource.equals("status") ? allButStatus(type, version) : FieldSet.ofFields("status"));
        }
        return made.withResetFields(reset);
    }

    private @Nullable SchemaType customVersion(ResourceType type, String apiVersion) {
        for (String version : type.versions()) {
            if (type.apiVersion(version).equals(apiVersion)) {
                return type(type, version);
            }
        }
        return null;
    }

    private FieldSet allButStatus(ResourceType type, String version) {
        FieldSet set = FieldSet.ofFields("spec").union(FieldSet.ofFields("metadata"));
        MapSchema map = type(type, version).map();
        if (map != null) {
            for (FieldSchema field : map.fields()) {
                set = field.name().equals("status") ? set : set.union(FieldSet.ofFields(field.name()));
            }
        }
        return set;
    }
}
