package io.gitops4j.k8s;

import io.fabric8.kubernetes.client.Config;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the contexts of a kubeconfig. What would run a program, read a token file or skip the server's certificate is refused
 * unless allowed. Only the context that is asked for is looked at.
 *
 * <p>Source: secrets-dr-security §8 row 89.
 */
public final class Kubeconfig {
    private static final long LARGEST = 16L << 20;

    private final Path file;
    private final JsonObject root;
    private final boolean trusted;

    private Kubeconfig(Path file, JsonObject root, boolean trusted) {
        this.file = file;
        this.root = root;
        this.trusted = trusted;
    }

    /** The kubeconfig in {@code file}. Problems: {@code KUBECONFIG_UNREADABLE} and those of YAML, without snippets. */
    public static Outcome<Kubeconfig> read(Path file) {
        String text;
        try {
            if (Files.size(file) > LARGEST) {
                return Outcome.failed(Problem.error("KUBECONFIG_UNREADABLE", file + " is larger than any kubeconfig")
                        .at(Where.file(file.toString())));
            }
            text = Files.readString(file);
        } catch (IOException e) {
            return Outcome.failed(Problem.error("KUBECONFIG_UNREADABLE", "cannot read " + file)
                    .at(Where.file(file.toString())));
        }
        Outcome<Json> parsed = YamlReader.kubectl().read(file.toString(), text);
        if (!parsed.ok()) {
            return Outcome.failed(parsed.problems().stream()
                    .map(p -> p.at(Where.at(
                            file.toString(), p.where().line(), p.where().column())))
                    .toList());
        }
        return parsed.orNull() instanceof JsonObject root
                ? Outcome.of(new Kubeconfig(file, root, false))
                : Outcome.failed(Problem.error("KUBECONFIG_UNREADABLE", file + " is no kubeconfig")
                        .at(Where.file(file.toString())));
    }

    /** This kubeconfig with exec plugins, token files, files elsewhere, proxies and insecure servers allowed. */
    public Kubeconfig trusted() {
        return new Kubeconfig(file, root, true);
    }

    /** The names of all contexts, in order. */
    public List<String> contexts() {
        List<String> names = new ArrayList<>();
        for (Json context : root.array("contexts")) {
            if (context instanceof JsonObject object && object.text("name") != null) {
                names.add(object.text("name", ""));
            }
        }
        return List.copyOf(names);
    }

    /** The name of the current context, {@code ""} where none is set. */
    public String currentContext() {
        return root.text("current-context", "");
    }

    /**
     * The cluster of a context, named after it.
     *
     * @param context name, {@code ""} for the current one. Problems: {@code CONTEXT_UNKNOWN}, {@code EXEC_IN_KUBECONFIG},
     *     {@code TOKEN_FILE_IN_KUBECONFIG}, {@code INSECURE_KUBECONFIG}, {@code PROXY_IN_KUBECONFIG},
     *     {@code FILE_IN_KUBECONFIG}, {@code BAD_CLUSTER}
     */
    public Outcome<KubernetesCluster> open(String context, ClientOptions options) {
        String name = context.isEmpty() ? currentContext() : context;
        JsonObject chosen = entry("contexts", name, "context");
        if (chosen == null) {
            return refuse(
                    "CONTEXT_UNKNOWN",
                    "there is no context '" + name + "'; contexts: "
                            + String.join(", ", contexts().stream().limit(10).toList()),
                    "");
        }
        JsonObject user = orEmpty(entry("users", chosen.text("user", ""), "user"));
        JsonObject cluster = orEmpty(entry("clusters", chosen.text("cluster", ""), "cluster"));
        Problem refusal = trusted ? null : check(name, user, cluster);
        if (refusal != null) {
            return Outcome.failed(refusal);
        }
        String server = cluster.text("server", "");
        String wrong = ServerUrl.wrong(server);
        if (!wrong.isEmpty()) {
            return refuse("BAD_CLUSTER", "context " + name + ": clusters[].cluster.server " + wrong, "");
        }
        try {
            Config config =
                    Config.fromKubeconfig(only(name, chosen, user, cluster).toJson());
            return Outcome.of(KubernetesCluster.of(name, Clients.of(config, options), options));
        } catch (RuntimeException e) {
            throw new GitOpsException(
                    "KUBECONFIG_UNREADABLE",
                    "context " + name + " of " + file
                            + " cannot be opened: a key, certificate or file that it names cannot be read",
                    e);
        }
    }

