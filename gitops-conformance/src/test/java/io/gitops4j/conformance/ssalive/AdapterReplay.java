package io.gitops4j.conformance.ssalive;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.k8s.KubernetesCluster;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.GitOpsException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One recorded case through the cluster adapter: by its SPI where that can say it, raw where it cannot. */
final class AdapterReplay {
    private final KubernetesCluster cluster;
    private final JsonObject given;
    private final List<String> warnings;
    private final boolean judgeWarnings;
    private final Gvk gvk;
    private final String namespace;
    private @Nullable Json lastObject;
    private @Nullable Json lastFields;

    /** @param judgeWarnings whether a step is wrong that warns where none was recorded, or the other way round */
    AdapterReplay(KubernetesCluster cluster, JsonObject given, List<String> warnings, boolean judgeWarnings) {
        this.judgeWarnings = judgeWarnings;
        this.cluster = cluster;
        this.given = given;
        this.warnings = warnings;
        this.gvk = Gvk.of(given.text("apiVersion", ""), given.text("kind", ""));
        this.namespace = given.bool("namespaced", false) ? "t" : "";
    }

    /** What differs first from the recorded answers, {@code ""} when nothing does. */
    String firstDifference() {
        int number = 0;
        for (Json item : given.array("steps")) {
            number++;
            JsonObject step = (JsonObject) item;
            JsonObject want = step.object("result");
            JsonObject got = result(step);
            for (String part : List.of("code", "same", "object", "managedFields")) {
                if (!Objects.equals(want.get(part), got.get(part))) {
                    return "step " + number + " " + part + ": want " + want.get(part) + " got " + got.get(part);
                }
            }
            for (String part : List.of("reason", "causes")) {
                Json wanted = want.object("error").get(part);
                Json given = got.object("error").get(part);
                if (!Objects.equals(wanted, given)) {
                    return "step " + number + " " + part + ": want " + wanted + " got " + given;
                }
            }
            if (judgeWarnings && want.has("warnings") != !warnings.isEmpty()) {
                return "step " + number + " warnings: want " + want.get("warnings") + " got " + warnings;
            }
        }
        return "";
    }

    private JsonObject result(JsonObject step) {
        warnings.clear();
        boolean existed = step.text("op", "").equals("apply") && live() != null;
        warnings.clear();
        try {
            JsonObject object = call(step);
            JsonObject.Builder result = JsonObject.builder().put("code", code(step, existed));
            if (!step.text("op", "").equals("delete")) {
                show(object, result);
            }
            return result.build();
        } catch (ApiException refusal) {
            return JsonObject.builder()
                    .put("code", refusal.status().code())
                    .put("error", error(refusal.status()))
                    .build();
        }
    }

    /** The SPI tells success from refusal; which 2xx it was follows from what there was before. */
    private static int code(JsonObject step, boolean existed) {
        String op = step.text("op", "");
        boolean created = op.equals("create") || (op.equals("apply") && !existed);
        return created ? 201 : 200;
    }

    private void show(JsonObject object, JsonObject.Builder result) {
        Json shown = Normal.object(object);
        Json fields = Normal.managedFields(object);
        if (shown.equals(lastObject) && Objects.equals(fields, lastFields)) {
            result.put("same", true);
            return;
        }
        lastObject = shown;
        lastFields = fields;
        result.put("object", shown);
        if (fields != null) {
            result.put("managedFields", fields);
        }
    }

    private JsonObject error(ApiStatus status) {
        List<String> kept = List.copyOf(warnings);
        JsonObject live = live();
        warnings.clear();
        warnings.addAll(kept);
        String uid = live == null ? "" : live.object("metadata").text("uid", "");
        JsonObject.Builder error = JsonObject.builder().put("reason", status.reason());
        JsonArray causes = status.details().array("causes");
        if (!causes.isEmpty()) {
            error.put("causes", Normal.causes(causes, uid));
        }
        return error.build();
    }

    private @Nullable JsonObject live() {
        try {
            return cluster.get(ObjectRef.of(gvk, namespace, given.text("object", "")))
                    .orElse(null);
        } catch (GitOpsException missing) {
            return null;
        }
    }

