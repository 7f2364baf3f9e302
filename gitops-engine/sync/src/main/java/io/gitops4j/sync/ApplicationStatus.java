package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.app.Conditions;
import io.gitops4j.cluster.Health;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.HealthCheck;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The status of an application in the fields in which Argo CD keeps it, so that its tools read what is written here. The list
 * of resources is bounded, so that the object fits where objects are stored.
 */
public final class ApplicationStatus {
    /** Resources listed in a status; of more, those that are not in order come first. */
    public static final int MAX_RESOURCES = 5_000;

    /** Most bytes of a status, well below what an API server stores. */
    public static final int MAX_BYTES = 1_000_000;

    /** Most characters of a message in a status. */
    public static final int MAX_MESSAGE = 4_096;

    private static final Health UNKNOWN = new Health(Health.Status.UNKNOWN, "");

    private ApplicationStatus() {}

    /**
     * The status after a comparison.
     *
     * @param plan the comparison
     * @param health of single objects
     * @param whole health of the application
     * @param problems to be told as conditions
     */
    public static JsonObject compared(
            Application application, Plan plan, HealthCheck health, Health whole, List<Problem> problems, Instant now) {
        JsonObject before = application.status();
        JsonObject.Builder sync = JsonObject.builder()
                .put("status", plan.outOfSync() ? "OutOfSync" : "Synced")
                .put("comparedTo", comparedTo(application));
        List<String> revisions = com.google.common.base.Splitter.on(',').splitToList(plan.revision());
        if (application.isMultiSource()) {
            sync.put("revisions", texts(revisions));
        } else {
            sync.put("revision", plan.revision());
        }
        JsonObject status = before.with("resources", resources(plan, health))
                .with("sync", sync.build())
                .with("health", health(before.object("health"), whole, now))
                .with("reconciledAt", now.toString())
                .with("sourceType", sourceType(application))
                .with("summary", summary(plan));
        JsonArray conditions = Conditions.of(problems, before.array("conditions"), now);
        return conditions.isEmpty() ? status.without("conditions") : status.with("conditions", conditions);
    }

    /**
     * The status when an application could not be compared: sync and health become unknown, what was known of its resources
     * stays.
     */
    public static JsonObject notCompared(Application application, List<Problem> problems, Instant now) {
        JsonObject before = application.status();
        JsonObject sync = before.object("sync").with("status", "Unknown").with("comparedTo", comparedTo(application));
        return before.with("sync", sync)
                .with("health", health(before.object("health"), UNKNOWN, now))
                .with("reconciledAt", now.toString())
                .with("conditions", Conditions.of(problems, before.array("conditions"), now));
    }

    /** The status while an operation runs. */
    public static JsonObject running(
            Application application, OperationRequest operation, SyncStatus status, int retries) {
        JsonObject.Builder state = JsonObject.builder()
                .put("operation", operation.body())
                .put(
                        "phase",
                        status.phase().completed()
                                ? OperationPhase.RUNNING.wire()
                                : status.phase().wire())
                .put("message", shortened(status.message()))
                .put("startedAt", status.startedAt().toString());
        if (retries > 0) {
            state.put("retryCount", retries);
        }
        return application.status().with("operationState", state.build());
    }

    /** The status after an operation of a controller: as {@link #synced}, with what was asked for and how often it was tried. */
    public static JsonObject finished(
            Application application, OperationRequest operation, SyncResult result, int retries) {
        JsonObject status = synced(application, result, operation.isPartial());
        JsonObject state = status.object("operationState");
        JsonObject sync = state.object("syncResult");
        List<ApplicationSource> sources = application.sources();
        if (application.isMultiSource()) {
            sync = sync.with(
                            "sources",
                            JsonArray.of(sources.stream()
                                    .map(ApplicationSource::body)
                                    .toList()))
                    .with(
                            "revisions",
                            texts(com.google.common.base.Splitter.on(',')
                                    .splitToList(result.plan().revision())));
        } else if (!sources.isEmpty()) {
            sync = sync.with("source", sources.get(0).body());
        }
        if (!application.syncPolicy().managedNamespaceMetadata().isEmpty()) {
            sync = sync.with(
                    "managedNamespaceMetadata", application.syncPolicy().managedNamespaceMetadata());
        }
        JsonObject.Builder out = JsonObject.builder().put("operation", operation.body());
        state.with("syncResult", sync).forEach(out::put);
        if (retries > 0) {
            out.put("retryCount", retries);
        }
        if (!result.problems().isEmpty()) {
            out.put("phase", OperationPhase.FAILED.wire())
                    .put("message", shortened(result.problems().get(0).toString()));
        }
        return bounded(status.with("operationState", out.build()), MAX_BYTES);
    }

