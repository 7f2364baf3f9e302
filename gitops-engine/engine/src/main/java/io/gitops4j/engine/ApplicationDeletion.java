package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.Conditions;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.DeletionPlan;
import io.gitops4j.sync.Hooks;
import io.gitops4j.sync.Inventory;
import io.gitops4j.sync.SyncSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The end of an application whose finalizers ask for something: hooks before, the objects wave by wave, hooks after. Where it
 * stands is told by the finalizers and by what is still there, so that it goes on after a crash without a record. Each finalizer
 * goes when its part is done; the last one lets the Application go.
 *
 * <p>Source: argocd §4.5.
 */
final class ApplicationDeletion {
    private static final String PRE = "pre-delete-finalizer.argocd.argoproj.io";
    private static final String POST = "post-delete-finalizer.argocd.argoproj.io";
    private static final String CLEANUP = "/cleanup";
    private static final Duration BLOCKED_AFTER = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofSeconds(5);

    private final ApplicationController controller;
    private final ApplicationLoop loop;
    private final @Nullable RenderedApplication rendered;

    ApplicationDeletion(
            ApplicationController controller, ApplicationLoop loop, @Nullable RenderedApplication rendered) {
        this.controller = controller;
        this.loop = loop;
        this.rendered = rendered;
    }

    /** One step; {@code null} when it is done. */
    @Nullable
    Instant step(@Nullable ClusterLane lane, Instant now) {
        Application application = loop.application();
        List<String> finalizers = application.finalizers();
        if (lane == null) {
            // nobody knows the cluster any more: there is nothing that could be deleted
            finish(now, "its destination is not known");
            return null;
        }
        if (finalizers.contains(PRE)) {
            return hooks("PreDelete", PRE, lane, now);
        }
        if (finalizers.contains(PRE + CLEANUP)) {
            return cleanUp("PreDelete", PRE, lane, now);
        }
        boolean cascades = finalizers.stream().anyMatch(name -> name.startsWith(Application.RESOURCES_FINALIZER));
        if (cascades) {
            Instant wait = resources(lane, now);
            if (wait != null) {
                return wait;
            }
            remove(now, name -> name.startsWith(Application.RESOURCES_FINALIZER));
            return loop.isGone() ? null : now;
        }
        if (finalizers.contains(POST)) {
            return hooks("PostDelete", POST, lane, now);
        }
        if (finalizers.contains(POST + CLEANUP)) {
            return cleanUp("PostDelete", POST, lane, now);
        }
        return null;
    }

    // ---- the objects

    private @Nullable Instant resources(ClusterLane lane, Instant now) {
        Application application = loop.application();
        DeletionPlan plan = DeletionPlan.of(
                application,
                lane.index().of(application.name()),
                controller.gitops.tracking(),
                SyncSettings.of(application.syncPolicy()));
        Inventory inventory = lane.index().inventory(application.name()).orElse(null);
        if (inventory != null && !inventory.isWhole()) {
            condition("INVENTORY_DAMAGED", inventory.problem().orElseThrow().text(), now);
            return now.plus(POLL);
        }
        if (plan.isEmpty()) {
            if (inventory != null) {
                controller.gitops.keeper(lane.cluster()).delete(application.name());
            }
            return null;
        }
        List<JsonObject> wave = plan.waves().get(0);
        List<JsonObject> unconfirmed = wave.stream()
                .filter(object -> DeletionPlan.asksForConsent(object, SyncSettings.of(application.syncPolicy())))
                .toList();
        if (!unconfirmed.isEmpty() && !isApproved(now)) {
            condition(
                    "DELETION_UNCONFIRMED",
                    "waiting for the confirmation to delete "
                            + ObjectRef.of(unconfirmed.get(0)).key(),
                    now);
            return now.plus(POLL);
        }
        for (JsonObject object : wave) {
            if (!object.object("metadata").has("deletionTimestamp")) {
                delete(lane, object, propagation(application));
                controller.log.append(
                        now, loop.name(), "DELETE", ObjectRef.of(object).key().toString());
            } else if (isOld(object, now)) {
                condition(
                        "BLOCKED_DELETE",
                        ObjectRef.of(object).key() + " is held by its finalizers since "
                                + object.object("metadata").text("deletionTimestamp", ""),
                        now);
            }
        }
        return lane.own(application.name()).isEmpty() ? now : now.plus(POLL);
    }

