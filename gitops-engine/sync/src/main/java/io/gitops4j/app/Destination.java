package io.gitops4j.app;

import io.gitops4j.json.JsonObject;

/**
 * Where an Application goes: a cluster by server or by name, and a namespace.
 *
 * @param server URL of the API server, {@code ""} when the name is given
 * @param name name of the cluster, {@code ""} when the server is given
 * @param namespace for objects that name none
 */
public record Destination(String server, String name, String namespace) {
    /** The server under which the cluster knows itself. */
    public static final String IN_CLUSTER = "https://kubernetes.default.svc";

    static Destination of(JsonObject body) {
        return new Destination(body.text("server", ""), body.text("name", ""), body.text("namespace", ""));
    }

    /** The cluster as people name it. */
    public String cluster() {
        return name.isEmpty() ? server : name;
    }
}
