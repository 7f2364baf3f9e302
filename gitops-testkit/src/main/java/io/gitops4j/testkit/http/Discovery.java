package io.gitops4j.testkit.http;

import com.google.common.base.Splitter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.testkit.apiserver.ResourceType;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import io.gitops4j.testkit.apiserver.ResourceTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents by which clients learn what is served: aggregated for those who ask for it, one by one for others.
 *
 * <p>Source: k8s-apply §5.1.
 */
final class Discovery {
    private static final String V2 = "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String V2_BETA = "g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
    private static final JsonArray SUBRESOURCE_VERBS =
            JsonArray.of(Json.of("get"), Json.of("patch"), Json.of("update"));

    private final ResourceTypes types;

    Discovery(ResourceTypes types) {
        this.types = types;
    }

    private static boolean aggregated(String accept) {
        return accept.contains(V2) || accept.contains(V2_BETA);
    }

    String contentType(String accept) {
        return !aggregated(accept) ? "application/json" : "application/json;" + (accept.contains(V2) ? V2 : V2_BETA);
    }

    /** {@code /api}. */
    JsonObject core(String accept) {
        if (aggregated(accept)) {
            return aggregate(accept, true);
        }
        return JsonObject.builder()
                .put("kind", "APIVersions")
                .put("versions", JsonArray.of(Json.of("v1")))
                .put("serverAddressByClientCIDRs", JsonArray.empty())
                .build();
    }

    /** {@code /apis}. */
    JsonObject groups(String accept) {
        if (aggregated(accept)) {
            return aggregate(accept, false);
        }
        JsonArray.Builder groups = JsonArray.builder();
        for (Map.Entry<String, Map<String, List<ResourceType>>> group :
                byGroup().entrySet()) {
            if (!group.getKey().isEmpty()) {
                groups.add(
                        group(group.getKey(), new ArrayList<>(group.getValue().keySet())));
            }
        }
        return JsonObject.builder()
                .put("kind", "APIGroupList")
                .put("apiVersion", "v1")
                .put("groups", groups.build())
                .build();
    }

    private static JsonObject group(String name, List<String> versions) {
        JsonArray.Builder list = JsonArray.builder();
        for (String version : versions) {
            list.add(groupVersion(name, version));
        }
        return JsonObject.builder()
                .put("kind", "APIGroup")
                .put("apiVersion", "v1")
                .put("name", name)
                .put("versions", list.build())
                .put("preferredVersion", groupVersion(name, versions.get(0)))
                .build();
    }

    private static JsonObject groupVersion(String group, String version) {
        return JsonObject.builder()
                .put("groupVersion", group + "/" + version)
                .put("version", version)
                .build();
    }

    /** {@code /}: what else there is. */
    JsonObject paths() {
        JsonArray.Builder paths = JsonArray.builder();
        for (String path : List.of("/api", "/api/v1", "/apis", "/healthz", "/openapi/v2", "/openapi/v3", "/version")) {
            paths.add(path);
        }
        return JsonObject.of("paths", paths.build());
    }

    /** {@code /api/v1}, {@code /apis/GROUP}, {@code /apis/GROUP/VERSION}; {@code null} for anything else. */
    @Nullable
    JsonObject document(String path) {
        List<String> parts = Splitter.on('/').omitEmptyStrings().splitToList(path);
        boolean core = parts.size() == 2 && parts.get(0).equals("api");
        boolean named = parts.size() > 1 && parts.size() < 4 && parts.get(0).equals("apis");
        if (!core && !named) {
            return null;
        }
        String group = core ? "" : parts.get(1);
        Map<String, List<ResourceType>> versions = byGroup().get(group);
        if (versions == null) {
            return null;
        }
        if (named && parts.size() == 2) {
            return group(group, new ArrayList<>(versions.keySet()));
        }
        String version = parts.get(parts.size() - 1);
        List<ResourceType> resources = versions.get(version);
        return resources == null ? null : resources(group, version, resources);
    }

