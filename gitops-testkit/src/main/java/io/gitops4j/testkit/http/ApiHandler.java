package io.gitops4j.testkit.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.DeleteOptions.Propagation;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.apiserver.ApiRequest;
import io.gitops4j.testkit.apiserver.ApiRequest.Params;
import io.gitops4j.testkit.apiserver.ApiRequest.User;
import io.gitops4j.testkit.apiserver.ApiRequest.Verb;
import io.gitops4j.testkit.apiserver.ApiResponse;
import io.gitops4j.testkit.apiserver.RequestBody;
import io.gitops4j.testkit.apiserver.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns HTTP requests into {@link ApiRequest}s and answers into HTTP. */
final class ApiHandler implements HttpHandler {
    private static final int BODY_LIMIT = 3 * 1024 * 1024;

    private final FakeCluster cluster;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Tables tables;

    ApiHandler(FakeCluster cluster) {
        this.cluster = cluster;
        this.discovery = new Discovery(cluster.api().types());
        this.openApi = new OpenApi(cluster.api().types());
        this.tables = new Tables(cluster.time());
    }

    @Override
    public void handle(HttpExchange http) throws IOException {
        Reply reply = new Reply(http);
        try {
            String path = http.getRequestURI().getPath();
            if (!fixed(path, reply)) {
                Target target = Target.of(path);
                if (target == null) {
                    throw notFound();
                }
                resource(http, target, reply);
            }
        } catch (ApiException refusal) {
            reply.status(refusal.status());
        } catch (RuntimeException fault) {
            reply.status(ApiStatus.of(500, "InternalError", "Internal error occurred: " + fault));
        } finally {
            http.close();
        }
    }

    private boolean fixed(String path, Reply reply) throws IOException {
        String accept = reply.accept();
        switch (path) {
            case "/healthz", "/livez", "/readyz" -> reply.text("ok");
            case "/version" -> reply.json(200, version());
            case "/api" -> reply.typed(discovery.core(accept), discovery.contentType(accept));
            case "/apis" -> reply.typed(discovery.groups(accept), discovery.contentType(accept));
            case "/" -> reply.json(200, discovery.paths());
            case "/openapi/v2" -> reply.json(200, openApi.v2());
            case "/openapi/v3" -> reply.json(200, openApi.index());
            default -> {
                JsonObject document = path.startsWith("/openapi/v3/")
                        ? openApi.v3(path.substring("/openapi/v3/".length()))
                        : discovery.document(path);
                if (document == null) {
                    return false;
                }
                reply.json(200, document);
            }
        }
        return true;
    }

