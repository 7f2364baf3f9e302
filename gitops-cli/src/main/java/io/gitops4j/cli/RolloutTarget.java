package io.gitops4j.cli;

import io.gitops4j.k8s.ClientOptions;
import io.gitops4j.k8s.Kubeconfig;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The cluster that a rollout command works on: a real one, or one that {@code gitops cluster} serves from memory. */
final class RolloutTarget {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Kubeconfig of the cluster. Default: $KUBECONFIG, then ~/.kube/config.")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "Context of the kubeconfig.")
    private @Nullable String context;

    @Option(names = "--trust-kubeconfig", description = "Let the kubeconfig run login programs and read token files.")
    private boolean trusted;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            defaultValue = "default",
            description = "Namespace of the Rollout. Default: default.")
    private String namespace = "default";

    String namespace() {
        return namespace;
    }

    Cluster cluster() {
        Path file = file();
        if (!Files.exists(file)) {
            throw new GitOpsException("NOT_FOUND", "there is no kubeconfig " + file + "; name one with --kubeconfig");
        }
        Kubeconfig config = Kubeconfig.read(file).orThrow();
        Kubeconfig chosen = trusted ? config.trusted() : config;
        String wanted = context;
        return chosen.open(wanted == null ? config.currentContext() : wanted, ClientOptions.defaults())
                .orThrow();
    }

    private Path file() {
        Path given = kubeconfig;
        if (given != null) {
            return given;
        }
        String variable = System.getenv("KUBECONFIG");
        return variable == null || variable.isEmpty()
                ? Path.of(System.getProperty("user.home", "."), ".kube", "config")
                : Path.of(variable);
    }
}
