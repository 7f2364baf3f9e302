package io.gitops4j.engine;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.diff.SecretMask;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.policy.gatekeeper.GatekeeperConfig;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.snapshot.ServedKinds;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.TaskRunner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a cluster has against Gatekeeper's constraints, at the point {@code audit.gatekeeper.sh}. Kinds that a constraint may concern
 * are listed page by page; of the objects nothing is kept but what was found about them, the labels' owners (Namespaces), and the kinds
 * that {@code Config} and {@code SyncSet} objects let policies refer to, those of the cluster and those among the policies. What a
 * {@code Config} excludes from {@code audit} is left out. Policies see the values of Secrets masked.
 *
 * <p>Nothing is passed over in silence: a policy that cannot be used, and a kind that cannot be listed, is a problem of the report, and
 * the rest is audited. Immutable.
 *
 * <p>Source: rego §2.6.
 */
public final class ClusterAudit {
    private static final Gvk NAMESPACE = new Gvk("", "v1", "Namespace");
    private static final int PIECE = 64;
    private static final int ATTEMPTS = 3;

    private final List<Manifest> policies;
    private final UnaryOperator<Gatekeeper.Builder> client;
    private final TaskRunner tasks;
    private final String namespace;
    private final int pageSize;

    private ClusterAudit(
            List<Manifest> policies,
            UnaryOperator<Gatekeeper.Builder> client,
            TaskRunner tasks,
            String namespace,
            int pageSize) {
        this.policies = List.copyOf(policies);
        this.client = client;
        this.tasks = tasks;
        this.namespace = namespace;
        this.pageSize = pageSize;
    }

    /** By these templates, constraints, expansion templates, mutators, Configs, SyncSets and exemptions; other objects are left alone. */
    public static ClusterAudit of(List<Manifest> policies) {
        return new ClusterAudit(policies, builder -> builder, TaskRunner.sequential(), "", 500);
    }

    /** With a client built as {@code change} has it: an engine for CEL, limits, builtins. */
    public ClusterAudit client(UnaryOperator<Gatekeeper.Builder> change) {
        return new ClusterAudit(policies, change, tasks, namespace, pageSize);
    }

    /** Reviewing with what {@code runner} has. The report is the same for every runner. */
    public ClusterAudit tasks(TaskRunner runner) {
        return new ClusterAudit(policies, client, runner, namespace, pageSize);
    }

    /** Of one namespace alone, and no object that is in none; {@code ""} for all. */
    public ClusterAudit in(String space) {
        return new ClusterAudit(policies, client, tasks, space, pageSize);
    }

