package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.rollout.traffic.TrafficRouter;
import io.gitops4j.spi.ClusterReader;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the engine has to see of a Rollout. */
final class ClusterObservation {
    private final ClusterReader cluster;
    private final RolloutSpec spec;
    private final Routers routers;
    private final String uid;

    ClusterObservation(ClusterReader cluster, RolloutSpec spec, Routers routers) {
        this.cluster = cluster;
        this.spec = spec;
        this.routers = routers;
        this.uid = spec.rollout().object("metadata").text("uid", "");
    }

    Observation read(RolloutStatus status, Observation.Workload workload, List<String> openGates) {
        List<JsonObject> owned = owned(ArgoNames.REPLICA_SET);
        List<Observation.ReplicaSet> replicaSets = new ArrayList<>();
        List<Observation.StalePods> stale = new ArrayList<>();
        for (JsonObject rs : owned) {
            replicaSets.add(replicaSet(rs));
            Instant restartAt = spec.restartAt();
            if (restartAt != null) {
                int old = stalePods(rs, restartAt).size();
                if (old > 0) {
                    stale.add(new Observation.StalePods(hash(rs), old));
                }
            }
        }
        List<Observation.Ephemeral> ephemerals = new ArrayList<>();
        for (JsonObject rs : owned) {
            JsonObject metadata = ephemeral(rs);
            if (!metadata.isEmpty()) {
                ephemerals.add(new Observation.Ephemeral(hash(rs), metadata));
            }
        }
        List<Observation.Run> runs = new ArrayList<>();
        for (JsonObject run : owned(ArgoNames.ANALYSIS_RUN)) {
            JsonObject said = run.object("status");
            runs.add(new Observation.Run(name(run), AnalysisPhase.of(said.text("phase")), said.text("message", "")));
        }
        List<Observation.ExperimentView> experiments = new ArrayList<>();
        for (JsonObject experiment : owned(ArgoNames.EXPERIMENT)) {
            experiments.add(experiment(experiment));
        }
        List<String> routes = new ArrayList<>();
        for (TrafficRouter router : routers.of(spec)) {
            routes.addAll(router.routes(spec, this::get));
        }
        return new Observation(
                replicaSets,
                services(),
                routers.verified(spec, status, cluster),
                runs,
                experiments,
                new Observation.Extras(List.of(), stale, openGates, routes, ephemerals, workload));
    }

    @Nullable
    JsonObject get(ObjectRef ref) {
        return cluster.get(ref).orElse(null);
    }

    private List<JsonObject> owned(Gvk gvk) {
        List<JsonObject> owned = new ArrayList<>();
        for (JsonObject object : list(gvk)) {
            for (JsonObject owner : Fields.objects(object.object("metadata"), "ownerReferences")) {
                if (owner.text("uid", "").equals(uid) && owner.text("kind", "").equals("Rollout")) {
                    owned.add(object);
                }
            }
        }
        return owned;
    }