    private JsonObject version() {
        return JsonObject.builder()
                .put("major", "1")
                .put("minor", "36")
                .put("gitVersion", cluster.version())
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "")
                .put("platform", "linux/amd64")
                .build();
    }

    private static ApiException notFound() {
        return new ApiException(ApiStatus.of(404, "NotFound", "the server could not find the requested resource"));
    }

    private void resource(HttpExchange http, Target target, Reply reply) throws IOException {
        ResourceType type = cluster.api().types().find(target.group(), target.version(), target.plural());
        if (type == null) {
            throw notFound();
        }
        ObjectRef ref =
                new ObjectRef(type.gvk(target.version()), target.namespace(), target.name(), target.subresource());
        Query query = new Query(http.getRequestURI().getRawQuery());
        User user = user(http);
        String method = http.getRequestMethod().toUpperCase(Locale.ROOT);
        switch (method) {
            case "GET" -> read(ref, type, query, user, reply);
            case "POST" -> post(http, ref, type, query, user, reply);
            case "PUT" -> {
                RequestBody body = body(http, query, null);
                ObjectRef at = ref.subresource().equals("finalize") ? ref.sub("") : ref;
                send(ApiRequest.write(Verb.UPDATE, at, body.json(), params(http, query, body), user), type, reply);
            }
            case "PATCH" -> {
                PatchType format = patchType(http);
                RequestBody body = body(http, query, format);
                send(ApiRequest.patch(ref, format, body.json(), params(http, query, body), user), type, reply);
            }
            case "DELETE" -> delete(http, ref, type, query, user, reply);
            default ->
                throw new ApiException(ApiStatus.of(
                        405, "MethodNotAllowed", "the server does not allow this method on the requested resource"));
        }
    }

    private void send(ApiRequest request, ResourceType type, Reply reply) throws IOException {
        ApiResponse response = cluster.call(request);
        reply.warnings(response.warnings());
        reply.json(response.code(), shown(response.object(), type, reply));
    }

    private JsonObject shown(JsonObject object, ResourceType type, Reply reply) {
        if (reply.asks("Table") && !object.text("kind", "").equals("Status")) {
            return tables.of(object, type);
        }
        return reply.asks("PartialObjectMetadata") || reply.asks("PartialObjectMetadataList")
                ? Tables.metadataOnly(object)
                : object;
    }

    private void read(ObjectRef ref, ResourceType type, Query query, User user, Reply reply) throws IOException {
        boolean watch = query.isTrue("watch");
        if (!ref.name().isEmpty() && !watch) {
            send(ApiRequest.get(ref, user), type, reply);
            return;
        }
        String fields = query.get("fieldSelector", "");
        if (!ref.name().isEmpty()) {
            fields = "metadata.name=" + ref.name();
        }
        ListQuery list = new ListQuery(
                ref.gvk(),
                ref.namespace(),
                query.get("labelSelector", ""),
                fields,
                query.number("limit", 0),
                query.get("continue", ""),
                query.get("resourceVersion", ""));
        if (watch) {
            WatchReply.Options options = new WatchReply.Options(
                    query.isTrue("allowWatchBookmarks"),
                    query.isTrue("sendInitialEvents"),
                    query.number("timeoutSeconds", 1800));
            ApiRequest request = ApiRequest.list(Verb.WATCH, list, user);
            new WatchReply(cluster, request, options, object -> shown(object, type, reply)).stream(reply);
            return;
        }
        send(ApiRequest.list(Verb.LIST, list, user), type, reply);
    }

    private void post(HttpExchange http, ObjectRef ref, ResourceType type, Query query, User user, Reply reply)
            throws IOException {
        RequestBody body = body(http, query, null);
        if (type.plural().equals("pods") && ref.subresource().equals("eviction")) {
            JsonObject eviction = body.json() instanceof JsonObject object ? object : JsonObject.empty();
            DeleteOptions options = deleteOptions(query, eviction.object("deleteOptions"));
            cluster.call(ApiRequest.evict(
                    ref.sub(""), query.all("dryRun").isEmpty() ? options : options.withDryRun(true), user));
            reply.json(201, success(JsonObject.empty()));
            return;
        }
        if (type.plural().equals("pods") && ref.subresource().equals("binding")) {
            String node =
                    body.json() instanceof JsonObject b ? b.object("target").text("name", "") : "";
            JsonObject patch = JsonObject.of("spec", JsonObject.of("nodeName", Json.of(node)));
            cluster.call(ApiRequest.patch(ref.sub(""), PatchType.MERGE, patch, params(http, query, body), user));
            reply.json(201, success(JsonObject.empty()));
            return;
        }
        if (!ref.name().isEmpty() && !ref.subresource().isEmpty()) {
            throw notFound();
        }
        send(ApiRequest.write(Verb.CREATE, ref, body.json(), params(http, query, body), user), type, reply);
    }

    private static JsonObject success(JsonObject object) {
        return JsonObject.builder()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("metadata", JsonObject.empty())
                .put("status", "Success")
                .put(
                        "details",
                        object.object("metadata").has("name")
                                ? JsonObject.of(
                                        "name",
                                        Json.of(object.object("metadata").text("name", "")))
                                : JsonObject.empty())
                .put("code", 201)
                .build();
    }

    private void delete(HttpExchange http, ObjectRef ref, ResourceType type, Query query, User user, Reply reply)
            throws IOException {
        String text = text(http);
        Json body = text.isBlank() ? JsonObject.empty() : JsonReader.parse(text).orNull();
        DeleteOptions options = deleteOptions(query, body == null ? JsonObject.empty() : body);
        if (!ref.name().isEmpty()) {
            send(ApiRequest.delete(ref, options, user), type, reply);
            return;
        }
        ListQuery list = new ListQuery(
                ref.gvk(), ref.namespace(), query.get("labelSelector", ""), query.get("fieldSelector", ""), 0, "", "");
        Params params = Params.none().dry(options.dryRun());
        send(new ApiRequest(Verb.DELETE_COLLECTION, ref, null, null, params, list, options, user), type, reply);
    }

    /** A body, where there is one, is all that counts; the parameters of the URL are then not looked at. */
    private static DeleteOptions deleteOptions(Query asked, Json json) {
        JsonObject body = json instanceof JsonObject object ? object : JsonObject.empty();
        Query query = body.isEmpty() ? asked : new Query("");
        JsonObject conditions = body.object("preconditions");
        String policy = body.text("propagationPolicy", query.get("propagationPolicy", "Background"));
        boolean orphan = body.bool("orphanDependents", query.isTrue("orphanDependents"));
        Propagation propagation = switch (policy) {
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default -> orphan ? Propagation.ORPHAN : Propagation.BACKGROUND;
        };
        Integer grace = body.get("gracePeriodSeconds") instanceof JsonNumber number
                ? Integer.valueOf(number.intValueOr(0))
                : query.get("gracePeriodSeconds") == null
                        ? null
                        : Integer.valueOf(query.number("gracePeriodSeconds", 0));
        boolean dry = !body.array("dryRun").isEmpty() || !query.all("dryRun").isEmpty();
        return new DeleteOptions(propagation, dry, grace, conditions.text("uid"), conditions.text("resourceVersion"));
    }

    private static Params params(HttpExchange http, Query query, RequestBody body) {
        String force = query.get("force");
        String agent = http.getRequestHeaders().getFirst("User-Agent");
        return new Params(
                query.get("fieldManager"),
                force == null ? null : Boolean.valueOf(force.equals("true")),
                query.get("fieldValidation"),
                query.all("dryRun"),
                body.strictErrors(),
                agent == null ? "unknown" : agent);
    }

    private static User user(HttpExchange http) {
        String name = http.getRequestHeaders().getFirst("Impersonate-User");
        if (name == null) {
            return User.admin();
        }
        List<String> groups = http.getRequestHeaders().getOrDefault("Impersonate-Group", List.of());
        return new User(name, groups);
    }

    private static String contentType(HttpExchange http) {
        String type = http.getRequestHeaders().getFirst("Content-Type");
        String plain = type == null ? "application/json" : type;
        int semicolon = plain.indexOf(';');
        return (semicolon < 0 ? plain : plain.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static PatchType patchType(HttpExchange http) {
        String type = contentType(http);
        for (PatchType format : PatchType.values()) {
            if (format.contentType().equals(type)) {
                return format;
            }
        }
        throw unsupported(
                "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json,"
                        + " application/apply-patch+yaml");
    }

    private static ApiException unsupported(String accepted) {
        return new ApiException(ApiStatus.of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted));
    }

    private static RequestBody body(HttpExchange http, Query query, @Nullable PatchType format) throws IOException {
        String type = contentType(http);
        String validation = query.get("fieldValidation");
        if (format != null) {
            return RequestBody.read(text(http), format, validation);
        }
        return switch (type) {
            case "application/yaml", "application/x-yaml", "text/yaml" -> RequestBody.yaml(text(http), validation);
            case "application/vnd.kubernetes.protobuf" -> protobuf(http);
            case "application/json", "text/plain" -> RequestBody.read(text(http), null, validation);
            default -> throw unsupported("application/json, application/yaml");
        };
    }

    private static RequestBody protobuf(HttpExchange http) throws IOException {
        try {
            return new RequestBody(ProtobufBody.read(bytes(http)), List.of());
        } catch (ProtobufBody.Unreadable unreadable) {
            throw unsupported("application/json, application/yaml");
        }
    }

    private static String text(HttpExchange http) throws IOException {
        return new String(bytes(http), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(HttpExchange http) throws IOException {
        byte[] bytes = http.getRequestBody().readNBytes(BODY_LIMIT + 1);
        if (bytes.length > BODY_LIMIT) {
            throw new ApiException(
                    ApiStatus.of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + BODY_LIMIT));
        }
        return bytes;
    }
}