    /**
     * The status cut to a size: long messages are shortened, then objects in order are left out of the list of resources, then
     * results of the last sync that succeeded.
     */
    public static JsonObject bounded(JsonObject status, int bytes) {
        if (size(status) <= bytes) {
            return status;
        }
        JsonObject cut =
                without(status, List.of("operationState", "syncResult", "resources"), "status", "Synced", bytes);
        return without(cut, List.of("resources"), "status", "Synced", bytes);
    }

    private static JsonObject without(JsonObject status, List<String> path, String field, String value, int bytes) {
        long over = (long) size(status) - bytes;
        if (over <= 0) {
            return status;
        }
        JsonObject holder = status;
        for (String step : path.subList(0, path.size() - 1)) {
            holder = holder.object(step);
        }
        String last = path.get(path.size() - 1);
        List<Json> kept = new ArrayList<>();
        List<Json> all = holder.array(last).items();
        for (Json each : all) {
            boolean spare =
                    each instanceof JsonObject object && object.text(field, "").equals(value);
            if (over > 0 && spare) {
                over -= size(each) + 1;
            } else {
                kept.add(each);
            }
        }
        for (int i = kept.size() - 1; i >= 0 && over > 0; i--) {
            over -= size(kept.remove(i)) + 1;
        }
        JsonObject changed = holder.with(last, JsonArray.of(kept));
        for (int i = path.size() - 2; i >= 0; i--) {
            JsonObject above = status;
            for (String step : path.subList(0, i)) {
                above = above.object(step);
            }
            changed = above.with(path.get(i), changed);
        }
        return changed;
    }