    /** All objects of a kind; none where the cluster does not serve it. */
    private List<JsonObject> list(Gvk gvk) {
        try {
            return cluster.list(ListQuery.of(gvk).in(spec.namespace())).items();
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return List.of();
            }
            throw e;
        }
    }

    private static String name(JsonObject object) {
        return object.object("metadata").text("name", "");
    }

    private static String hash(JsonObject rs) {
        return rs.object("metadata").object("labels").text(TemplateIdentity.HASH_LABEL, "");
    }

    private static Observation.ReplicaSet replicaSet(JsonObject rs) {
        JsonObject metadata = rs.object("metadata");
        JsonObject annotations = metadata.object("annotations");
        JsonObject status = rs.object("status");
        Integer revision = Fields.integer(Json.of(annotations.text(ArgoNames.REVISION, "0")));
        String desired = annotations.text(ArgoNames.DESIRED);
        return new Observation.ReplicaSet(
                name(rs),
                hash(rs),
                orEpoch(time(metadata.text("creationTimestamp"))),
                revision == null ? 0 : revision,
                new Observation.Counts(
                        Fields.integer(rs.object("spec"), "replicas", 1),
                        Fields.integer(status, "replicas", 0),
                        Fields.integer(status, "readyReplicas", 0),
                        Fields.integer(status, "availableReplicas", 0)),
                desired == null ? null : Fields.integer(Json.of(desired)),
                time(annotations.text(ArgoNames.SCALE_DOWN)),
                plainTemplate(rs),
                annotations.has(ArgoNames.EXPERIMENT_NAME));
    }

    private static JsonObject ephemeral(JsonObject rs) {
        String noted = rs.object("metadata").object("annotations").text(ArgoNames.EPHEMERAL, "{}");
        return JsonReader.parse(noted).orNull() instanceof JsonObject metadata ? metadata : JsonObject.empty();
    }

    /** The pod template without what was put there for the role of the ReplicaSet. */
    private static JsonObject plainTemplate(JsonObject rs) {
        JsonObject template = rs.object("spec").object("template");
        JsonObject ephemeral = ephemeral(rs);
        JsonObject metadata = template.object("metadata");
        for (String kind : new String[] {"labels", "annotations"}) {
            JsonObject part = metadata.object(kind);
            for (String key : ephemeral.object(kind).keys()) {
                part = part.without(key);
            }
            metadata = metadata.has(kind) ? metadata.with(kind, part) : metadata;
        }
        return template.with("metadata", metadata);
    }

    /** Services that say that this Rollout manages them and that its strategy does not name. */
    List<JsonObject> abandonedServices() {
        Set<String> named = serviceNames();
        List<JsonObject> abandoned = new ArrayList<>();
        for (JsonObject service : list(ArgoNames.SERVICE)) {
            String manager = service.object("metadata").object("annotations").text(ArgoNames.MANAGED_BY, "");
            boolean selects = service.object("spec").object("selector").has(TemplateIdentity.HASH_LABEL);
            if (manager.equals(spec.name()) && selects && !named.contains(name(service))) {
                abandoned.add(service);
            }
        }
        return abandoned;
    }

    private Set<String> serviceNames() {
        Set<String> names = new LinkedHashSet<>();
        if (spec.blueGreen() != null) {
            names.add(spec.blueGreen().activeService());
            names.add(spec.blueGreen().previewService());
        }
        if (spec.canary() != null) {
            names.add(spec.canary().stableService());
            names.add(spec.canary().canaryService());
            JsonObject pingPong = spec.canary().pingPong();
            if (pingPong != null) {
                names.add(pingPong.text("pingService", ""));
                names.add(pingPong.text("pongService", ""));
            }
        }
        return names;
    }

    private List<Observation.Service> services() {
        List<Observation.Service> found = new ArrayList<>();
        for (String name : serviceNames()) {
            JsonObject service = name.isEmpty() ? null : get(ObjectRef.of(ArgoNames.SERVICE, spec.namespace(), name));
            if (service != null) {
                found.add(new Observation.Service(
                        name, service.object("spec").object("selector").text(TemplateIdentity.HASH_LABEL, "")));
            }
        }
        return found;
    }

    private static Observation.ExperimentView experiment(JsonObject experiment) {
        JsonObject status = experiment.object("status");
        List<CanaryWeights.Destination> destinations = new ArrayList<>();
        for (JsonObject template : Fields.objects(status, "templateStatuses")) {
            Integer weight = weight(experiment, template.text("name", ""));
            if (weight != null) {
                destinations.add(new CanaryWeights.Destination(
                        weight, template.text("podTemplateHash", ""), template.text("serviceName", "")));
            }
        }
        return new Observation.ExperimentView(
                name(experiment),
                AnalysisPhase.of(status.text("phase")),
                status.text("message", ""),
                List.copyOf(destinations));
    }

    private static @Nullable Integer weight(JsonObject experiment, String template) {
        for (JsonObject one : Fields.objects(experiment.object("spec"), "templates")) {
            if (one.text("name", "").equals(template)) {
                return Fields.integer(one, "weight");
            }
        }
        return null;
    }

    /** Pods of a ReplicaSet. */
    List<JsonObject> pods(JsonObject rs) {
        List<JsonObject> pods = new ArrayList<>();
        String rsUid = rs.object("metadata").text("uid", "");
        for (JsonObject pod : list(ArgoNames.POD)) {
            if (Fields.objects(pod.object("metadata"), "ownerReferences").stream()
                    .anyMatch(owner -> owner.text("uid", "").equals(rsUid))) {
                pods.add(pod);
            }
        }
        return pods;
    }

    /** Pods of a ReplicaSet that were created before {@code time}. */
    List<JsonObject> stalePods(JsonObject rs, Instant time) {
        List<JsonObject> stale = new ArrayList<>();
        for (JsonObject pod : pods(rs)) {
            Instant created = time(pod.object("metadata").text("creationTimestamp"));
            if (created != null && created.isBefore(time)) {
                stale.add(pod);
            }
        }
        return stale;
    }

    /** The ReplicaSet of a revision, or {@code null}. */
    @Nullable
    JsonObject replicaSet(String hash) {
        for (JsonObject rs : owned(ArgoNames.REPLICA_SET)) {
            if (hash(rs).equals(hash)
                    && !rs.object("metadata").object("annotations").has(ArgoNames.EXPERIMENT_NAME)) {
                return rs;
            }
        }
        return null;
    }

    static Instant orEpoch(@Nullable Instant time) {
        return time == null ? Instant.EPOCH : time;
    }

    static @Nullable Instant time(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