    private static JsonObject resources(String group, String version, List<ResourceType> types) {
        JsonArray.Builder list = JsonArray.builder();
        for (ResourceType type : types) {
            JsonObject.Builder entry = JsonObject.builder()
                    .put("name", type.plural())
                    .put("singularName", type.singular())
                    .put("namespaced", type.namespaced())
                    .put("kind", type.kind())
                    .put("verbs", texts(type.toApiResource(version).verbs()));
            if (!type.shortNames().isEmpty()) {
                entry.put("shortNames", texts(type.shortNames()));
            }
            if (!type.categories().isEmpty()) {
                entry.put("categories", texts(type.categories()));
            }
            list.add(entry.build());
            for (String sub : subresources(type)) {
                Gvk gvk = responseKind(type, version, sub);
                JsonObject.Builder part = JsonObject.builder()
                        .put("name", type.plural() + "/" + sub)
                        .put("singularName", "")
                        .put("namespaced", type.namespaced())
                        .put("kind", gvk.kind())
                        .put("verbs", SUBRESOURCE_VERBS);
                if (sub.equals("scale")) {
                    part.put("group", gvk.group()).put("version", gvk.version());
                }
                list.add(part.build());
            }
        }
        return JsonObject.builder()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version)
                .put("resources", list.build())
                .build();
    }

    private JsonObject aggregate(String accept, boolean core) {
        JsonArray.Builder items = JsonArray.builder();
        for (Map.Entry<String, Map<String, List<ResourceType>>> group :
                byGroup().entrySet()) {
            if (group.getKey().isEmpty() != core) {
                continue;
            }
            JsonArray.Builder versions = JsonArray.builder();
            group.getValue().forEach((version, resources) -> {
                JsonArray.Builder list = JsonArray.builder();
                resources.forEach(type -> list.add(aggregated(type, version)));
                versions.add(JsonObject.builder()
                        .put("version", version)
                        .put("resources", list.build())
                        .put("freshness", "Current")
                        .build());
            });
            JsonObject metadata = core ? JsonObject.empty() : JsonObject.of("name", Json.of(group.getKey()));
            items.add(JsonObject.of("metadata", metadata, "versions", versions.build()));
        }
        return JsonObject.builder()
                .put("kind", "APIGroupDiscoveryList")
                .put("apiVersion", "apidiscovery.k8s.io/" + (accept.contains(V2) ? "v2" : "v2beta1"))
                .put("metadata", JsonObject.empty())
                .put("items", items.build())
                .build();
    }

    private static JsonObject aggregated(ResourceType type, String version) {
        JsonArray.Builder subresources = JsonArray.builder();
        for (String sub : subresources(type)) {
            subresources.add(JsonObject.builder()
                    .put("subresource", sub)
                    .put("responseKind", kind(responseKind(type, version, sub)))
                    .put("verbs", SUBRESOURCE_VERBS)
                    .build());
        }
        JsonObject.Builder out = JsonObject.builder()
                .put("resource", type.plural())
                .put("responseKind", kind(type.gvk(version)))
                .put("scope", type.namespaced() ? "Namespaced" : "Cluster")
                .put("singularResource", type.singular())
                .put("verbs", texts(type.toApiResource(version).verbs()))
                .put("shortNames", texts(type.shortNames()))
                .put("categories", texts(type.categories()));
        if (subresources.size() > 0) {
            out.put("subresources", subresources.build());
        }
        return out.build();
    }

    private static JsonObject kind(Gvk gvk) {
        return JsonObject.builder()
                .put("group", gvk.group())
                .put("version", gvk.version())
                .put("kind", gvk.kind())
                .build();
    }

    private static Gvk responseKind(ResourceType type, String version, String sub) {
        return sub.equals("scale") ? new Gvk("autoscaling", "v1", "Scale") : type.gvk(version);
    }

    private static List<String> subresources(ResourceType type) {
        List<String> names = new ArrayList<>();
        if (type.has(Trait.SCALE)) {
            names.add("scale");
        }
        if (type.has(Trait.STATUS)) {
            names.add("status");
        }
        return names;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray.Builder out = JsonArray.builder();
        texts.forEach(out::add);
        return out.build();
    }

    /** Group to version to types, in the order of serving. */
    private Map<String, Map<String, List<ResourceType>>> byGroup() {
        Map<String, Map<String, List<ResourceType>>> groups = new LinkedHashMap<>();
        for (ResourceType type : types.all()) {
            for (String version : type.versions()) {
                groups.computeIfAbsent(type.group(), key -> new LinkedHashMap<>())
                        .computeIfAbsent(version, key -> new ArrayList<>())
                        .add(type);
            }
        }
        return groups;
    }
}