    private static int size(Json json) {
        return json.toJson().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    static String shortened(String message) {
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
    }

    /** The status after a sync: its operation, and for a whole one that succeeded an entry of the history. */
    public static JsonObject synced(Application application, SyncResult result, boolean partial) {
        JsonObject status = application.status().with("operationState", result.toOperationState());
        if (!result.succeeded() || partial || result.plan().spec().settings().dryRun()) {
            return status;
        }
        List<Json> history = new ArrayList<>(status.array("history").items());
        long id = 0;
        if (!history.isEmpty()
                && history.get(history.size() - 1) instanceof JsonObject last
                && last.get("id") instanceof JsonNumber number) {
            id = number.longValue() + 1;
        }
        Instant finished = result.status().finishedAt();
        JsonObject.Builder entry = JsonObject.builder()
                .put("id", id)
                .put("revision", result.plan().revision())
                .put("deployStartedAt", result.status().startedAt().toString())
                .put("deployedAt", String.valueOf(finished));
        List<ApplicationSource> sources = application.sources();
        if (application.isMultiSource()) {
            entry.put(
                    "sources",
                    JsonArray.of(sources.stream().map(ApplicationSource::body).toList()));
        } else if (!sources.isEmpty()) {
            entry.put("source", sources.get(0).body());
        }
        history.add(entry.build());
        int limit = application.revisionHistoryLimit();
        List<Json> kept = history.subList(Math.max(0, history.size() - limit), history.size());
        return kept.isEmpty() ? status.without("history") : status.with("history", JsonArray.of(kept));
    }

    private static JsonObject comparedTo(Application application) {
        JsonObject spec = application.spec();
        JsonObject.Builder compared = JsonObject.builder().put("destination", spec.object("destination"));
        for (String field : List.of("source", "sources", "ignoreDifferences")) {
            compared.putIfPresent(field, spec.get(field));
        }
        return compared.build();
    }

    private static JsonArray resources(Plan plan, HealthCheck health) {
        List<JsonObject> all = allResources(plan, health);
        return JsonArray.of(all.subList(0, Math.min(MAX_RESOURCES, all.size())));
    }

    /** Every resource in the form of the status, those that want attention first; the status itself holds what fits. */
    public static List<JsonObject> allResources(Plan plan, HealthCheck health) {
        List<JsonObject> attention = new ArrayList<>();
        List<JsonObject> fine = new ArrayList<>();
        for (PlanStep step : plan.steps()) {
            SyncTask task = step.task();
            if (task.isHook()) {
                continue;
            }
            boolean inSync = step.action() == PlanStep.Action.NOOP;
            JsonObject.Builder resource = JsonObject.builder();
            if (!task.key().group().isEmpty()) {
                resource.put("group", task.key().group());
            }
            resource.put("version", task.gvk().version()).put("kind", task.key().kind());
            if (!task.key().namespace().isEmpty()) {
                resource.put("namespace", task.key().namespace());
            }
            resource.put("name", task.key().name()).put("status", inSync ? "Synced" : "OutOfSync");
            JsonObject live = task.live();
            if (live != null) {
                health.assess(live).ifPresent(judged -> resource.put("health", health(judged)));
            } else {
                resource.put("health", health(new Health(Health.Status.MISSING, "")));
            }
            if (task.isPrune() && !inSync) {
                resource.put("requiresPruning", true);
            }
            long wave = SyncWave.of(task.subject());
            if (wave != 0) {
                resource.put("syncWave", wave);
            }
            (inSync ? fine : attention).add(resource.build());
        }
        attention.addAll(fine);
        return List.copyOf(attention);
    }

    private static JsonObject health(Health health) {
        JsonObject status = JsonObject.of("status", Json.of(health.status().wire()));
        return health.message().isEmpty() ? status : status.with("message", health.message());
    }

    private static JsonObject health(JsonObject before, Health whole, Instant now) {
        boolean same = before.text("status", "").equals(whole.status().wire());
        return health(whole)
                .with("lastTransitionTime", same ? before.text("lastTransitionTime", now.toString()) : now.toString());
    }

    private static String sourceType(Application application) {
        List<ApplicationSource> sources = application.sources();
        if (sources.isEmpty()) {
            return "Directory";
        }
        ApplicationSource first = sources.get(0);
        if (!first.chart().isEmpty()) {
            return "Helm";
        }
        List<String> types = first.explicitTypes();
        return types.isEmpty()
                ? "Directory"
                : Character.toUpperCase(types.get(0).charAt(0)) + types.get(0).substring(1);
    }

    /** The images that the live objects run, and the addresses of ingresses. */
    private static JsonObject summary(Plan plan) {
        TreeSet<String> images = new TreeSet<>();
        TreeSet<String> urls = new TreeSet<>();
        for (PlanStep step : plan.steps()) {
            JsonObject live = step.task().live();
            if (live == null) {
                continue;
            }
            JsonObject pod = step.task().key().kind().equals("Pod")
                    ? live.object("spec")
                    : live.object("spec").object("template").object("spec");
            for (String field : List.of("initContainers", "containers")) {
                for (Json container : pod.array(field)) {
                    String image = container instanceof JsonObject object ? object.text("image") : null;
                    if (image != null) {
                        images.add(image);
                    }
                }
            }
            if (step.task().key().kind().equals("Ingress")) {
                addresses(live.object("spec"), urls);
            }
        }
        JsonObject summary = JsonObject.empty();
        if (!urls.isEmpty()) {
            summary = summary.with("externalURLs", texts(List.copyOf(urls)));
        }
        return images.isEmpty() ? summary : summary.with("images", texts(List.copyOf(images)));
    }

    private static void addresses(JsonObject ingress, TreeSet<String> urls) {
        boolean secure = !ingress.array("tls").isEmpty();
        for (Json item : ingress.array("rules")) {
            String host = item instanceof JsonObject rule ? rule.text("host") : null;
            if (host != null && !host.isEmpty()) {
                urls.add((secure ? "https://" : "http://") + host + "/");
            }
        }
    }

    private static JsonArray texts(List<String> texts) {
        return JsonArray.of(texts.stream().map(Json::of).toList());
    }
}
