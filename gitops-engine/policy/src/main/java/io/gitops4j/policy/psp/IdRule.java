package io.gitops4j.policy.psp;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import java.util.ArrayList;
import java.util.List;

/** A rule over user or group ids: {@code MustRunAs} with ranges, {@code MayRunAs}, {@code MustRunAsNonRoot}, {@code RunAsAny}. */
record IdRule(String rule, List<long[]> ranges) {

    static IdRule of(JsonObject rule) {
        List<long[]> ranges = new ArrayList<>();
        for (Json item : rule.array("ranges")) {
            if (item instanceof JsonObject range) {
                Long min = PodView.number(range, "min");
                Long max = PodView.number(range, "max");
                ranges.add(new long[] {min == null ? 0 : min, max == null ? Long.MAX_VALUE : max});
            }
        }
        return new IdRule(rule.text("rule", "RunAsAny"), ranges);
    }

    boolean mustRunAs() {
        return rule.equals("MustRunAs");
    }

    boolean limits() {
        return rule.equals("MustRunAs") || rule.equals("MayRunAs");
    }

    boolean allows(long id) {
        return ranges.stream().anyMatch(range -> id >= range[0] && id <= range[1]);
    }

    String shown() {
        List<String> texts = new ArrayList<>();
        ranges.forEach(range -> texts.add("{" + range[0] + " " + range[1] + "}"));
        return "[" + String.join(" ", texts) + "]";
    }
}
