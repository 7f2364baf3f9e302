package io.gitops4j.k8s;

import io.fabric8.kubernetes.client.Config;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as Argo CD registers it: a Secret labelled {@code argocd.argoproj.io/secret-type: cluster} with {@code name},
 * {@code server} and {@code config}. Prints no credentials.
 *
 * <p>Source: argocd §1.6, secrets-dr-security §8 rows 90–91.
 */
public final class ArgoClusterSecret {
    private static final String LABEL = "argocd.argoproj.io/secret-type";

    private final String name;
    private final String server;
    private final JsonObject labels;
    private final JsonObject config;

    private ArgoClusterSecret(String name, String server, JsonObject labels, JsonObject config) {
        this.name = name;
        this.server = server;
        this.labels = labels;
        this.config = config;
    }

    /** Whether the Secret registers a cluster. */
    public static boolean isCluster(JsonObject secret) {
        return "cluster".equals(secret.object("metadata").object("labels").text(LABEL));
    }

    /** The registration in {@code secret}. Problem: {@code BAD_CLUSTER}, naming the field, never its value. */
    public static Outcome<ArgoClusterSecret> parse(JsonObject secret) {
        String id = secret.object("metadata").text("name", "");
        String server = value(secret, "server");
        String wrong = ServerUrl.wrong(server == null ? "" : server);
        if (server == null || !wrong.isEmpty()) {
            return bad(id, "server " + wrong);
        }
        String text = value(secret, "config");
        if (!(JsonReader.parse(text == null ? "{}" : text).orNull() instanceof JsonObject config)) {
            return bad(id, "config is no JSON object");
        }
        JsonObject tls = config.object("tlsClientConfig");
        if (tls.bool("insecure", false) && !tls.text("caData", "").isEmpty()) {
            return bad(id, "config.tlsClientConfig has both insecure and caData");
        }
        String shard = value(secret, "shard");
        if (shard != null && !shard.isEmpty() && !shard.matches("[0-9]{1,6}")) {
            return bad(id, "shard is no number");
        }
        String name = value(secret, "name");
        return Outcome.of(new ArgoClusterSecret(
                name == null || name.isEmpty() ? server : name,
                server,
                secret.object("metadata").object("labels"),
                config));
    }

    /** The name that Applications use. */
    public String name() {
        return name;
    }

    /** The URL of the API server. */
    public String server() {
        return server;
    }

    /** The Secret's labels, which generators select by. */
    public JsonObject labels() {
        return labels;
    }

    /** The cluster. Problem: {@code EXEC_IN_CLUSTER} when it would run a program to log in. */
    public Outcome<KubernetesCluster> open(ClientOptions options) {
        if (config.has("execProviderConfig") || config.has("awsAuthConfig")) {
            return Outcome.failed(Problem.error("EXEC_IN_CLUSTER", "cluster " + name + " runs a program to log in")
                    .hint("use a bearer token or a client certificate"));
        }
        JsonObject tls = config.object("tlsClientConfig");
        Config client = Config.empty();
        client.setMasterUrl(server);
        client.setTrustCerts(tls.bool("insecure", false));
        set(tls.text("caData"), client::setCaCertData);
        set(tls.text("certData"), client::setClientCertData);
        set(tls.text("keyData"), client::setClientKeyData);
        set(config.text("bearerToken"), client::setOauthToken);
        set(config.text("username"), client::setUsername);
        set(config.text("password"), client::setPassword);
        return Outcome.of(KubernetesCluster.of(name, Clients.of(client, options), options));
    }

    private static void set(@Nullable String value, java.util.function.Consumer<String> setter) {
        if (value != null && !value.isEmpty()) {
            setter.accept(value);
        }
    }

    private static @Nullable String value(JsonObject secret, String key) {
        String encoded = secret.object("data").text(key);
        if (encoded == null) {
            return secret.object("stringData").text(key);
        }
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static <T> Outcome<T> bad(String id, String why) {
        return Outcome.failed(Problem.error("BAD_CLUSTER", "cluster Secret " + id + ": " + why));
    }

    @Override
    public String toString() {
        return "ArgoClusterSecret[" + name + ", " + server + "]";
    }
}
