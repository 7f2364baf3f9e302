package io.gitops4j.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Exemptions, and what they make of violations at a time. */
public record Exemptions(List<Exemption> exemptions) {

    /** These exemptions, in their order: the first that covers a violation counts. */
    public Exemptions {
        exemptions = List.copyOf(exemptions);
    }

    /** No exemptions. */
    public static Exemptions none() {
        return new Exemptions(List.of());
    }

    /**
     * What remains of violations, and the record of what was exempted.
     *
     * @param remaining violations that count
     * @param exempted violations that do not, with the exemption
     * @param expired violations that count though an exemption that has expired covers them
     */
    public record Result(List<Violation> remaining, List<Exempted> exempted, List<Exempted> expired) {}

    /** A violation and the exemption that covers it. */
    public record Exempted(Violation violation, Exemption exemption) {

        @Override
        public String toString() {
            return violation.subject() + ": [" + violation.policy() + "] " + violation.message() + " (exempted until "
                    + exemption.expires() + " by " + exemption.name() + ": " + exemption.reason() + ")";
        }
    }

    /** The violations at a time. */
    public Result apply(List<Violation> violations, Instant now) {
        if (exemptions.isEmpty()) {
            return new Result(List.copyOf(violations), List.of(), List.of());
        }
        List<Violation> remaining = new ArrayList<>();
        List<Exempted> exempted = new ArrayList<>();
        List<Exempted> expired = new ArrayList<>();
        for (Violation violation : violations) {
            List<Exemption> covering =
                    exemptions.stream().filter(e -> e.covers(violation)).toList();
            List<Exemption> holding =
                    covering.stream().filter(e -> e.holdsAt(now)).toList();
            if (!holding.isEmpty()) {
                exempted.add(new Exempted(violation, holding.get(0)));
                continue;
            }
            remaining.add(violation);
            if (!covering.isEmpty()) {
                expired.add(new Exempted(violation, covering.get(0)));
            }
        }
        return new Result(List.copyOf(remaining), List.copyOf(exempted), List.copyOf(expired));
    }
}
