package io.gitops4j.engine;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.HealthCheck;
import java.util.List;

/** The health of objects and of all of them together: the worst counts. Source: argocd §6.1. */
final class HealthSummary {
    private static final Health FINE = new Health(Health.Status.HEALTHY, "");

    private final HealthCheck check;

    HealthSummary(HealthCheck check) {
        this.check = check;
    }

    /** The health of one live object; one that nobody judges is healthy by being there. */
    Health of(JsonObject live) {
        return check.assess(live).orElse(FINE);
    }

    static Health worst(List<Health> all) {
        Health worst = FINE;
        for (Health health : all) {
            if (health.status().compareTo(worst.status()) > 0) {
                worst = health;
            }
        }
        return worst;
    }
}
