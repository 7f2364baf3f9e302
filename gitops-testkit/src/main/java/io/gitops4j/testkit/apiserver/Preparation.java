package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a kind does to its objects before they are admitted and stored: status reset, fixed fields set, built-in admission,
 * addresses given out.
 */
final class Preparation {
    private static final String GENERATION = "deprecated.daemonset.template.generation";

    private final ServerState server;
    private final Schemas schemas;
    private final ServiceAddresses addresses;
    private final Map<String, Json> zeroStatus = new HashMap<>();

    Preparation(ServerState server, Schemas schemas) {
        this.server = server;
        this.schemas = schemas;
        this.addresses = new ServiceAddresses(server);
    }

    /** A new object. */
    JsonObject create(WriteContext write, JsonObject object) {
        JsonObject out = object;
        if (write.type.has(Trait.STATUS)) {
            out = withoutStatus(write, out);
        }
        return switch (write.type.qualifiedResource()) {
            case "namespaces" -> namespace(out);
            case "pods" -> PodAdmission.create(server, pod(out));
            case "persistentvolumeclaims" -> finalizer(phase(out), "kubernetes.io/pvc-protection");
            case "persistentvolumes" ->
                finalizer(
                        Edit.into(
                                phase(out),
                                "status",
                                status -> status.with(
                                        "lastPhaseTransitionTime",
                                        Json.of(write.now
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString()))),
                        "kubernetes.io/pv-protection");
            case "nodes" -> node(out);
            case "daemonsets.apps" -> templateGeneration(out, 1);
            case "jobs.batch" -> job(out);
            default -> out;
        };
    }

    /** A changed object. */
    JsonObject update(WriteContext write, JsonObject live, JsonObject object) {
        return switch (write.type.qualifiedResource()) {
            case "daemonsets.apps" -> {
                long old = number(live.object("metadata").object("annotations").text(GENERATION, "1"));
                boolean same = object.object("spec")
                        .object("template")
                        .equals(live.object("spec").object("template"));
                yield templateGeneration(object, same ? old : old + 1);
            }
            case "services" -> addresses.keep(live, object);
            case "jobs.batch" -> keepSelector(live, object);
            default -> object;
        };
    }

    /** What is given out at storage time, such as a Service's address. */
    JsonObject allocate(WriteContext write, @Nullable JsonObject live, JsonObject object) {
        return write.type.qualifiedResource().equals("services")
                        && write.subresource().isEmpty()
                ? addresses.allocate(live, object, write.isDryRun())
                : object;
    }

    private JsonObject withoutStatus(WriteContext write, JsonObject object) {
        JsonObject out = object.without("status");
        if (write.type.isCustom()) {
            return out;
        }
        Json zero = zeroStatus.computeIfAbsent(write.type.qualifiedResource() + write.version, key -> {
            SchemaType type = schemas.type(write.type, write.version);
            Json status = new TypedForm(true).read(type, JsonObject.empty()).get("status");
            return status == null ? Json.nul() : status;
        });
        return zero.isNull() ? out : out.with("status", zero);
    }

    static JsonObject namespace(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        JsonObject labels =
                metadata.object("labels").with("kubernetes.io/metadata.name", Json.of(metadata.text("name", "")));
        return object.with("metadata", metadata.with("labels", labels))
                .with("spec", object.object("spec").with("finalizers", JsonArray.of(Json.of("kubernetes"))))
                .with("status", JsonObject.of("phase", Json.of("Active")));
    }

    private static JsonObject pod(JsonObject object) {
        return object.with(
                "status",
                JsonObject.builder()
                        .put("phase", "Pending")
                        .put("qosClass", PodAdmission.qosClass(object.object("spec")))
                        .build());
    }

    private static JsonObject phase(JsonObject object) {
        return Edit.into(object, "status", status -> status.with("phase", Json.of("Pending")));
    }

    private static JsonObject finalizer(JsonObject object, String finalizer) {
        return Edit.into(object, "metadata", metadata -> {
            JsonArray finalizers = metadata.array("finalizers");
            return MetadataRules.texts(finalizers).contains(finalizer)
                    ? metadata
                    : metadata.with("finalizers", finalizers.appended(Json.of(finalizer)));
        });
    }

    private static JsonObject node(JsonObject object) {
        return Edit.into(object, "spec", spec -> {
            JsonArray taints = spec.array("taints");
            JsonObject taint = JsonObject.builder()
                    .put("effect", "NoSchedule")
                    .put("key", "node.kubernetes.io/not-ready")
                    .build();
            for (Json each : taints) {
                if (each instanceof JsonObject t
                        && t.text("key", "").equals("node.kubernetes.io/not-ready")
                        && t.text("effect", "").equals("NoSchedule")) {
                    return spec;
                }
            }
            return spec.with("taints", taints.appended(taint));
        });
    }

    private static JsonObject templateGeneration(JsonObject object, long generation) {
        return Edit.into(
                object,
                "metadata",
                metadata -> Edit.into(
                        metadata,
                        "annotations",
                        annotations -> annotations.with(GENERATION, Json.of(Long.toString(generation)))));
    }

    private static JsonObject job(JsonObject object) {
        JsonObject spec = object.object("spec");
        if (spec.bool("manualSelector", false)) {
            return object;
        }
        JsonObject metadata = object.object("metadata");
        JsonObject template = Edit.into(
                spec.object("template"),
                "metadata",
                m -> Edit.into(m, "labels", labels -> {
                    JsonObject out = labels;
                    for (String prefix : new String[] {"batch.kubernetes.io/", ""}) {
                        out = Edit.byDefault(out, prefix + "controller-uid", metadata.text("uid", ""));
                        out = Edit.byDefault(out, prefix + "job-name", metadata.text("name", ""));
                    }
                    return out;
                }));
        JsonObject selector = JsonObject.of(
                "matchLabels", JsonObject.of("batch.kubernetes.io/controller-uid", Json.of(metadata.text("uid", ""))));
        return object.with("spec", Edit.byDefault(spec.with("template", template), "selector", selector));
    }

    private static JsonObject keepSelector(JsonObject live, JsonObject object) {
        JsonObject spec = live.object("spec");
        Json selector = spec.get("selector");
        return selector == null ? object : Edit.into(object, "spec", s -> Edit.byDefault(s, "selector", selector));
    }

    private static long number(String text) {
        Json value = io.gitops4j.codec.JsonReader.parse(text).orNull();
        return value instanceof JsonNumber n && n.isLong() ? n.longValue() : 1;
    }
}
