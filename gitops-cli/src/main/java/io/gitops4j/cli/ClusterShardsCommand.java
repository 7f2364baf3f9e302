package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.sync.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the clusters of a repository's Applications spread over replicas of a controller. */
@Command(
        name = "shards",
        mixinStandardHelpOptions = true,
        description = "Shows which replica of a controller has which cluster, with its Applications.",
        footer = {
            "",
            "Example:",
            "  gitops cluster shards --replicas 3 --algorithm consistent-hashing --repo infrastructure"
        })
final class ClusterShardsCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Option(names = "--replicas", paramLabel = "N", required = true, description = "Number of replicas.")
    private int replicas;

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            defaultValue = "legacy",
            description = "legacy, round-robin, consistent-hashing or rendezvous. Default: legacy.")
    private String algorithm = "legacy";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        if (replicas < 1) {
            throw new ProblemException(List.of(Problem.error("SHARDS", "there is at least one replica")));
        }
        Map<String, Integer> loads = new TreeMap<>();
        for (Application application : workspace.applications(spec.commandLine().getErr())) {
            loads.merge(application.destination().cluster(), 1, Integer::sum);
        }
        Map<String, Integer> shards = shards(loads);
        Table table = new Table("CLUSTER", "SHARD", "APPLICATIONS");
        loads.forEach((cluster, load) ->
                table.row(cluster, String.valueOf(shards.getOrDefault(cluster, 0)), String.valueOf(load)));
        spec.commandLine().getOut().print(table);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Map<String, Integer> shards(Map<String, Integer> loads) {
        switch (algorithm) {
            case "round-robin" -> {
                return Sharding.roundRobin(loads.keySet(), replicas);
            }
            case "consistent-hashing" -> {
                return Sharding.consistent(loads, replicas);
            }
            default -> {
                Map<String, Integer> shards = new TreeMap<>();
                loads.keySet().forEach(cluster -> shards.put(cluster, one(cluster)));
                return shards;
            }
        }
    }

    private int one(String cluster) {
        return switch (algorithm) {
            case "legacy" -> Sharding.legacy(cluster, replicas);
            case "rendezvous" -> {
                List<String> slots = new ArrayList<>();
                for (int i = 0; i < replicas; i++) {
                    slots.add(String.valueOf(i));
                }
                yield Integer.parseInt(Sharding.rendezvous(cluster, slots));
            }
            default ->
                throw new ProblemException(List.of(Problem.error("SHARDS", "there is no algorithm '" + algorithm + "'")
                        .hint("legacy, round-robin, consistent-hashing, rendezvous")));
        };
    }
}