    private JsonObject call(JsonObject step) {
        Gvk version = Gvk.of(step.text("apiVersion", gvk.apiVersion()), gvk.kind());
        ObjectRef ref = new ObjectRef(version, namespace, given.text("object", ""), step.text("subresource", ""));
        String op = step.text("op", "");
        if (op.equals("get")) {
            return cluster.get(ref).orElseThrow(() -> new ApiException(ApiStatus.of(404, "NotFound", "")));
        }
        if (op.equals("delete")) {
            return cluster.delete(
                    ref,
                    new DeleteOptions(DeleteOptions.Propagation.BACKGROUND, step.bool("dryRun", false), 0, null, null));
        }
        Json body = filled(step.get("body"));
        String manager = step.text("manager");
        boolean plain = body instanceof JsonObject || op.equals("patch") && body instanceof JsonArray;
        boolean forced = step.has("force") && !op.equals("apply");
        boolean placed = !op.equals("create")
                || body instanceof JsonObject object
                        && ObjectRef.of(object).namespace().equals(namespace)
                        && ObjectRef.of(object).gvk().equals(version);
        return plain && manager != null && !manager.isEmpty() && !forced && placed
                ? bySpi(op, ref, body, step, manager)
                : raw(op, ref, body, step);
    }

    private JsonObject bySpi(String op, ObjectRef ref, Json body, JsonObject step, String manager) {
        WriteOptions options = WriteOptions.defaults()
                .withFieldManager(manager)
                .withForce(step.bool("force", false))
                .withDryRun(step.bool("dryRun", false))
                .withFieldValidation(step.text("fieldValidation", ""));
        return switch (op) {
            case "create" -> cluster.create((JsonObject) body, options);
            case "update" -> cluster.replace(ref, (JsonObject) body, options);
            case "apply" -> cluster.apply(ref, (JsonObject) body, options);
            default -> cluster.patch(ref, format(step), body, options);
        };
    }

    private JsonObject raw(String op, ObjectRef ref, @Nullable Json body, JsonObject step) {
        List<String> query = new ArrayList<>();
        String manager = step.text("manager");
        if (manager != null) {
            query.add("fieldManager=" + URLEncoder.encode(manager, StandardCharsets.UTF_8));
        }
        if (step.get("force") instanceof JsonBool force) {
            query.add("force=" + force.value());
        }
        if (step.bool("dryRun", false)) {
            query.add("dryRun=All");
        }
        if (step.has("fieldValidation")) {
            query.add("fieldValidation=" + step.text("fieldValidation"));
        }
        String text = body == null ? "" : body.textOrNull() == null ? body.toJson() : body.textOrNull();
        String collection = (ref.gvk().group().isEmpty() ? "/api/" : "/apis/")
                + ref.gvk().apiVersion()
                + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
                + "/" + given.text("plural", "");
        String path = op.equals("create") ? collection : collection + "/" + ref.name();
        String sub = ref.subresource().isEmpty() ? "" : "/" + ref.subresource();
        String type = op.equals("apply")
                ? PatchType.APPLY.contentType()
                : format(step).contentType();
        String method = op.equals("create") ? "POST" : op.equals("update") ? "PUT" : "PATCH";
        return cluster.raw(
                method,
                path + sub + (query.isEmpty() ? "" : "?" + String.join("&", query)),
                method.equals("PATCH") ? type : "application/json",
                text == null ? "" : text);
    }

    private static PatchType format(JsonObject step) {
        return switch (step.text("type", "")) {
            case "json" -> PatchType.JSON;
            case "strategic" -> PatchType.STRATEGIC;
            default -> PatchType.MERGE;
        };
    }

    private @Nullable Json filled(@Nullable Json body) {
        if (!(body instanceof JsonObject object) || !(object.get("metadata") instanceof JsonObject metadata)) {
            return body;
        }
        JsonObject out = metadata;
        for (String field : List.of("resourceVersion", "uid")) {
            if ("$live".equals(metadata.text(field))) {
                JsonObject live = live();
                out = out.with(
                        field,
                        Json.of(live == null ? "" : live.object("metadata").text(field, "")));
            }
        }
        return object.with("metadata", out);
    }
}
