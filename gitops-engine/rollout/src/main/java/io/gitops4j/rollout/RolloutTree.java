package io.gitops4j.rollout;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Rollout with everything below it as a text tree, in the shape that users of {@code get rollout} know.
 *
 * <p>Source: Rollouts §5.1.
 */
public final class RolloutTree {
    private final RolloutSpec spec;
    private final RolloutStatus status;
    private final Observation seen;
    private final List<Leaf> leaves;
    private final Instant now;
    private final List<String[]> rows = new ArrayList<>();

    private RolloutTree(RolloutSpec spec, RolloutStatus status, Observation seen, List<Leaf> leaves, Instant now) {
        this.spec = spec;
        this.status = status;
        this.seen = seen;
        this.leaves = List.copyOf(leaves);
        this.now = now;
    }

    /**
     * Something that the engine does not look at and people do: a pod, a Job, the counters of a run.
     *
     * @param parent name of the object that it hangs below
     * @param name with its icon; {@code ""} adds {@code info} to the parent itself
     * @param kind of the object
     * @param state with its icon
     * @param createdAt for its age
     * @param info the last column
     */
    public record Leaf(String parent, String name, String kind, String state, Instant createdAt, String info) {}

    /** A row and what hangs below it. */
    private record Node(String[] cells, List<Node> below) {}

    /** The header and the tree; ages are counted at {@code now}. */
    public static String print(RolloutSpec spec, RolloutStatus status, Observation seen, Instant now) {
        return print(spec, status, seen, List.of(), now);
    }

    /** The header and the tree with pods and whatever else is known of the objects. */
    public static String print(
            RolloutSpec spec, RolloutStatus status, Observation seen, List<Leaf> leaves, Instant now) {
        return new RolloutTree(spec, status, seen, leaves, now).text();
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        line(out, "Name:", spec.name());
        line(out, "Namespace:", spec.namespace());
        line(out, "Status:", icon(status.phase()) + " " + status.phase());
        if (!status.message().isEmpty()) {
            line(out, "Message:", status.message());
        }
        CanaryStrategy canary = spec.canary();
        line(out, "Strategy:", canary != null ? "Canary" : "BlueGreen");
        if (canary != null) {
            Integer index = status.currentStepIndex();
            int count = canary.steps().size();
            line(out, "  Step:", index == null ? "" : index + "/" + count);
            line(out, "  SetWeight:", String.valueOf(setWeight(canary)));
            line(out, "  ActualWeight:", String.valueOf(actualWeight(canary)));
        }
        images(out);
        out.append("Replicas:\n");
        line(out, "  Desired:", String.valueOf(spec.replicas()));
        line(out, "  Current:", String.valueOf(status.replicas()));
        line(out, "  Updated:", String.valueOf(status.updatedReplicas()));
        line(out, "  Ready:", String.valueOf(status.readyReplicas()));
        line(out, "  Available:", String.valueOf(status.availableReplicas()));
        out.append('\n');
        tree();
        table(out);
        return out.toString();
    }

    private static void line(StringBuilder out, String key, String value) {
        out.append((key + " ".repeat(Math.max(1, 17 - key.length())) + value).stripTrailing())
                .append('\n');
    }

    private static String icon(String phase) {
        return switch (phase) {
            case RolloutPhase.HEALTHY -> "✔";
            case RolloutPhase.DEGRADED -> "✖";
            case RolloutPhase.PAUSED -> "॥";
            case RolloutPhase.PROGRESSING -> "◌";
            default -> "?";
        };
    }

    private static String icon(@org.jspecify.annotations.Nullable AnalysisPhase phase) {
        if (phase == null) {
            return "◌ Pending";
        }
        return switch (phase) {
            case SUCCESSFUL -> "✔ Successful";
            case FAILED -> "✖ Failed";
            case ERROR -> "⚠ Error";
            case INCONCLUSIVE -> "? Inconclusive";
            case RUNNING -> "◌ Running";
            case PENDING -> "◌ Pending";
        };
    }

