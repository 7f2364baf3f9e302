package io.gitops4j.testkit.controllers;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.selector.LabelSelector;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the EndpointSlice and the Endpoints of a Service in step with the pods that it selects. */
final class ServiceEndpoints implements Workloads.Controller {
    private final Client client;

    ServiceEndpoints(Client client) {
        this.client = client;
    }

    @Override
    public @Nullable Instant reconcile(JsonObject service) {
        JsonObject selector = service.object("spec").object("selector");
        if (selector.isEmpty() || Client.isDeleted(service)) {
            return null;
        }
        LabelSelector labels =
                LabelSelector.of(JsonObject.of("matchLabels", selector)).orThrow();
        List<JsonObject> pods = client.list(Client.POD, Client.namespace(service)).stream()
                .filter(pod -> labels.matches(pod.object("metadata").object("labels")))
                .filter(pod -> !pod.object("status").text("podIP", "").isEmpty() && !Client.isFinished(pod))
                .toList();
        slice(service, pods);
        endpoints(service, pods);
        return null;
    }

    private void slice(JsonObject service, List<JsonObject> pods) {
        JsonArray.Builder endpoints = JsonArray.builder();
        for (JsonObject pod : pods) {
            boolean ready = Client.isReady(pod);
            endpoints.add(JsonObject.builder()
                    .put("addresses", JsonArray.of(Json.of(pod.object("status").text("podIP", ""))))
                    .put(
                            "conditions",
                            JsonObject.builder()
                                    .put("ready", ready)
                                    .put("serving", ready)
                                    .put("terminating", Client.isDeleted(pod))
                                    .build())
                    .put("nodeName", pod.object("spec").text("nodeName", ""))
                    .put("targetRef", reference(pod))
                    .build());
        }
        String name = Client.name(service) + "-"
                + Client.hash(Json.of(Client.name(service))).substring(0, 5);
        JsonObject labels = JsonObject.builder()
                .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .put("kubernetes.io/service-name", Client.name(service))
                .build();
        write(JsonObject.builder()
                .put("apiVersion", "discovery.k8s.io/v1")
                .put("kind", "EndpointSlice")
                .put(
                        "metadata",
                        Client.metadata(service, name, labels, JsonObject.empty())
                                .build())
                .put("addressType", "IPv4")
                .put("endpoints", endpoints.build())
                .put("ports", ports(service))
                .build());
    }

    private void endpoints(JsonObject service, List<JsonObject> pods) {
        JsonArray.Builder ready = JsonArray.builder();
        JsonArray.Builder notReady = JsonArray.builder();
        for (JsonObject pod : pods) {
            (Client.isReady(pod) ? ready : notReady)
                    .add(JsonObject.builder()
                            .put("ip", pod.object("status").text("podIP", ""))
                            .put("nodeName", pod.object("spec").text("nodeName", ""))
                            .put("targetRef", reference(pod))
                            .build());
        }
        JsonObject.Builder subset = JsonObject.builder();
        if (ready.size() > 0) {
            subset.put("addresses", ready.build());
        }
        if (notReady.size() > 0) {
            subset.put("notReadyAddresses", notReady.build());
        }
        subset.put("ports", ports(service));
        write(JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Endpoints")
                .put(
                        "metadata",
                        Client.metadata(service, Client.name(service), JsonObject.empty(), JsonObject.empty())
                                .build())
                .put("subsets", pods.isEmpty() ? JsonArray.empty() : JsonArray.of(subset.build()))
                .build());
    }

    private static JsonObject reference(JsonObject pod) {
        return JsonObject.builder()
                .put("kind", "Pod")
                .put("name", Client.name(pod))
                .put("namespace", Client.namespace(pod))
                .put("uid", pod.object("metadata").text("uid", ""))
                .build();
    }

    private static JsonArray ports(JsonObject service) {
        JsonArray.Builder ports = JsonArray.builder();
        for (Json item : service.object("spec").array("ports")) {
            JsonObject port = (JsonObject) item;
            Json target = port.get("targetPort") instanceof JsonNumber number ? number : port.get("port");
            ports.add(JsonObject.builder()
                    .put("name", port.text("name", ""))
                    .putIfPresent("port", target)
                    .put("protocol", port.text("protocol", "TCP"))
                    .build());
        }
        return ports.build();
    }

    /** Creates, or replaces what differs. */
    private void write(JsonObject object) {
        if (client.create(object) != null) {
            return;
        }
        JsonObject patch =
                object.without("metadata").without("apiVersion").without("kind").without("addressType");
        client.patch(object, "", patch);
    }
}
