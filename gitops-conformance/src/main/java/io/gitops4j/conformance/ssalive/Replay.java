package io.gitops4j.conformance.ssalive;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.apiserver.ApiRequest;
import io.gitops4j.testkit.apiserver.ApiRequest.Params;
import io.gitops4j.testkit.apiserver.ApiRequest.User;
import io.gitops4j.testkit.apiserver.ApiRequest.Verb;
import io.gitops4j.testkit.apiserver.ApiResponse;
import io.gitops4j.testkit.apiserver.RequestBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One case against a cluster of its own. */
final class Replay {
    private static final String NAMESPACE = "t";

    private final JsonObject given;
    private final FakeCluster cluster;
    private final Gvk gvk;
    private final String namespace;
    private @Nullable Json lastObject;
    private @Nullable Json lastFields;

    Replay(JsonObject given, JsonObject crds) {
        this.given = given;
        this.cluster =
                FakeCluster.builder().namespaces(NAMESPACE).housekeeping(false).build();
        this.gvk = Gvk.of(given.text("apiVersion", ""), given.text("kind", ""));
        this.namespace = given.bool("namespaced", false) ? NAMESPACE : "";
        crds.forEach((kind, crd) -> cluster.api()
                .handle(ApiRequest.write(
                        Verb.CREATE, ObjectRef.of((JsonObject) crd), crd, Params.none(), User.admin())));
    }

    /** The steps with our results. */
    JsonArray run() {
        JsonArray.Builder out = JsonArray.builder();
        for (Json item : given.array("steps")) {
            JsonObject step = (JsonObject) item;
            out.add(step.with("result", result(step)));
        }
        return out.build();
    }

    private JsonObject result(JsonObject step) {
        try {
            ApiResponse response = cluster.call(request(step));
            JsonObject.Builder result = JsonObject.builder().put("code", response.code());
            if (!step.text("op", "").equals("delete")) {
                show(response.object(), result);
            }
            if (!response.warnings().isEmpty()) {
                JsonArray.Builder warnings = JsonArray.builder();
                response.warnings().forEach(warnings::add);
                result.put("warnings", warnings.build());
            }
            return result.build();
        } catch (ApiException refusal) {
            return JsonObject.builder()
                    .put("code", refusal.status().code())
                    .put("error", error(refusal.status()))
                    .build();
        }
    }

    private void show(JsonObject object, JsonObject.Builder result) {
        Json shown = Normal.object(object);
        Json fields = Normal.managedFields(object);
        if (shown.equals(lastObject) && (fields == null ? lastFields == null : fields.equals(lastFields))) {
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
        JsonObject live = live();
        String uid = live == null ? "" : live.object("metadata").text("uid", "");
        JsonObject.Builder error =
                JsonObject.builder().put("reason", status.reason()).put("message", Normal.text(status.message(), uid));
        JsonArray causes = status.details().array("causes");
        if (!causes.isEmpty()) {
            error.put("causes", Normal.causes(causes, uid));
        }
        return error.build();
    }

    private @Nullable JsonObject live() {
        try {
            return cluster.api()
                    .handle(ApiRequest.get(ObjectRef.of(gvk, namespace, given.text("object", "")), User.admin()))
                    .object();
        } catch (ApiException missing) {
            return null;
        }
    }

    private ApiRequest request(JsonObject step) {
        String version = step.text("apiVersion", gvk.apiVersion());
        ObjectRef ref = new ObjectRef(
                Gvk.of(version, gvk.kind()), namespace, given.text("object", ""), step.text("subresource", ""));
        String op = step.text("op", "");
        Params params = params(step);
        switch (op) {
            case "get" -> {
                return ApiRequest.get(ref, User.admin());
            }
            case "delete" -> {
                return ApiRequest.delete(
                        ref,
                        new DeleteOptions(DeleteOptions.Propagation.BACKGROUND, params.isDryRun(), 0, null, null),
                        User.admin());
            }
            default -> {}
        }
        Json body = filled(step.get("body"));
        String raw = body == null ? null : body.textOrNull();
        List<String> strict = new ArrayList<>();
        PatchType type = patchType(step);
        if (raw != null) {
            RequestBody parsed = RequestBody.read(raw, type, params.fieldValidation());
            body = parsed.json();
            strict.addAll(parsed.strictErrors());
        }
        Params sent = new Params(
                params.fieldManager(),
                params.force(),
                params.fieldValidation(),
                params.dryRun(),
                strict,
                params.userAgent());
        return switch (op) {
            case "create" -> ApiRequest.write(Verb.CREATE, ref, body == null ? Json.nul() : body, sent, User.admin());
            case "update" -> ApiRequest.write(Verb.UPDATE, ref, body == null ? Json.nul() : body, sent, User.admin());
            default ->
                ApiRequest.patch(
                        ref,
                        type == null ? PatchType.MERGE : type,
                        body == null ? Json.nul() : body,
                        sent,
                        User.admin());
        };
    }

    private static @Nullable PatchType patchType(JsonObject step) {
        if (step.text("op", "").equals("apply")) {
            return PatchType.APPLY;
        }
        return switch (step.text("type", "")) {
            case "json" -> PatchType.JSON;
            case "merge" -> PatchType.MERGE;
            case "strategic" -> PatchType.STRATEGIC;
            default -> null;
        };
    }

    private static Params params(JsonObject step) {
        return new Params(
                step.text("manager"),
                step.get("force") instanceof JsonBool force ? Boolean.valueOf(force.value()) : null,
                step.text("fieldValidation"),
                step.bool("dryRun", false) ? List.of("All") : List.of(),
                List.of(),
                "oracle/1");
    }

    /** The body with the object's present uid and resourceVersion where it says {@code $live}. */
    private @Nullable Json filled(@Nullable Json body) {
        if (!(body instanceof JsonObject object) || !(object.get("metadata") instanceof JsonObject metadata)) {
            return body;
        }
        JsonObject out = metadata;
        for (String field : List.of("resourceVersion", "uid")) {
            if ("$live".equals(metadata.text(field))) {
                JsonObject live = live();
                String value = live == null ? "" : live.object("metadata").text(field, "");
                out = out.with(field, Json.of(value));
            }
        }
        return object.with("metadata", out);
    }
}
