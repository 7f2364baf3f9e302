package io.gitops4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.Health.Status;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplicationHealthTest {
    private static final ResourceKey APP = new ResourceKey("argoproj.io", "Application", "argocd", "shop");
    private static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");

    @Test
    void of_severalResources_worstDecidesAndIsNamed() {
        ApplicationHealth health = of(claim("a", "Pending"), claim("b", "Lost"), claim("c", "Bound"));
        assertThat(health.health()).isEqualTo(new Health(Status.DEGRADED, "Caused by PersistentVolumeClaim:n/b"));
        assertThat(health.causes())
                .extracting(HealthCause::title)
                .containsExactly("PersistentVolumeClaim:n/b", "PersistentVolumeClaim:n/a");
        assertThat(health.causes().get(0).render()).isEqualTo("PersistentVolumeClaim:n/b Degraded\n");
    }

    @Test
    void of_missingResource_countsOnlyWhenAllAreMissing() {
        ApplicationHealth.Resource missing =
                new ApplicationHealth.Resource(new ResourceKey("", "Service", "n", "s"), null, JsonObject.empty());
        assertThat(of(missing, claim("a", "Bound")).health().status()).isEqualTo(Status.HEALTHY);
        assertThat(of(missing).health().status()).isEqualTo(Status.MISSING);
        assertThat(of().health().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void of_childApplicationWithARule_bringsItsOwnCauses() {
        HealthRules rules = HealthRules.parse("""
                        - kinds: [argoproj.io/Application]
                          rules: |
                            status.health.status == 'Degraded' => Degraded
                            => Healthy
                        """).orThrow();
        JsonObject child = (JsonObject) YamlReader.kubectl().read("test", """
                        apiVersion: argoproj.io/v1alpha1
                        kind: Application
                        metadata: {name: child, namespace: argocd}
                        status:
                          health: {status: Degraded}
                          resources:
                            - {group: apps, kind: Deployment, namespace: shop, name: ok, health: {status: Healthy}}
                            - {kind: Pod, namespace: shop, name: bad, health: {status: Degraded, message: boom}}
                        """).orThrow();
        ResourceKey key = new ResourceKey("argoproj.io", "Application", "argocd", "child");

        ApplicationHealth health = ApplicationHealth.of(
                APP, List.of(new ApplicationHealth.Resource(key, child, child)), HealthChecks.standard(rules));

        assertThat(health.causes().get(0).render()).isEqualTo("""
                argoproj.io/Application:argocd/child Degraded
                  Pod:shop/bad Degraded: boom
                """);
    }

    @Test
    void worst_noHealths_isHealthy() {
        assertThat(HealthChecks.worst(List.of())).isEqualTo(new Health(Status.HEALTHY, ""));
        assertThat(HealthChecks.worst(List.of(new Health(Status.SUSPENDED, "s"), new Health(Status.MISSING, "m"))))
                .isEqualTo(new Health(Status.MISSING, "m"));
    }

    @Test
    void next_worseHealth_isShownOnceItHasLasted() {
        HealthDebounce debounce = new HealthDebounce(Duration.ofSeconds(30));
        Health healthy = new Health(Status.HEALTHY, "");
        Health degraded = new Health(Status.DEGRADED, "d");

        HealthDebounce.State first = debounce.next(null, healthy, NOON);
        HealthDebounce.State held = debounce.next(first, degraded, NOON.plusSeconds(1));
        assertThat(held.shown()).isEqualTo(healthy);
        assertThat(debounce.wakeAt(held)).isEqualTo(NOON.plusSeconds(31));
        assertThat(debounce.next(held, healthy, NOON.plusSeconds(5)).pending()).isNull();
        assertThat(debounce.next(held, degraded, NOON.plusSeconds(31)).shown()).isEqualTo(degraded);
        assertThat(debounce.next(new HealthDebounce.State(degraded, null, null), healthy, NOON)
                        .shown())
                .isEqualTo(healthy);
    }

    private static ApplicationHealth of(ApplicationHealth.Resource... resources) {
        return ApplicationHealth.of(APP, List.of(resources), HealthChecks.standard());
    }

    private static ApplicationHealth.Resource claim(String name, String phase) {
        JsonObject live = (JsonObject) YamlReader.kubectl()
                .read(
                        "test",
                        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: " + name + "}\nstatus: {phase: "
                                + phase + "}\n")
                .orThrow();
        return new ApplicationHealth.Resource(new ResourceKey("", "PersistentVolumeClaim", "n", name), live, live);
    }
}
