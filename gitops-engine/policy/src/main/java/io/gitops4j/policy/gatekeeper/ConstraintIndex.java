package io.gitops4j.policy.gatekeeper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The constraints that run at one enforcement point, and which of them may concern a kind. Immutable. */
final class ConstraintIndex {
    private final Map<String, List<Entry>> byKind;
    private final List<Entry> ofOtherKinds;

    private ConstraintIndex(Map<String, List<Entry>> byKind, List<Entry> ofOtherKinds) {
        this.byKind = Collections.unmodifiableMap(byKind);
        this.ofOtherKinds = List.copyOf(ofOtherKinds);
    }

    /**
     * A constraint with its template's code.
     *
     * @param policy {@code K8sRequiredLabels/all-must-have-owner}
     * @param action the most severe that it has at the point
     * @param ignoresFailures whether code that cannot be evaluated refuses nothing
     */
    record Entry(Constraint constraint, TemplateCode code, String policy, String action, boolean ignoresFailures) {

        static Entry of(Constraint constraint, TemplateCode code, List<String> actions, boolean ignoresFailures) {
            String policy = constraint.kind() + "/" + constraint.name();
            return new Entry(constraint, code, policy, mostSevere(actions), ignoresFailures);
        }

        /** What happens where the code cannot be evaluated. */
        String whenFailing(String usual) {
            return ignoresFailures && usual.equals("deny") ? "warn" : usual;
        }

        private static String mostSevere(List<String> actions) {
            for (String action : List.of("deny", "warn", "dryrun")) {
                if (actions.contains(action)) {
                    return action;
                }
            }
            return actions.get(0);
        }
    }

    /** An index that keeps the order of the entries. */
    static ConstraintIndex of(List<Entry> entries) {
        Set<String> kinds = new LinkedHashSet<>();
        entries.forEach(entry -> kinds.addAll(entry.constraint().match().namedKinds()));
        Map<String, List<Entry>> byKind = new LinkedHashMap<>();
        List<Entry> others = new ArrayList<>();
        for (Entry entry : entries) {
            boolean all = entry.constraint().match().namedKinds().contains("*");
            for (String kind : all ? kinds : entry.constraint().match().namedKinds()) {
                byKind.computeIfAbsent(kind, unused -> new ArrayList<>()).add(entry);
            }
            if (all) {
                others.add(entry);
            }
        }
        return new ConstraintIndex(byKind, others);
    }

    /** Those that may concern a kind, in order; the group is still to be looked at. */
    List<Entry> of(String kind) {
        return byKind.getOrDefault(kind, ofOtherKinds);
    }
}
