package io.gitops4j.conformance.argocd;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.sync.ResourceTracking;
import io.gitops4j.sync.TrackingId;
import java.util.Optional;

/** Sub-family {@code tracking}. */
final class TrackingCases {
    private TrackingCases() {}

    static Json answer(JsonObject in) {
        ResourceTracking tracking = new ResourceTracking(
                ResourceTracking.Method.of(in.text("method", "")),
                in.text("key", "").isEmpty() || in.text("key", "").equals(ResourceTracking.ANNOTATION)
                        ? ResourceTracking.DEFAULT_LABEL
                        : in.text("key", ""),
                in.text("installationId", ""));
        JsonObject object = in.object("object");
        return switch (in.text("op", "")) {
            case "parse" -> parsed(TrackingId.parse(in.text("value", "")));
            case "build" ->
                value(Json.of(new TrackingId(
                                in.text("app", ""),
                                in.text("group", ""),
                                in.text("kind", ""),
                                in.text("namespace", ""),
                                in.text("name", ""))
                        .toString()));
            case "truncate" -> truncated(ResourceTracking.labelValue(in.text("value", "")));
            case "getAppName" -> JsonObject.of("app", Json.of(tracking.appName(object)));
            case "getInstance" ->
                value(tracking.instance(object).map(TrackingCases::id).orElse(Json.nul()));
            case "set" -> set(tracking, in, object);
            case "remove" -> JsonObject.of("error", Json.nul(), "object", tracking.remove(object));
            case "normalize" ->
                JsonObject.of(
                        "error",
                        Json.nul(),
                        "live",
                        // without a configured method the reference leaves the live object as it is
                        in.text("method", "").startsWith("annotation")
                                ? tracking.normalize(in.object("target"), in.object("live"))
                                : in.object("live"));
            default -> JsonObject.of("unknownOp", Json.nul());
        };
    }

    private static Json set(ResourceTracking tracking, JsonObject in, JsonObject object) {
        Outcome<JsonObject> set = tracking.set(object, in.text("app", ""), in.text("namespace", ""));
        JsonObject value = set.orNull();
        if (value != null) {
            return JsonObject.of("error", Json.nul(), "object", value);
        }
        // the reference leaves the annotation behind when the label is refused
        ResourceTracking annotation = new ResourceTracking(
                ResourceTracking.Method.ANNOTATION, tracking.labelKey(), tracking.installationId());
        return JsonObject.of(
                "error",
                Json.of(set.problems().toString()),
                "object",
                annotation
                        .set(object, in.text("app", ""), in.text("namespace", ""))
                        .orThrow());
    }

    private static Json truncated(Outcome<String> label) {
        String value = label.orNull();
        return JsonObject.of(
                "error",
                value == null ? Json.of(label.problems().toString()) : Json.nul(),
                "value",
                Json.of(value == null ? "" : value));
    }

    private static Json value(Json value) {
        return JsonObject.of("value", value);
    }

    private static Json parsed(Optional<TrackingId> id) {
        return JsonObject.of(
                "error",
                id.isPresent() ? Json.nul() : Json.of("wrong format"),
                "value",
                id.map(TrackingCases::id).orElse(Json.nul()));
    }

    private static Json id(TrackingId id) {
        return JsonObject.builder()
                .put("app", id.app())
                .put("group", id.group())
                .put("kind", id.kind())
                .put("namespace", id.namespace())
                .put("name", id.name())
                .build();
    }
}