    /** The kubeconfig of this context alone, with paths made absolute. */
    private JsonObject only(String name, JsonObject context, JsonObject user, JsonObject cluster) {
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Config")
                .put("current-context", name)
                .put("contexts", named(name, "context", context))
                .put("users", named(context.text("user", ""), "user", absolute(user)))
                .put("clusters", named(context.text("cluster", ""), "cluster", absolute(cluster)))
                .build();
    }

    private static JsonArray named(String name, String member, JsonObject value) {
        return JsonArray.of(JsonObject.of("name", Json.of(name), member, value));
    }

    private JsonObject absolute(JsonObject entry) {
        JsonObject out = entry;
        for (String field : List.of("client-certificate", "client-key", "certificate-authority", "tokenFile")) {
            String path = entry.text(field);
            if (path != null && !path.isEmpty()) {
                out = out.with(field, file.toAbsolutePath().resolveSibling(path).toString());
            }
        }
        return out;
    }

    private @Nullable Problem check(String context, JsonObject user, JsonObject cluster) {
        if (user.has("exec") || user.has("auth-provider")) {
            return problem(
                    "EXEC_IN_KUBECONFIG",
                    "context " + context + " runs a program to log in",
                    "allow it with Kubeconfig.trusted(), or use a token or a client certificate");
        }
        if (user.has("tokenFile")) {
            return problem(
                    "TOKEN_FILE_IN_KUBECONFIG",
                    "context " + context + " reads its token from a file",
                    "allow it with Kubeconfig.trusted()");
        }
        if (cluster.bool("insecure-skip-tls-verify", false)) {
            return problem(
                    "INSECURE_KUBECONFIG",
                    "context " + context + " does not verify the server's certificate",
                    "give certificate-authority-data, or allow it with Kubeconfig.trusted()");
        }
        if (!cluster.text("proxy-url", "").isEmpty()) {
            return problem(
                    "PROXY_IN_KUBECONFIG",
                    "context " + context + " goes through a proxy",
                    "allow it with Kubeconfig.trusted()");
        }
        return outside(user, "client-certificate")
                        || outside(user, "client-key")
                        || outside(cluster, "certificate-authority")
                ? problem(
                        "FILE_IN_KUBECONFIG",
                        "context " + context + " reads a key or certificate outside of the folder of the kubeconfig",
                        "give it as data, or allow it with Kubeconfig.trusted()")
                : null;
    }

    /** Whether an entry names a file that does not lie in the folder of the kubeconfig or below it. */
    private boolean outside(JsonObject entry, String field) {
        String path = entry.text(field, "");
        if (path.isEmpty()) {
            return false;
        }
        try {
            Path here = file.toAbsolutePath().normalize();
            Path folder = here.getParent();
            return folder == null || !here.resolveSibling(path).normalize().startsWith(folder);
        } catch (InvalidPathException e) {
            return true;
        }
    }

    private @Nullable JsonObject entry(String list, String name, String member) {
        for (Json item : root.array(list)) {
            if (item instanceof JsonObject object && name.equals(object.text("name"))) {
                return object.object(member);
            }
        }
        return null;
    }

    private static JsonObject orEmpty(@Nullable JsonObject object) {
        return object == null ? JsonObject.empty() : object;
    }

    private Problem problem(String code, String message, String hint) {
        return Problem.error(code, message).at(Where.file(file.toString())).hint(hint);
    }

    private <T> Outcome<T> refuse(String code, String message, String hint) {
        return Outcome.failed(problem(code, message, hint));
    }
}
