package io.gitops4j.rollout.traffic;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.util.List;

/** The names of the routes that steps may set, in their order of precedence. */
final class ManagedRoutes {
    private ManagedRoutes() {}

    static List<String> of(RolloutSpec spec) {
        JsonObject routing = spec.canary() == null ? null : spec.canary().trafficRouting();
        return routing == null
                ? List.of()
                : Fields.objects(routing, "managedRoutes").stream()
                        .map(route -> route.text("name", ""))
                        .toList();
    }
}
