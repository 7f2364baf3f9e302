package io.gitops4j.cli;

import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.http.FakeClusterServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts an in-memory Kubernetes API on loopback. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description =
                "Serves an in-memory Kubernetes API on loopback and prints its kubeconfig, until it is interrupted.",
        footer = {
            "",
            "Example:",
            "  gitops cluster --kubeconfig /tmp/kubeconfig &  kubectl --kubeconfig /tmp/kubeconfig get ns"
        },
        subcommands = ClusterShardsCommand.class)
final class ClusterCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "0", description = "Port; 0, the default, takes a free one.")
    private int port;

    @Option(names = "--name", defaultValue = "in-memory", description = "Name of the cluster and its context.")
    private String name = "in-memory";

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Write the kubeconfig to this file.")
    private @Nullable Path kubeconfig;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        FakeCluster cluster = FakeCluster.builder().name(name).workloads().build();
        FakeClusterServer server = FakeClusterServer.start(cluster, port);
        Path file = kubeconfig;
        if (file == null) {
            out.print(server.kubeconfig());
        } else {
            Files.writeString(file, server.kubeconfig());
            out.println(server.url());
        }
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }
}
