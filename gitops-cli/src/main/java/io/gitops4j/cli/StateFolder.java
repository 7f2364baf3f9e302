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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Embedded clusters and their history, kept as files between two commands: {@code clusters/NAME.yaml.age}, {@code history.json}.
 * What a cluster holds is encrypted, since Secrets and opened values are among it. A {@code clusters/NAME.yaml} that somebody
 * put there is taken instead, and encrypted at the next write.
 */
final class StateFolder {
    private static final List<String> FIRST = List.of("CustomResourceDefinition", "Namespace");

    private final Path folder;
    private final StateKey key;
    private final boolean workloads;
    private final Map<String, FakeCluster> clusters = new LinkedHashMap<>();
    private final Map<String, JsonArray> history = new LinkedHashMap<>();

    /**
     * The folder.
     *
     * @param workloads whether Deployments and the like come to life in the clusters
     */
    StateFolder(Path folder, StateKey key, boolean workloads) {
        this.folder = folder;
        this.key = key;
        this.workloads = workloads;
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
            FakeCluster.Builder builder = FakeCluster.builder().name(name).server(server);
            FakeCluster cluster = (workloads ? builder.workloads() : builder).build();
            load(cluster, clear(name), sealed(name));
            clusters.put(name, cluster);
        }
        return List.copyOf(clusters.values());
    }

    private static String fileName(String server) {
        return server.replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9.-]", "_");
    }

    private Path clear(String cluster) {
        return folder.resolve("clusters").resolve(cluster + ".yaml");
    }

    private Path sealed(String cluster) {
        return folder.resolve("clusters").resolve(cluster + ".yaml.age");
    }

    private void load(FakeCluster cluster, Path clear, Path sealed) {
        String text;
        if (Files.exists(clear)) {
            text = read(clear);
        } else if (Files.exists(sealed)) {
            text = key.open(sealed, read(sealed));
        } else {
            return;
        }
        List<Json> objects =
                YamlReader.kubectl().readAll(clear.toString(), text).orThrow();
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
            for (Path each : List.of(folder, folder.resolve("clusters"))) {
                Files.createDirectories(each);
                StateKey.restrict(each, true);
            }
            for (FakeCluster cluster : clusters.values()) {
                write(sealed(cluster.name()), key.seal(YamlWriter.writeAll(objects(cluster))));
                Files.deleteIfExists(clear(cluster.name()));
            }
            write(folder.resolve("history.json"), Json.object(history).toJson() + "\n");
        } catch (IOException e) {
            throw new GitOpsException("STATE_UNWRITABLE", "cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), "state", ".tmp");
        Files.writeString(whole, text);
        StateKey.restrict(whole, false);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
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
