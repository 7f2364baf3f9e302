package io.gitops4j.app;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * A cluster as Argo CD registers it: a Secret with the label {@code argocd.argoproj.io/secret-type: cluster}. Credentials are
 * left in the Secret and never shown.
 *
 * @param namespaces that the registration is limited to, empty for all
 * @param clusterResources whether cluster-scoped objects are managed in a limited registration
 * @param project that the cluster belongs to, {@code ""} for all
 */
public record ClusterSecret(
        String name,
        String server,
        List<String> namespaces,
        boolean clusterResources,
        String project,
        JsonObject labels,
        JsonObject annotations) {
    /** The label that marks cluster Secrets. */
    public static final String TYPE_LABEL = "argocd.argoproj.io/secret-type";

    /** Whether a Secret registers a cluster. */
    public static boolean isClusterSecret(JsonObject secret) {
        return "cluster".equals(secret.object("metadata").object("labels").text(TYPE_LABEL));
    }

    /**
     * Reads a registration. Errors: {@code CLUSTER_SECRET_KIND}, {@code CLUSTER_SECRET_SERVER}, and {@code BAD_CLUSTER}, which
     * names the field and shows nothing of the configuration.
     */
    public static Outcome<ClusterSecret> of(JsonObject secret) {
        if (!secret.text("kind", "").equals("Secret") || !isClusterSecret(secret)) {
            return Outcome.failed(Problem.error("CLUSTER_SECRET_KIND", "not a cluster Secret"));
        }
        String server = value(secret, "server");
        String name = value(secret, "name");
        if (server.isEmpty()) {
            return Outcome.failed(Problem.error(
                    "CLUSTER_SECRET_SERVER",
                    "cluster Secret " + secret.object("metadata").text("name", "") + " has no server"));
        }
        String wrong = wrong(secret, server);
        if (!wrong.isEmpty()) {
            return Outcome.failed(Problem.error(
                    "BAD_CLUSTER", "cluster Secret " + secret.object("metadata").text("name", "") + ": " + wrong));
        }
        String namespaces = value(secret, "namespaces");
        JsonObject metadata = secret.object("metadata");
        return Outcome.of(new ClusterSecret(
                name.isEmpty() ? server : name,
                server,
                namespaces.isEmpty()
                        ? List.of()
                        : com.google.common.base.Splitter.on(',').trimResults().splitToList(namespaces),
                value(secret, "clusterResources").equals("true"),
                value(secret, "project"),
                metadata.object("labels"),
                metadata.object("annotations")));
    }

    /** The field that is wrong and how, without what it holds. */
    private static String wrong(JsonObject secret, String server) {
        if (!server.startsWith("https://") && !server.startsWith("http://")) {
            return "server is no http or https URL";
        }
        String shard = value(secret, "shard");
        if (!shard.isEmpty() && !shard.matches("[0-9]{1,6}")) {
            return "shard is no number from 0 on";
        }
        String config = value(secret, "config");
        if (config.isEmpty()) {
            return "";
        }
        if (!(JsonReader.parse(config).orNull() instanceof JsonObject options)) {
            return "config is no JSON object";
        }
        JsonObject tls = options.object("tlsClientConfig");
        return tls.bool("insecure", false) && !tls.text("caData", "").isEmpty()
                ? "config.tlsClientConfig has both insecure and caData"
                : "";
    }

    private static String value(JsonObject secret, String key) {
        String plain = secret.object("stringData").text(key);
        if (plain != null) {
            return plain;
        }
        Json encoded = secret.object("data").get(key);
        String text = encoded == null ? null : encoded.textOrNull();
        if (text == null) {
            return "";
        }
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
