package io.gitops4j.sync;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.ServerModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which dry runs of a sync need not be sent to the server, because their end is certain: the object is new, the rules of its
 * kind are known and kept, its namespace is there and has no quota and no limits, the user may create it, and no webhook and no
 * admission policy looks at its kind. What stands in the way is read once for all objects of a sync; whatever cannot be read
 * counts as standing in the way.
 */
final class Foresight {
    /** With fewer objects, finding out costs more than it saves. */
    static final int WORTHWHILE = 16;

    private static final Gvk NAMESPACE = new Gvk("", "v1", "Namespace");
    private static final Gvk REVIEW = new Gvk("authorization.k8s.io", "v1", "SelfSubjectAccessReview");
    private static final List<Gvk> LIMITS =
            List.of(new Gvk("", "v1", "ResourceQuota"), new Gvk("", "v1", "LimitRange"));
    private static final String ADMISSION = "admissionregistration.k8s.io";
    private static final List<String> JUDGES = List.of(
            "MutatingAdmissionPolicy",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingWebhookConfiguration");

    private final Set<String> certain;

    private Foresight(Set<String> certain) {
        this.certain = certain;
    }

    /** Certain of nothing. */
    static Foresight none() {
        return new Foresight(Set.of());
    }

    /**
     * Looks ahead for these tasks.
     *
     * @param sent what is sent for a task
     */
    static Foresight of(
            Cluster cluster,
            ServerModel model,
            SyncSpec spec,
            List<SyncTask> tasks,
            Function<SyncTask, JsonObject> sent) {
        List<SyncTask> candidates = new ArrayList<>();
        for (SyncTask task : tasks) {
            if (task.live() == null && !spec.settings().asksServer(task.subject())) {
                candidates.add(task);
            }
        }
        if (spec.settings().dryRun() || candidates.size() < WORTHWHILE) {
            return none();
        }
        candidates.removeIf(task -> !model.surelyCreates(sent.apply(task)));
        if (candidates.size() < WORTHWHILE) {
            return none();
        }
        try {
            return new Search(cluster, spec).among(candidates);
        } catch (ApiException refused) {
            return none();
        }
    }

    /** Whether the task's dry run would succeed. */
    boolean isCertain(SyncTask task) {
        return certain.contains(task.id());
    }

    /** One search; every question is asked once. */
    private static final class Search {
        private final Cluster cluster;
        private final SyncSpec spec;
        private final Map<String, Boolean> open = new LinkedHashMap<>();
        private final Map<String, Boolean> allowed = new LinkedHashMap<>();
        private final List<JsonObject> rules = new ArrayList<>();

        Search(Cluster cluster, SyncSpec spec) {
            this.cluster = cluster;
            this.spec = spec;
        }

        Foresight among(List<SyncTask> candidates) {
            readJudges();
            Set<String> certain = new LinkedHashSet<>();
            for (SyncTask task : candidates) {
                Optional<ApiResource> resource = cluster.resource(task.gvk());
                if (resource.isPresent() && isFree(task, resource.get())) {
                    certain.add(task.id());
                }
            }
            return new Foresight(certain);
        }

        private boolean isFree(SyncTask task, ApiResource resource) {
            String namespace = task.key().namespace();
            return resource.namespaced() != namespace.isEmpty()
                    && rules.stream().noneMatch(rule -> covers(rule, resource))
                    && open.computeIfAbsent(namespace, this::isOpen)
                    && allowed.computeIfAbsent(
                            namespace + "|" + resource.gvk().group() + "|" + resource.plural(),
                            key -> isAllowed(namespace, resource));
        }

        // ---- webhooks and policies

        private void readJudges() {
            for (ApiResource resource : cluster.resources()) {
                Gvk gvk = resource.gvk();
                if (gvk.group().equals(ADMISSION) && gvk.version().equals("v1") && JUDGES.contains(gvk.kind())) {
                    all(gvk, "").forEach(this::readRules);
                }
            }
        }

        private void readRules(JsonObject judge) {
            JsonArray policy = judge.object("spec").object("matchConstraints").array("resourceRules");
            policy.forEach(this::addRule);
            if (policy.isEmpty() && !judge.has("webhooks")) {
                // a policy that does not say what it is about may be about everything
                addRule(JsonObject.empty());
            }
            for (Json webhook : judge.array("webhooks")) {
                if (webhook instanceof JsonObject object) {
                    object.array("rules").forEach(this::addRule);
                }
            }
        }

        private void addRule(Json rule) {
            rules.add(rule instanceof JsonObject object ? object : JsonObject.empty());
        }

        /**
         * Whether a rule may be about the creation of such an object. Selectors, scopes, excluded resources and versions are
         * not looked at, since they only make a rule narrower; {@code extensions} is where old kinds came from.
         */
        private static boolean covers(JsonObject rule, ApiResource resource) {
            return (names(rule, "apiGroups", resource.gvk().group()) || names(rule, "apiGroups", "extensions"))
                    && names(rule, "operations", "CREATE")
                    && (names(rule, "resources", resource.plural()) || names(rule, "resources", "*/*"));
        }

        private static boolean names(JsonObject rule, String field, String value) {
            JsonArray values = rule.array(field);
            for (Json each : values) {
                if ("*".equals(each.textOrNull()) || value.equals(each.textOrNull())) {
                    return true;
                }
            }
            return values.isEmpty();
        }

        // ---- namespaces

        private boolean isOpen(String namespace) {
            if (namespace.isEmpty() || comes(namespace)) {
                return true;
            }
            JsonObject there =
                    cluster.get(ObjectRef.of(NAMESPACE, "", namespace)).orElse(null);
            if (there == null || there.object("metadata").has("deletionTimestamp")) {
                return false;
            }
            return LIMITS.stream().allMatch(kind -> all(kind, namespace).isEmpty());
        }

        /** Whether this very sync makes the namespace, so that nobody has set limits there. */
        private boolean comes(String namespace) {
            boolean limited = spec.tasks().stream()
                    .anyMatch(task -> !task.isPrune()
                            && task.key().namespace().equals(namespace)
                            && LIMITS.stream()
                                    .anyMatch(kind ->
                                            kind.kind().equals(task.key().kind())));
            return !limited
                    && spec.tasks().stream()
                            .anyMatch(task -> !task.isPrune()
                                    && task.live() == null
                                    && task.key().kind().equals("Namespace")
                                    && task.key().group().isEmpty()
                                    && task.key().name().equals(namespace));
        }

        private List<JsonObject> all(Gvk gvk, String namespace) {
            ListQuery query = ListQuery.of(gvk);
            return cluster.list(namespace.isEmpty() ? query : query.in(namespace))
                    .items();
        }

        // ---- permissions

        /** Whether the user may create such objects; a server-side apply needs a patch as well. */
        private boolean isAllowed(String namespace, ApiResource resource) {
            return may("create", namespace, resource) && may("patch", namespace, resource);
        }

        private boolean may(String verb, String namespace, ApiResource resource) {
            JsonObject.Builder attributes = JsonObject.builder()
                    .put("verb", verb)
                    .put("group", resource.gvk().group())
                    .put("version", resource.gvk().version())
                    .put("resource", resource.plural());
            if (!namespace.isEmpty()) {
                attributes.put("namespace", namespace);
            }
            JsonObject review = JsonObject.builder()
                    .put("apiVersion", REVIEW.apiVersion())
                    .put("kind", REVIEW.kind())
                    .put("spec", JsonObject.of("resourceAttributes", attributes.build()))
                    .build();
            // a question; asked as a dry run, so that nobody takes it for a write
            JsonObject answer = cluster.create(review, WriteOptions.defaults().withDryRun(true));
            return answer.object("status").bool("allowed", false);
        }
    }
}