    /** In pages of so many objects. Default: 500. */
    public ClusterAudit pages(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a page holds at least one object, not " + size);
        }
        return new ClusterAudit(policies, client, tasks, namespace, size);
    }

    /**
     * Something that a constraint has against an object.
     *
     * @param apiVersion of the object as it was listed
     * @param violation policy, action, message, object, details
     * @param exemption that lets it pass, {@code null} when none does
     */
    public record Finding(
            String apiVersion,
            Violation violation,
            @Nullable Exemption exemption) {

        /** Whether it refuses the object. */
        public boolean denies() {
            return exemption == null && violation.denies();
        }
    }

    /**
     * What came of an audit.
     *
     * @param at when it was
     * @param constraints that ran, {@code K8sRequiredLabels/all-must-have-owner}, by kind and name
     * @param findings by group, kind, and the order in which the cluster lists objects
     * @param objects how many objects were looked at
     * @param problems policies that could not be used, kinds that could not be listed, exemptions that have expired
     */
    public record Report(
            Instant at, List<String> constraints, List<Finding> findings, long objects, List<Problem> problems) {

        /** The findings of each constraint that ran, also where there are none. */
        public Map<String, List<Finding>> byConstraint() {
            Map<String, List<Finding>> byConstraint = new LinkedHashMap<>();
            constraints.forEach(constraint -> byConstraint.put(constraint, new ArrayList<>()));
            for (Finding found : findings) {
                byConstraint
                        .computeIfAbsent(found.violation().policy(), constraint -> new ArrayList<>())
                        .add(found);
            }
            return byConstraint;
        }

        /** Whether everything could be audited by every policy. */
        public boolean complete() {
            return problems.stream().noneMatch(Problem::isError);
        }
    }

    /** Audits a cluster. {@code now} is when exemptions must hold. */
    public Report run(Cluster cluster, Instant now) {
        return new Run(cluster, now).report();
    }

    /** One audit under way. */
    private final class Run {
        private final Cluster cluster;
        private final Instant now;
        private final List<Problem> problems = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();
        private long objects;

        Run(Cluster cluster, Instant now) {
            this.cluster = cluster;
            this.now = now;
        }

        Report report() {
            Exemptions exemptions = exemptions();
            List<ApiResource> served = served();
            List<JsonObject> configs =
                    new ArrayList<>(policies.stream().map(Manifest::body).toList());
            for (Gvk kind : List.of(GatekeeperConfig.CONFIG, GatekeeperConfig.SYNC_SET)) {
                served.stream()
                        .filter(resource -> resource.gvk().group().equals(kind.group())
                                && resource.gvk().kind().equals(kind.kind()))
                        .forEach(resource -> configs.addAll(all(resource.gvk())));
            }
            GatekeeperConfig config = GatekeeperConfig.of(configs);
            Gatekeeper gatekeeper = gatekeeper(config);
            problems.addAll(gatekeeper.problems());
            for (ApiResource resource : served) {
                if (gatekeeper.concerns(resource.gvk().kind()) && wanted(resource)) {
                    audit(resource, gatekeeper, config, exemptions);
                }
            }
            return new Report(now, gatekeeper.policies(), List.copyOf(findings), objects, List.copyOf(problems));
        }

        private Exemptions exemptions() {
            List<Exemption> exemptions = new ArrayList<>();
            for (Manifest manifest : policies) {
                if (Exemption.isExemption(manifest.body())) {
                    Outcome<Exemption> exemption = Exemption.parse(manifest.body());
                    exemption.value().ifPresent(exemptions::add);
                    exemption
                            .problems()
                            .forEach(problem ->
                                    problems.add(problem.at(manifest.origin().where())));
                }
            }
            return new Exemptions(exemptions);
        }

        private List<ApiResource> served() {
            return ServedKinds.preferred(cluster.resources()).stream()
                    .filter(resource -> resource.verbs().contains("list"))
                    .toList();
        }

        private boolean wanted(ApiResource resource) {
            return namespace.isEmpty() || resource.namespaced();
        }

        /** The client, which knows the Namespaces and what policies may refer to. */
        private Gatekeeper gatekeeper(GatekeeperConfig config) {
            Gatekeeper.Builder builder = client.apply(
                            Gatekeeper.builder().tasks(tasks).enforcementPoint(Gatekeeper.AUDIT))
                    .addManifests(policies);
            all(NAMESPACE).forEach(builder::namespace);
            for (Gvk kind : config.synced()) {
                for (JsonObject object : all(kind)) {
                    if (!config.excludes("sync", object)) {
                        builder.refer(shown(object));
                    }
                }
            }
            return builder.build();
        }

        /** All objects of a kind that is kept; none, with a problem, where it cannot be listed. */
        private List<JsonObject> all(Gvk kind) {
            List<JsonObject> all = new ArrayList<>();
            list(ListQuery.of(kind), all::clear, page -> all.addAll(page.items()));
            return all;
        }

        private void audit(
                ApiResource resource, Gatekeeper gatekeeper, GatekeeperConfig config, Exemptions exemptions) {
            ListQuery query = ListQuery.of(resource.gvk()).in(namespace);
            int found = findings.size();
            int said = problems.size();
            long seen = objects;
            Runnable again = () -> {
                findings.subList(found, findings.size()).clear();
                problems.subList(said, problems.size()).clear();
                objects = seen;
            };
            list(query, again, page -> {
                List<JsonObject> some = page.items().stream()
                        .filter(object -> !config.excludes("audit", object))
                        .toList();
                objects += some.size();
                review(some, gatekeeper, exemptions);
            });
        }

        /** Page by page; from the start ({@code again}) when the server has forgotten what the pages are of. */
        private void list(ListQuery query, Runnable again, Consumer<ListPage> pages) {
            for (int attempt = 1; ; attempt++) {
                try {
                    String token = "";
                    do {
                        ListPage page = cluster.list(query.page(pageSize, token));
                        pages.accept(page);
                        token = page.continueToken();
                    } while (!token.isEmpty());
                    return;
                } catch (GitOpsException e) {
                    boolean expired = e instanceof ApiException refused
                            && refused.status().code() == 410;
                    if (!expired || attempt == ATTEMPTS) {
                        problems.add(Problem.error(
                                        "AUDIT_LIST_FAILED",
                                        query.gvk().apiVersion() + " "
                                                + query.gvk().kind()
                                                + " cannot be listed, and is not audited or referred to in full: "
                                                + e.getMessage())
                                .hint("the audit needs to list every kind that a constraint matches"));
                        return;
                    }
                    again.run();
                }
            }
        }

        private void review(List<JsonObject> some, Gatekeeper gatekeeper, Exemptions exemptions) {
            List<Supplier<List<Found>>> reviews = new ArrayList<>();
            for (int from = 0; from < some.size(); from += PIECE) {
                List<JsonObject> piece = some.subList(from, Math.min(from + PIECE, some.size()));
                reviews.add(() -> piece.stream()
                        .map(object -> new Found(object.text("apiVersion", ""), gatekeeper.review(shown(object))))
                        .filter(found -> !found.violations().isEmpty())
                        .toList());
            }
            tasks.<List<Found>>run(reviews, found -> found.forEach(each -> keep(each, exemptions)));
        }

        private void keep(Found found, Exemptions exemptions) {
            Exemptions.Result result = exemptions.apply(found.violations(), now);
            result.exempted()
                    .forEach(exempted ->
                            findings.add(new Finding(found.apiVersion(), exempted.violation(), exempted.exemption())));
            result.remaining().forEach(violation -> findings.add(new Finding(found.apiVersion(), violation, null)));
            result.expired().stream()
                    .map(expired -> "exemption " + expired.exemption().name() + " of "
                            + expired.violation().subject() + " expired at "
                            + expired.exemption().expires())
                    .distinct()
                    .forEach(text -> problems.add(Problem.warning("EXEMPTION_EXPIRED", text)));
        }
    }

    /** Policies see the values of Secrets masked, so that none can get into their words. */
    private static JsonObject shown(JsonObject object) {
        return SecretMask.isSecret(object) ? SecretMask.mask(object) : object;
    }

    private record Found(String apiVersion, List<Violation> violations) {}
}