    private int setWeight(CanaryStrategy canary) {
        if (status.fullyPromoted()) {
            return canary.maxTrafficWeight();
        }
        return io.gitops4j.rollout.canary.CanaryWeight.currentSetWeight(
                canary, status.currentStepIndex(), status.abort());
    }

    private int actualWeight(CanaryStrategy canary) {
        Integer index = status.currentStepIndex();
        if (status.fullyPromoted() || index == null || index >= canary.steps().size()) {
            return canary.maxTrafficWeight();
        }
        if (canary.routed()) {
            return status.weights().canary().weight();
        }
        int total = 0;
        int updated = 0;
        for (Observation.ReplicaSet rs : seen.replicaSets()) {
            total += rs.available();
            updated += rs.hash().equals(status.currentPodHash()) ? rs.available() : 0;
        }
        return total == 0 ? 0 : canary.maxTrafficWeight() * updated / total;
    }

    private void images(StringBuilder out) {
        Map<String, List<String>> tagged = new LinkedHashMap<>();
        for (Observation.ReplicaSet rs : ordered()) {
            if (rs.spec() == 0) {
                continue;
            }
            for (JsonObject container : Fields.objects(rs.template().object("spec"), "containers")) {
                List<String> tags = tagged.computeIfAbsent(container.text("image", ""), image -> new ArrayList<>());
                for (String role : roles(rs)) {
                    if (!tags.contains(role)) {
                        tags.add(role);
                    }
                }
            }
        }
        String key = "Images:";
        for (Map.Entry<String, List<String>> image : tagged.entrySet()) {
            line(
                    out,
                    key,
                    image.getKey()
                            + (image.getValue().isEmpty() ? "" : " (" + String.join(", ", image.getValue()) + ")"));
            key = "";
        }
    }

    private List<Observation.ReplicaSet> ordered() {
        List<Observation.ReplicaSet> all = new ArrayList<>(seen.replicaSets());
        all.sort(Comparator.comparingInt(Observation.ReplicaSet::revision)
                .reversed()
                .thenComparing(Observation.ReplicaSet::name));
        return all;
    }

    private List<String> roles(Observation.ReplicaSet rs) {
        List<String> roles = new ArrayList<>();
        if (spec.blueGreen() != null) {
            if (rs.hash().equals(status.activeSelector())) {
                roles.add("active");
            } else if (rs.hash().equals(status.previewSelector())) {
                roles.add("preview");
            }
        }
        if (rs.hash().equals(status.stableRS())) {
            roles.add("stable");
        } else if (spec.canary() != null && rs.hash().equals(status.currentPodHash())) {
            roles.add("canary");
        }
        return roles;
    }

    private void row(String name, String kind, String state, String age, String info) {
        rows.add(new String[] {name, kind, state, age, info});
    }

    private void tree() {
        row("NAME", "KIND", "STATUS", "AGE", "INFO");
        row("⟳ " + spec.name(), "Rollout", icon(status.phase()) + " " + status.phase(), age(created()), "");
        List<Node> revisions = new ArrayList<>();
        for (Observation.ReplicaSet rs : ordered()) {
            if (rs.experiment()) {
                continue;
            }
            List<Node> below = new ArrayList<>();
            below.add(replicaSet(rs));
            String prefix = rs.name() + "-" + rs.revision();
            for (Observation.ExperimentView experiment : seen.experiments()) {
                if (experiment.name().startsWith(prefix + "-")) {
                    below.add(experiment(experiment));
                }
            }
            for (Observation.Run run : seen.analysisRuns()) {
                if (run.name().startsWith(prefix)) {
                    below.add(run(run));
                }
            }
            revisions.add(new Node(new String[] {"# revision:" + rs.revision(), "", "", "", ""}, below));
        }
        print(revisions, "");
    }

