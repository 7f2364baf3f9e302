package io.gitops4j.cli;

import io.gitops4j.app.Destination;
import io.gitops4j.engine.ClusterAudit;
import io.gitops4j.engine.ConstraintStatus;
import io.gitops4j.k8s.Kubeconfig;
import io.gitops4j.k8s.KubernetesCluster;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds what clusters have against constraints. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description =
                "Audits what clusters hold by the constraints of a folder, as Gatekeeper's audit does: page by page, with the "
                        + "Namespaces of the cluster, and what Config and SyncSet objects let policies refer to or leave out. A "
                        + "PolicyExemption turns what it covers into a record. Exits with 1 on a denial; a policy that cannot be "
                        + "used, or a kind that cannot be listed, is an error (20), and the rest is audited.",
        footer = {
            "",
            "Examples:",
            "  gitops policy audit --policies policies --kubeconfig ~/.kube/config --context prod -o json",
            "  gitops policy audit --policies policies --kubeconfig ~/.kube/config --write-status"
        })
final class PolicyAuditCommand implements Callable<Integer> {
    @Option(
            names = "--policies",
            paramLabel = "PATH",
            required = true,
            arity = "1..*",
            description = "Files or folders with templates, constraints, Configs, SyncSets and exemptions.")
    private List<Path> policies = new ArrayList<>();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Audit real clusters of this kubeconfig. Default: the embedded clusters.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Context of the kubeconfig. May be repeated. Default: the current one.")
    private List<String> contexts = new ArrayList<>();

    @Option(names = "--trust-kubeconfig", description = "Let the kubeconfig run login programs and read token files.")
    private boolean trusted;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = ".gitops4j",
            description = "Folder of the embedded in-memory clusters. Default: ${DEFAULT-VALUE}")
    private Path state = Path.of(".gitops4j");

    @Option(names = "--state-key", paramLabel = "FILE", description = "Key that the embedded clusters are kept with.")
    private @Nullable Path stateKey;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Embedded cluster. May be repeated. Default: in-cluster.")
    private List<String> embedded = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            defaultValue = "",
            description = "Audit one namespace alone. Default: all, and what is in none.")
    private String namespace = "";

    @Option(names = "-o", defaultValue = "text", description = "text, json, yaml or junit. Default: ${DEFAULT-VALUE}")
    private AuditReports.Format format = AuditReports.Format.TEXT;

    @Option(names = "--write-status", description = "Write what was found into the status of the constraints.")
    private boolean writeStatus;

    @Option(
            names = "--constraint-violations-limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Violations of a constraint that its status keeps. Default: ${DEFAULT-VALUE}")
    private int limit = ConstraintStatus.VIOLATIONS;

    @Option(
            names = "--audit-chunk-size",
            paramLabel = "N",
            defaultValue = "500",
            description = "Objects of a page. Default: ${DEFAULT-VALUE}")
    private int pageSize = 500;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads to review with; the output is the same for any number. Default: one a processor.")
    private int threads;

    @Option(names = "--at", paramLabel = "TIME", description = "When exemptions must hold. Default: now.")
    private @Nullable Instant at;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (limit < 0 || pageSize < 1 || threads < 0) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--constraint-violations-limit, --audit-chunk-size and --threads are counts");
        }
        Path file = kubeconfig;
        if (file == null) {
            if (!contexts.isEmpty()) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--context is of a kubeconfig: say --kubeconfig FILE too");
            }
            StateFolder folder = new StateFolder(state, StateKey.of(stateKey), false);
            int code = audit(folder.clusters(destinations()));
            if (writeStatus) {
                folder.save();
            }
            return code;
        }
        return audit(opened(file));
    }

    private List<Destination> destinations() {
        List<Destination> destinations = new ArrayList<>();
        for (String name : embedded.isEmpty() ? List.of("in-cluster") : embedded) {
            destinations.add(
                    name.equals("in-cluster")
                            ? new Destination(Destination.IN_CLUSTER, "", "")
                            : new Destination("", name, ""));
        }
        return destinations;
    }

    private List<Cluster> opened(Path file) {
        Kubeconfig read = Kubeconfig.read(file).orThrow();
        Kubeconfig config = trusted ? read.trusted() : read;
        List<Cluster> clusters = new ArrayList<>();
        for (String context : contexts.isEmpty() ? List.of(config.currentContext()) : contexts) {
            clusters.add(config.open(context, Workspace.CLIENT).orThrow());
        }
        return clusters;
    }

    private int audit(List<Cluster> clusters) throws IOException {
        Instant chosen = at;
        Instant now = chosen == null ? Instant.now() : chosen;
        AuditReports reports = new AuditReports();
        try (ProcessorTasks tasks = ProcessorTasks.of(threads)) {
            PolicyFiles files = PolicyFiles.read(policies, tasks);
            ClusterAudit audit = ClusterAudit.of(files.objects())
                    .client(builder -> builder.acceptDenyHeads(true)
                            .cel(GatekeeperCel.create())
                            .texts(files.texts()))
                    .tasks(tasks)
                    .in(namespace)
                    .pages(pageSize);
            for (Cluster cluster : clusters) {
                reports.add(cluster.name(), of(cluster, audit, now));
            }
        } finally {
            clusters.stream()
                    .filter(KubernetesCluster.class::isInstance)
                    .map(KubernetesCluster.class::cast)
                    .forEach(KubernetesCluster::close);
        }
        reports.problems().forEach(problem -> spec.commandLine().getErr().print(problem.display()));
        spec.commandLine().getErr().flush();
        reports.print(format, spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
        if (reports.problems().stream().anyMatch(Problem::isError)) {
            return GitOpsCli.ERROR;
        }
        return reports.denies() ? 1 : 0;
    }

    /** The report of a cluster; one that cannot be reached has a problem, and the others are audited. */
    private ClusterAudit.Report of(Cluster cluster, ClusterAudit audit, Instant now) {
        try {
            ClusterAudit.Report report = audit.run(cluster, now);
            if (!writeStatus) {
                return report;
            }
            List<Problem> problems = new ArrayList<>(report.problems());
            problems.addAll(ConstraintStatus.write(cluster, report, limit));
            return new ClusterAudit.Report(
                    report.at(), report.constraints(), report.findings(), report.objects(), List.copyOf(problems));
        } catch (GitOpsException e) {
            return new ClusterAudit.Report(
                    now, List.of(), List.of(), 0, List.of(Problem.error(e.code(), String.valueOf(e.getMessage()))));
        }
    }
}