    private static boolean isOld(JsonObject object, Instant now) {
        try {
            return Instant.parse(object.object("metadata").text("deletionTimestamp", ""))
                    .plus(BLOCKED_AFTER)
                    .isBefore(now);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static DeleteOptions.Propagation propagation(Application application) {
        return application.finalizers().contains(Application.RESOURCES_FINALIZER + "/background")
                ? DeleteOptions.Propagation.BACKGROUND
                : DeleteOptions.Propagation.FOREGROUND;
    }

    private static void delete(ClusterLane lane, JsonObject object, DeleteOptions.Propagation propagation) {
        String uid = object.object("metadata").text("uid");
        try {
            lane.cluster()
                    .delete(
                            ObjectRef.of(object),
                            DeleteOptions.defaults().with(propagation).withUid(uid));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                lane.objects().remove(ObjectRef.of(object).key());
            } else if (!e.isConflict()) {
                throw e;
            }
        }
    }

    private boolean isApproved(Instant now) {
        String approved = loop.application().annotation(OperationLoop.APPROVED);
        if (approved == null) {
            return false;
        }
        try {
            Instant since = Instant.parse(
                    loop.application().body().object("metadata").text("deletionTimestamp", now.toString()));
            return !OffsetDateTime.parse(approved).toInstant().isBefore(since);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    // ---- hooks

    private @Nullable Instant hooks(String type, String finalizer, ClusterLane lane, Instant now) {
        Outcome<List<JsonObject>> found = hookObjects(type, lane);
        List<JsonObject> hooks = found.orNull();
        if (hooks == null) {
            condition("DELETION_HOOKS", found.problems().get(0).toString(), now);
            return now.plus(POLL);
        }
        boolean waits = false;
        for (JsonObject hook : hooks) {
            ObjectRef ref = ObjectRef.of(hook);
            JsonObject live = lane.cluster().get(ref).orElse(null);
            if (live == null) {
                lane.cluster().create(hook, WriteOptions.defaults());
                controller.log.append(now, loop.name(), type, ref.key().toString());
                waits = true;
                continue;
            }
            Health health = controller.gitops.healthCheck().assess(live).orElse(new Health(Health.Status.HEALTHY, ""));
            if (health.status() == Health.Status.DEGRADED) {
                condition("DELETION_HOOK_FAILED", type + " hook " + ref.key() + ": " + health.message(), now);
                return now.plus(POLL);
            }
            waits |= health.status() != Health.Status.HEALTHY;
        }
        if (waits) {
            return now.plus(POLL);
        }
        List<String> next = new ArrayList<>(loop.application().finalizers());
        next.remove(finalizer);
        if (!next.contains(finalizer + CLEANUP)) {
            next.add(finalizer + CLEANUP);
        }
        loop.persist(loop.application().withFinalizers(next), now);
        return now;
    }

    private @Nullable Instant cleanUp(String type, String finalizer, ClusterLane lane, Instant now) {
        for (JsonObject hook : hookObjects(type, lane).value().orElse(List.of())) {
            boolean goes = Hooks.deletePolicies(hook).contains(Hooks.DeletePolicy.HOOK_SUCCEEDED);
            Optional<JsonObject> live = goes ? lane.cluster().get(ObjectRef.of(hook)) : Optional.empty();
            if (live.isPresent()) {
                delete(lane, live.get(), DeleteOptions.Propagation.BACKGROUND);
            }
        }
        remove(now, name -> name.equals(finalizer + CLEANUP));
        return loop.isGone() ? null : now;
    }

    private Outcome<List<JsonObject>> hookObjects(String type, ClusterLane lane) {
        Application application = loop.application();
        RenderedApplication known = rendered;
        String synced = application
                .status()
                .object("operationState")
                .object("syncResult")
                .text("revision", "");
        Outcome<RenderedApplication> source = known != null
                ? Outcome.of(known)
                : controller.gitops.render(application, synced.isEmpty() ? List.of() : List.of(synced.split(",", -1)));
        return source.map(all -> {
            List<JsonObject> hooks = new ArrayList<>();
            for (Manifest manifest : all.manifests()) {
                if (Hooks.deletionTypes(manifest.body()).contains(type)) {
                    JsonObject metadata = manifest.metadata();
                    boolean placed = !metadata.text("namespace", "").isEmpty()
                            || !lane.kinds().namespaced(Gvk.of(manifest.apiVersion(), manifest.kind()));
                    hooks.add(
                            placed
                                    ? manifest.body()
                                    : manifest.body()
                                            .with(
                                                    "metadata",
                                                    metadata.with(
                                                            "namespace",
                                                            application
                                                                    .destination()
                                                                    .namespace())));
                }
            }
            return hooks;
        });
    }

    // ---- the end

    private void condition(String code, String text, Instant now) {
        JsonArray conditions = Conditions.of(
                List.of(Problem.error(code, text)), loop.application().status().array("conditions"), now);
        loop.persist(loop.application().status().with("conditions", conditions), now);
    }

    private void remove(Instant now, java.util.function.Predicate<String> which) {
        List<String> left =
                loop.application().finalizers().stream().filter(which.negate()).toList();
        controller.log.append(now, loop.name(), "FINALIZED", loop.application().finalizers() + " to " + left);
        loop.persist(loop.application().withFinalizers(left), now);
    }

    private void finish(Instant now, String why) {
        controller.log.append(now, loop.name(), "FINALIZED", "nothing deleted: " + why);
        loop.persist(
                loop.application()
                        .withFinalizers(loop.application().finalizers().stream()
                                .filter(name -> !name.startsWith(Application.RESOURCES_FINALIZER)
                                        && !name.startsWith(PRE)
                                        && !name.startsWith(POST))
                                .toList()),
                now);
    }
}
