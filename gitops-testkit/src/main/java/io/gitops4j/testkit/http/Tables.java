package io.gitops4j.testkit.http;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.CustomType;
import io.gitops4j.testkit.apiserver.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tables, as {@code kubectl get} asks for them. */
final class Tables {
    private final InstantSource time;

    Tables(InstantSource time) {
        this.time = time;
    }

    /** One column and how a cell of it is made. */
    private record Column(String name, String type, int priority, Function<JsonObject, Json> cell) {

        static Column text(String name, Function<JsonObject, String> cell) {
            return new Column(name, "string", 0, object -> Json.of(cell.apply(object)));
        }
    }

    /** The table of an object or a list. */
    JsonObject of(JsonObject object, ResourceType type) {
        List<Column> columns = columns(type);
        JsonArray.Builder definitions = JsonArray.builder();
        for (Column column : columns) {
            definitions.add(JsonObject.builder()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.name().equals("Name") ? "name" : "")
                    .put("description", "")
                    .put("priority", column.priority())
                    .build());
        }
        boolean list = object.get("items") instanceof JsonArray
                && object.text("kind", "").endsWith("List");
        JsonArray.Builder rows = JsonArray.builder();
        for (Json item : list ? object.array("items") : JsonArray.of(object)) {
            JsonObject each = (JsonObject) item;
            JsonArray.Builder cells = JsonArray.builder();
            columns.forEach(column -> cells.add(column.cell().apply(each)));
            rows.add(JsonObject.of("cells", cells.build(), "object", metadataOnly(each)));
        }
        JsonObject metadata = object.object("metadata");
        JsonObject.Builder meta = JsonObject.builder();
        for (String key : List.of("resourceVersion", "continue", "remainingItemCount")) {
            meta.putIfPresent(key, metadata.get(key));
        }
        return JsonObject.builder()
                .put("kind", "Table")
                .put("apiVersion", "meta.k8s.io/v1")
                .put("metadata", meta.build())
                .put("columnDefinitions", definitions.build())
                .put("rows", rows.build())
                .build();
    }

    /** The object or list reduced to metadata. */
    static JsonObject metadataOnly(JsonObject object) {
        boolean list = object.get("items") instanceof JsonArray
                && object.text("kind", "").endsWith("List");
        if (!list) {
            return JsonObject.builder()
                    .put("kind", "PartialObjectMetadata")
                    .put("apiVersion", "meta.k8s.io/v1")
                    .put("metadata", object.object("metadata"))
                    .build();
        }
        JsonArray.Builder items = JsonArray.builder();
        object.array("items").forEach(item -> items.add(metadataOnly((JsonObject) item)));
        return JsonObject.builder()
                .put("kind", "PartialObjectMetadataList")
                .put("apiVersion", "meta.k8s.io/v1")
                .put("metadata", object.object("metadata"))
                .put("items", items.build())
                .build();
    }

    private List<Column> columns(ResourceType type) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("Name", object -> object.object("metadata").text("name", "")));
        CustomType custom = type.crd();
        if (custom != null) {
            custom(custom, columns);
        } else {
            builtIn(type.qualifiedResource(), columns);
        }
        columns.add(Column.text("Age", object -> age(object.object("metadata").text("creationTimestamp"))));
        return columns;
    }

    private void custom(CustomType custom, List<Column> columns) {
        for (JsonObject version : custom.versions().values()) {
            for (Json item : version.array("additionalPrinterColumns")) {
                JsonObject column = item instanceof JsonObject object ? object : JsonObject.empty();
                String path = column.text("jsonPath", "");
                if (path.equals(".metadata.creationTimestamp")) {
                    continue;
                }
                int priority = column.get("priority") instanceof JsonNumber n ? n.intValueOr(0) : 0;
                boolean date = column.text("type", "").equals("date");
                columns.add(new Column(column.text("name", ""), column.text("type", "string"), priority, object -> {
                    Json value = at(object, path);
                    return date
                            ? Json.of(age(value == null ? null : value.textOrNull()))
                            : value == null ? Json.nul() : value;
                }));
            }
            return;
        }
    }

    private static @Nullable Json at(JsonObject object, String path) {
        Json at = object;
        for (String token : path.replace("[", ".").replace("]", "").split("\\.", -1)) {
            if (!token.isEmpty()) {
                at = at == null ? null : at.child(token);
            }
        }
        return at;
    }

    private void builtIn(String resource, List<Column> columns) {
        switch (resource) {
            case "pods" -> {
                columns.add(Column.text("Ready", object -> ready(object)));
                columns.add(Column.text("Status", object -> podStatus(object)));
                columns.add(Column.text("Restarts", object -> "0"));
            }
            case "deployments.apps" -> {
                columns.add(Column.text(
                        "Ready",
                        object ->
                                number(object, "status", "readyReplicas") + "/" + number(object, "spec", "replicas")));
                columns.add(Column.text("Up-to-date", object -> number(object, "status", "updatedReplicas")));
                columns.add(Column.text("Available", object -> number(object, "status", "availableReplicas")));
            }
            case "replicasets.apps" -> {
                columns.add(Column.text("Desired", object -> number(object, "spec", "replicas")));
                columns.add(Column.text("Current", object -> number(object, "status", "replicas")));
                columns.add(Column.text("Ready", object -> number(object, "status", "readyReplicas")));
            }
            case "statefulsets.apps" ->
                columns.add(Column.text(
                        "Ready",
                        object ->
                                number(object, "status", "readyReplicas") + "/" + number(object, "spec", "replicas")));
            case "daemonsets.apps" -> {
                columns.add(Column.text("Desired", object -> number(object, "status", "desiredNumberScheduled")));
                columns.add(Column.text("Ready", object -> number(object, "status", "numberReady")));
            }
            case "jobs.batch" -> {
                columns.add(Column.text("Status", object -> jobStatus(object)));
                columns.add(Column.text(
                        "Completions",
                        object -> number(object, "status", "succeeded") + "/" + number(object, "spec", "completions")));
            }
            case "services" -> {
                columns.add(Column.text("Type", object -> object.object("spec").text("type", "")));
                columns.add(Column.text(
                        "Cluster-IP", object -> object.object("spec").text("clusterIP", "<none>")));
                columns.add(Column.text("External-IP", object -> "<none>"));
                columns.add(Column.text("Port(s)", object -> ports(object)));
            }
            case "configmaps" ->
                columns.add(Column.text(
                        "Data",
                        object -> Integer.toString(object.object("data").size()
                                + object.object("binaryData").size())));
            case "secrets" -> {
                columns.add(Column.text("Type", object -> object.text("type", "")));
                columns.add(Column.text(
                        "Data", object -> Integer.toString(object.object("data").size())));
            }
            case "namespaces", "persistentvolumeclaims", "persistentvolumes" ->
                columns.add(
                        Column.text("Status", object -> object.object("status").text("phase", "")));
            case "events" -> {
                columns.add(Column.text("Type", object -> object.text("type", "")));
                columns.add(Column.text("Reason", object -> object.text("reason", "")));
                columns.add(Column.text("Message", object -> object.text("message", "")));
            }
            default -> {}
        }
    }

    private static String number(JsonObject object, String part, String field) {
        Json value = object.object(part).get(field);
        return value == null ? "0" : value.toJson();
    }

    private static String ready(JsonObject pod) {
        int all = pod.object("spec").array("containers").size();
        int ready = 0;
        for (Json each : pod.object("status").array("containerStatuses")) {
            ready += each instanceof JsonObject status && status.bool("ready", false) ? 1 : 0;
        }
        return ready + "/" + all;
    }

    private static String podStatus(JsonObject pod) {
        return pod.object("metadata").has("deletionTimestamp")
                ? "Terminating"
                : pod.object("status").text("phase", "");
    }

    private static String jobStatus(JsonObject job) {
        for (Json each : job.object("status").array("conditions")) {
            if (each instanceof JsonObject condition
                    && condition.text("status", "").equals("True")) {
                return condition.text("type", "");
            }
        }
        return "Running";
    }

    private static String ports(JsonObject service) {
        List<String> ports = new ArrayList<>();
        for (Json each : service.object("spec").array("ports")) {
            JsonObject port = (JsonObject) each;
            Json node = port.get("nodePort");
            ports.add(port.get("port") + (node == null ? "" : ":" + node) + "/" + port.text("protocol", "TCP"));
        }
        return ports.isEmpty() ? "<none>" : String.join(",", ports);
    }

    private String age(@Nullable String timestamp) {
        if (timestamp == null) {
            return "<unknown>";
        }
        try {
            return human(Duration.between(Instant.parse(timestamp), time.instant()));
        } catch (DateTimeParseException notATime) {
            return "<unknown>";
        }
    }

    /** A duration as short as kubectl prints it: {@code 90s}, {@code 5m30s}, {@code 3h}, {@code 4d2h}. */
    private static String human(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        if (hours < 8) {
            return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        return days < 8 ? days + "d" + (hours % 24 == 0 ? "" : hours % 24 + "h") : days + "d";
    }
}
