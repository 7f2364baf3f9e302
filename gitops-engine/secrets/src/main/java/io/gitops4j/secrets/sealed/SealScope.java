package io.gitops4j.secrets.sealed;

import io.gitops4j.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** How far a sealed value may be moved. Source: secrets-dr-security §1.2. */
public enum SealScope {
    /** Bound to namespace and name. */
    STRICT,
    /** Bound to the namespace. */
    NAMESPACE_WIDE,
    /** Opens anywhere in the cluster. */
    CLUSTER_WIDE;

    static final String PREFIX = "sealedsecrets.bitnami.com/";

    /** The scope that the annotations of {@code metadata} choose; both set means cluster-wide, only {@code "true"} counts. */
    public static SealScope of(JsonObject metadata) {
        JsonObject annotations = metadata.object("annotations");
        if ("true".equals(annotations.text(PREFIX + "cluster-wide"))) {
            return CLUSTER_WIDE;
        }
        return "true".equals(annotations.text(PREFIX + "namespace-wide")) ? NAMESPACE_WIDE : STRICT;
    }

    /** The annotation that chooses this scope, {@code ""} for strict. */
    public String annotation() {
        return switch (this) {
            case STRICT -> "";
            case NAMESPACE_WIDE -> PREFIX + "namespace-wide";
            case CLUSTER_WIDE -> PREFIX + "cluster-wide";
        };
    }

    /** The OAEP label of a value in this scope. */
    byte[] label(String namespace, String name) {
        String text = switch (this) {
            case STRICT -> namespace + "/" + name;
            case NAMESPACE_WIDE -> namespace;
            case CLUSTER_WIDE -> "";
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
