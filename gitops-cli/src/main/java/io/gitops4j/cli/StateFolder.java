package io.gitops4j.cli;

import io.gitops4j.app.Destination;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.HistoryStore;
import io.gitops4j.testkit.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Embedded clusters and their history, kept as files between two commands: {@code clusters/NAME.yaml}, {@code history.json}. */
final class StateFolder {
    private static final List<String> FIRST = List.of("CustomResourceDefinition", "Namespace");

    private final Path folder;
    private final Map<String, FakeCluster> clusters = new LinkedHashMap<>();
    private final Map<String, JsonArray> history = new LinkedHashMap<>();

    StateFolder(Path folder) {
        this.folder = folder;
        Path file = folder.resolve("history.json");
        if (Files.exists(file)) {
            JsonObject kept = (JsonObject) JsonReader.parse(read(file)).orThrow();
            kept.forEach((name, entries) -> {
                if (entries instanceof JsonArray array) {
                    history.put(name, array);
                }
            });
        }
    }

    /** A cluster for each destination, holding what it held last time. */
    List<Cluster> clusters(List<Destination> destinations) {
        for (Destination destination : destinations) {
            boolean inCluster = destination.server().equals(Destination.IN_CLUSTER);
            String name = inCluster
                    ? "in-cluster"
                    : destination.name().isEmpty() ? fileName(destination.server()) : destination.name();
            if (clusters.containsKey(name)) {
                continue;
            }
            String server = destination.server().isEmpty() ? "https://" + name + ".invalid" : destination.server();
            FakeCluster cluster =
                    FakeCluster.builder().name(name).server(server).build();
            load(cluster, folder.resolve("clusters").resolve(name + ".yaml"));
            clusters.put(name, cluster);
        }
        return List.copyOf(clusters.values());
    }

    private static String fileName(String server) {
        return server.replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9.-]", "_");
    }

    private static void load(FakeCluster cluster, Path file) {
        if (!Files.exists(file)) {
            return;
        }
        List<Json> objects =
                YamlReader.kubectl().readAll(file.toString(), read(file)).orThrow();
        for (boolean first : List.of(true, false)) {
            for (Json item : objects) {
                JsonObject object = (JsonObject) item;
                if (FIRST.contains(object.text("kind", "")) == first
                        && cluster.get(ObjectRef.of(object)).isEmpty()) {
                    restore(cluster, object);
                }
            }
        }
    }

    private static void restore(FakeCluster cluster, JsonObject object) {
        JsonObject metadata =
                object.object("metadata").without("resourceVersion").without("uid");
        JsonObject created =
                cluster.create(object.with("metadata", metadata).without("status"), WriteOptions.defaults());
        if (object.has("status")) {
            ObjectRef ref = ObjectRef.of(object).sub("status");
            try {
                cluster.replace(ref, created.with("status", object.object("status")), WriteOptions.defaults());
            } catch (GitOpsException noStatus) {
                return;
            }
        }
    }

    /** Writes everything back. */
    void save() {
        try {
            Files.createDirectories(folder.resolve("clusters"));
            for (FakeCluster cluster : clusters.values()) {
                Path file = folder.resolve("clusters").resolve(cluster.name() + ".yaml");
                Files.writeString(file, YamlWriter.writeAll(objects(cluster)));
            }
            Files.writeString(
                    folder.resolve("history.json"), Json.object(history).toJson() + "\n");
        } catch (IOException e) {
            throw new GitOpsException("STATE_UNWRITABLE", "cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    private static List<JsonObject> objects(FakeCluster cluster) {
        List<JsonObject> objects = new ArrayList<>();
        for (ApiResource resource : cluster.resources()) {
            Gvk gvk = resource.gvk();
            if (resource.verbs().contains("list") && !gvk.kind().equals("Event")) {
                for (JsonObject object : cluster.list(ListQuery.of(gvk)).items()) {
                    objects.add(
                            object.with("metadata", object.object("metadata").without("managedFields")));
                }
            }
        }
        return objects;
    }

    HistoryStore history() {
        return new HistoryStore() {
            @Override
            public List<JsonObject> entries(String application) {
                List<JsonObject> entries = new ArrayList<>();
                synchronized (history) {
                    entries(application, entries);
                }
                return entries;
            }

            private void entries(String application, List<JsonObject> entries) {
                history.getOrDefault(application, JsonArray.empty()).forEach(entry -> entries.add((JsonObject) entry));
            }

            @Override
            public void replace(String application, List<JsonObject> entries) {
                synchronized (history) {
                    history.put(application, JsonArray.of(entries));
                }
            }
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new GitOpsException("STATE_UNREADABLE", "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
