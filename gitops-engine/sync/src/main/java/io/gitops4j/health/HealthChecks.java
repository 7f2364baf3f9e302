package io.gitops4j.health;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.Health.Status;
import io.gitops4j.health.internal.Verdict;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.HealthCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The health checks that come with the library, and how several healths become one. */
public final class HealthChecks implements HealthCheck {
    private static final String HOOK_FINALIZER = "argocd.argoproj.io/hook-finalizer";
    private static final Health PENDING_DELETION = new Health(Status.PROGRESSING, "Pending deletion");
    private static final List<String> TABLES =
            List.of("builtin", "argo", "kubernetes", "operators", "clouds", "platforms");

    private final HealthRules rules;

    private HealthChecks(HealthRules rules) {
        this.rules = rules;
    }

    /** The check over every kind that Argo CD 3.6 has a check for. An object that is being deleted is Progressing, whatever its kind. */
    public static HealthChecks standard() {
        return Standard.CHECKS;
    }

    /** The check over the kinds of Kubernetes itself and Workflows alone, as gitops-engine has it without customizations. */
    public static HealthChecks builtIn() {
        return Standard.BUILT_IN;
    }

    /** The standard check, with {@code own} rules in front: a kind they name is judged by them alone. */
    public static HealthChecks standard(HealthRules own) {
        return new HealthChecks(own.orElse(Standard.RULES));
    }

    /** The rules of {@link #standard()}, which look at nothing but the kind's own fields. */
    public static HealthRules standardRules() {
        return Standard.RULES;
    }

    @Override
    public Optional<Health> assess(JsonObject live) {
        return judge(live).map(Verdict::health);
    }

    Optional<Verdict> judge(JsonObject live) {
        JsonObject metadata = live.object("metadata");
        if (metadata.text("deletionTimestamp") != null && !hasHookFinalizer(metadata)) {
            return Optional.of(new Verdict(PENDING_DELETION, false));
        }
        return rules.judge(live);
    }

    /** Why {@code live} cannot be judged (an unsupported version, a field of the wrong type); empty when it can. */
    public Optional<String> error(JsonObject live) {
        return judge(live)
                .filter(Verdict::error)
                .map(verdict -> verdict.health().message());
    }

    private static boolean hasHookFinalizer(JsonObject metadata) {
        for (Json finalizer : metadata.array("finalizers")) {
            if (HOOK_FINALIZER.equals(finalizer.textOrNull())) {
                return true;
            }
        }
        return false;
    }

    /** The first of the worst of {@code healths}; Healthy without a message when there are none. */
    public static Health worst(List<Health> healths) {
        Health worst = new Health(Status.HEALTHY, "");
        for (Health health : healths) {
            if (isWorse(worst.status(), health.status())) {
                worst = health;
            }
        }
        return worst;
    }

    /** Whether {@code status} is worse than {@code than}, in the order Healthy, Suspended, Progressing, Missing, Degraded, Unknown. */
    public static boolean isWorse(Status than, Status status) {
        return status.compareTo(than) > 0;
    }

    /** Compiled at first use. */
    private static final class Standard {
        static final HealthRules RULES = load();
        static final HealthChecks CHECKS = new HealthChecks(RULES);
        static final HealthChecks BUILT_IN = new HealthChecks(table(TABLES.get(0)));

        private static HealthRules load() {
            HealthRules all = table(TABLES.get(0));
            for (String name : TABLES.subList(1, TABLES.size())) {
                all = all.orElse(table(name));
            }
            return all;
        }

        private static HealthRules table(String name) {
            String resource = "rules/" + name + ".yaml";
            try (InputStream in = HealthChecks.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("no resource " + resource);
                }
                return HealthRules.parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .orThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
