package io.gitops4j.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.FakeCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeClusterServerTest {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    private final FakeCluster cluster = FakeCluster.create();
    private final HttpClient client = HttpClient.newHttpClient();
    private FakeClusterServer server;

    @BeforeEach
    void start() {
        server = FakeClusterServer.start(cluster, 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anObject_isCreatedReadListedPatchedAndDeleted() throws Exception {
        assertThat(send("POST", CONFIG_MAPS, "application/yaml", "metadata: {name: a}\ndata: {k: '1'}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("POST", CONFIG_MAPS, "application/json", "{\"metadata\":{\"name\":\"a\"}}")
                        .body())
                .contains("\"reason\":\"AlreadyExists\"");
        assertThat(send("PATCH", CONFIG_MAPS + "/a", "application/merge-patch+json", "{\"data\":{\"k\":\"2\"}}")
                        .body())
                .contains("\"k\":\"2\"");
        assertThat(json(get(CONFIG_MAPS + "?labelSelector=none", "application/json"))
                        .array("items"))
                .isEmpty();
        assertThat(send("DELETE", CONFIG_MAPS + "/a", "application/json", "").body())
                .contains("Success");
        assertThat(get(CONFIG_MAPS + "/a", "application/json").statusCode()).isEqualTo(404);
    }

    @Test
    void aTable_isAnsweredToWhoAsksForOne() throws Exception {
        create("a");

        JsonObject table = json(get(CONFIG_MAPS, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"));
        assertThat(table.text("kind")).isEqualTo("Table");
        assertThat(table.find("rows", "0", "cells", "0")).isEqualTo(Json.of("a"));
    }

    @Test
    void aWatch_isStreamed() throws Exception {
        create("a");
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + CONFIG_MAPS + "?watch=true"))
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("\"type\":\"ADDED\"").contains("\"name\":\"a\"");
            create("b");
            assertThat(lines.readLine()).contains("\"type\":\"ADDED\"").contains("\"name\":\"b\"");
        }
    }

    @Test
    void discoveryAndSchemas_areServed() throws Exception {
        String v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
        assertThat(get("/apis", v2).body()).contains("\"resource\":\"deployments\"");
        assertThat(get("/apis", "application/json").body()).contains("\"kind\":\"APIGroupList\"");
        assertThat(get("/apis/apps/v1", "application/json").body()).contains("\"name\":\"deployments/scale\"");
        assertThat(get("/openapi/v3", "application/json").body()).contains("apis/apps/v1");
        assertThat(get("/openapi/v3/apis/apps/v1", "application/json").body())
                .contains("\"x-kubernetes-patch-merge-key\":\"containerPort\"")
                .contains("fieldValidation");
        assertThat(get("/version", "application/json").body()).contains("v1.36.0");
        assertThat(get("/nope", "application/json").statusCode()).isEqualTo(404);
    }

    @Test
    void aProtobufBody_isRead() throws Exception {
        byte[] meta = {0x0a, 0x01, 'p'};
        byte[] raw = {0x0a, 3, meta[0], meta[1], meta[2], 0x12, 6, 0x0a, 1, 'k', 0x12, 1, 'v'};
        byte[] body = concat(
                new byte[] {'k', '8', 's', 0, 0x0a, 15, 0x0a, 2, 'v', '1', 0x12, 9},
                "ConfigMap".getBytes(StandardCharsets.UTF_8),
                new byte[] {0x12, (byte) raw.length},
                raw);
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + CONFIG_MAPS))
                .header("Content-Type", "application/vnd.kubernetes.protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();

        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        assertThat(json(response).get("data")).isEqualTo(JsonObject.of("k", Json.of("v")));
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private void create(String name) {
        cluster.create(
                JsonObject.builder()
                        .put("apiVersion", "v1")
                        .put("kind", "ConfigMap")
                        .put("metadata", JsonObject.of("name", Json.of(name)))
                        .build(),
                WriteOptions.defaults());
    }

    private static JsonObject json(HttpResponse<String> response) {
        return (JsonObject) JsonReader.parse(response.body()).orThrow();
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Accept", accept)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
