package io.gitops4j.cli;

import io.gitops4j.engine.GitOps;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.restore.Pause;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.FakeCluster;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Option;

/** Which of the clusters is meant, and how progress is shown. */
final class ClusterChoice {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "The cluster. Default: the only one, or in-cluster.")
    private String name = "";

    @Option(names = "--progress", description = "Say how far the work is, on the error stream.")
    private boolean progress;

    Cluster of(GitOps gitops) {
        List<Cluster> all = gitops.clusters().all();
        String wanted = name.isEmpty() ? "in-cluster" : name;
        return all.size() == 1 && name.isEmpty()
                ? all.get(0)
                : all.stream()
                        .filter(cluster -> cluster.name().equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> new GitOpsException(
                                "CLUSTER_UNKNOWN",
                                "there is no cluster '" + wanted + "', but "
                                        + all.stream().map(Cluster::name).toList()));
    }

    /** Waits for a cluster; an embedded one waits in its own time. {@code what} is interrupted when the thread is. */
    static Pause pause(Cluster cluster, String what) {
        if (cluster instanceof FakeCluster fake) {
            return time -> fake.time().advance(time);
        }
        return time -> {
            try {
                Thread.sleep(time.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GitOpsException("INTERRUPTED", what + " was interrupted; go on with its journal", e);
            }
        };
    }

    void progress(PrintWriter err, String what, long done, long total) {
        if (progress) {
            err.println(what + ": " + done + (total < 0 ? "" : " of " + total) + " objects");
            err.flush();
        }
    }
}
