package io.gitops4j.k8s;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.GitOpsException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that a server serves: aggregated discovery where the server has it, group by group elsewhere. Read once and kept;
 * a kind that is not there is looked for again at most once in ten seconds. A group that does not answer is left out.
 */
final class Discovery {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    private static final long AGAIN_NANOS = 10_000_000_000L;

    private final ApiClient client;
    private @Nullable Map<Gvk, ApiResource> known;
    private long readAt;

    Discovery(ApiClient client) {
        this.client = client;
    }

    synchronized List<ApiResource> resources() {
        return List.copyOf(kinds().values());
    }

    synchronized Optional<ApiResource> resource(Gvk gvk) {
        ApiResource found = kinds().get(gvk);
        if (found == null && System.nanoTime() - readAt > AGAIN_NANOS) {
            known = null;
            found = kinds().get(gvk);
        }
        return Optional.ofNullable(found);
    }

    synchronized void forget() {
        known = null;
    }

    private Map<Gvk, ApiResource> kinds() {
        Map<Gvk, ApiResource> kinds = known;
        if (kinds == null) {
            kinds = Collections.unmodifiableMap(read());
            known = kinds;
            readAt = System.nanoTime();
        }
        return kinds;
    }

    private TreeMap<Gvk, ApiResource> read() {
        TreeMap<Gvk, ApiResource> kinds = new TreeMap<>(Comparator.naturalOrder());
        for (String root : List.of("/api", "/apis")) {
            JsonObject answer = client.get(root, AGGREGATED);
            if ("APIGroupDiscoveryList".equals(answer.text("kind"))) {
                answer.array("items").forEach(group -> readAggregated((JsonObject) group, kinds));
            } else {
                for (String path : groupVersions(root, answer)) {
                    readGroup(path, kinds);
                }
            }
        }
        return kinds;
    }

    private static void readAggregated(JsonObject group, Map<Gvk, ApiResource> kinds) {
        String name = group.object("metadata").text("name", "");
        for (Json version : group.array("versions")) {
            JsonObject served = (JsonObject) version;
            for (Json item : served.array("resources")) {
                JsonObject resource = (JsonObject) item;
                JsonObject kind = resource.object("responseKind");
                String own = kind.text("group", "");
                Gvk gvk = new Gvk(
                        own.isEmpty() ? name : own,
                        kind.text("version", "").isEmpty() ? served.text("version", "") : kind.text("version", ""),
                        kind.text("kind", ""));
                kinds.putIfAbsent(
                        gvk,
                        new ApiResource(
                                gvk,
                                resource.text("resource", ""),
                                resource.text("singularResource", ""),
                                "Namespaced".equals(resource.text("scope")),
                                texts(resource.array("shortNames")),
                                texts(resource.array("verbs"))));
            }
        }
    }

    private static List<String> groupVersions(String root, JsonObject answer) {
        List<String> paths = new ArrayList<>();
        if (root.equals("/api")) {
            texts(answer.array("versions")).forEach(version -> paths.add("/api/" + version));
            return paths;
        }
        for (Json group : answer.array("groups")) {
            for (Json version : ((JsonObject) group).array("versions")) {
                paths.add("/apis/" + ((JsonObject) version).text("groupVersion", ""));
            }
        }
        return paths;
    }

    private void readGroup(String path, Map<Gvk, ApiResource> kinds) {
        JsonObject list;
        try {
            list = client.get(path);
        } catch (GitOpsException e) {
            // One API service that is down must not hide the others.
            return;
        }
        String apiVersion = list.text("groupVersion", "");
        for (Json item : list.array("resources")) {
            JsonObject resource = (JsonObject) item;
            String plural = resource.text("name", "");
            Gvk gvk = Gvk.of(apiVersion, resource.text("kind", ""));
            if (!plural.contains("/")) {
                kinds.putIfAbsent(
                        gvk,
                        new ApiResource(
                                gvk,
                                plural,
                                resource.text("singularName", ""),
                                resource.bool("namespaced", false),
                                texts(resource.array("shortNames")),
                                texts(resource.array("verbs"))));
            }
        }
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        for (Json item : array) {
            String text = item.textOrNull();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }
}