    private void print(List<Node> nodes, String indent) {
        for (int i = 0; i < nodes.size(); i++) {
            boolean last = i == nodes.size() - 1;
            String[] cells = nodes.get(i).cells();
            row(indent + (last ? "└──" : "├──") + cells[0], cells[1], cells[2], cells[3], cells[4]);
            print(nodes.get(i).below(), indent + (last ? "   " : "│  "));
        }
    }

    private Node replicaSet(Observation.ReplicaSet rs) {
        return new Node(
                new String[] {"⧉ " + rs.name(), "ReplicaSet", health(rs), age(rs.createdAt()), info(rs)},
                below(rs.name()));
    }

    private Node run(Observation.Run run) {
        String info = run.message();
        String age = "";
        for (Leaf leaf : leaves) {
            if (leaf.parent().equals(run.name()) && leaf.name().isEmpty()) {
                info = leaf.info().isEmpty() ? info : leaf.info();
                age = age(leaf.createdAt());
            }
        }
        return new Node(
                new String[] {"α " + run.name(), "AnalysisRun", icon(run.phase()), age, info}, below(run.name()));
    }

    private Node experiment(Observation.ExperimentView experiment) {
        List<Node> below = new ArrayList<>();
        for (Observation.ReplicaSet rs : ordered()) {
            if (rs.experiment() && rs.name().startsWith(experiment.name() + "-")) {
                below.add(replicaSet(rs));
            }
        }
        below.addAll(below(experiment.name()));
        return new Node(
                new String[] {"Σ " + experiment.name(), "Experiment", icon(experiment.phase()), "", experiment.message()
                },
                below);
    }

    private List<Node> below(String parent) {
        List<Node> below = new ArrayList<>();
        for (Leaf leaf : leaves) {
            if (leaf.parent().equals(parent) && !leaf.name().isEmpty()) {
                String[] cells = {leaf.name(), leaf.kind(), leaf.state(), age(leaf.createdAt()), leaf.info()};
                below.add(new Node(cells, List.of()));
            }
        }
        return below;
    }

    private Instant created() {
        Instant first = now;
        for (Observation.ReplicaSet rs : seen.replicaSets()) {
            first = rs.createdAt().isBefore(first) ? rs.createdAt() : first;
        }
        return first;
    }

    private String health(Observation.ReplicaSet rs) {
        if (rs.spec() == 0) {
            return "• ScaledDown";
        }
        return rs.available() >= rs.spec() ? "✔ Healthy" : "◌ Progressing";
    }

    private String info(Observation.ReplicaSet rs) {
        List<String> parts = new ArrayList<>(roles(rs));
        Instant deadline = rs.scaleDownAt();
        if (deadline != null && rs.spec() > 0) {
            parts.add("delay:" + (deadline.isAfter(now) ? age(now, deadline) : "passed"));
        }
        return String.join(",", parts);
    }

    private String age(Instant since) {
        return age(since, now);
    }

    /** {@code 45s}, {@code 3m12s}, {@code 4h}, {@code 2d}, as kubectl shortens ages. */
    static String age(Instant from, Instant to) {
        Duration age = Duration.between(from, to);
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 600) {
            return seconds / 60 + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        }
        if (seconds < 3 * 3600) {
            return seconds / 60 + "m";
        }
        if (seconds < 8 * 3600) {
            return seconds / 3600 + "h" + (seconds / 60 % 60 == 0 ? "" : seconds / 60 % 60 + "m");
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
    }

    private void table(StringBuilder out) {
        int[] widths = new int[5];
        for (String[] row : rows) {
            for (int i = 0; i < 4; i++) {
                widths[i] = Math.max(widths[i], row[i].codePointCount(0, row[i].length()));
            }
        }
        for (String[] row : rows) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                text.append(row[i]).append(" ".repeat(widths[i] - row[i].codePointCount(0, row[i].length()) + 2));
            }
            out.append((text + row[4]).stripTrailing()).append('\n');
        }
    }
}
