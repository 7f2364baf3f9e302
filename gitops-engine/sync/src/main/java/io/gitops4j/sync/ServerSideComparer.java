package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.diff.DiffEngine;
import io.gitops4j.diff.DiffResult;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Outcome;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.ClusterWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The comparison that asks the server: what a server-side apply of the target would make of the live object, found by a dry run.
 * Defaults and webhooks of the server are so part of the prediction; what they add beyond the target is told apart and is no
 * drift. Needs the cluster at plan time; an answer that may be another one later is thrown as it comes.
 *
 * <p>Source: argocd §5.1.
 */
public final class ServerSideComparer implements ResourceComparer {
    private static final String MANAGER = "argocd-controller";
    private static final String OPTIONS = "argocd.argoproj.io/compare-options";

    private final ClusterWriter cluster;
    private final ResourceComparer merging;
    private final DiffEngine engine;

    /** A comparison over a cluster; {@code merging} says what a client-side apply stores. */
    public ServerSideComparer(ClusterWriter cluster, ResourceComparer merging) {
        this.cluster = cluster;
        this.merging = merging;
        this.engine = merging instanceof DiffComparer comparer ? comparer.engine() : DiffEngine.plain();
    }

    /**
     * What a dry run answers, in two classes.
     *
     * @param own changes that the target asks for
     * @param mutated changes that webhooks and other writers of the server add to each write; they are no drift
     */
    public record Prediction(List<FieldChange> own, List<FieldChange> mutated) {

        /** A prediction of these parts. */
        public Prediction {
            own = List.copyOf(own);
            mutated = List.copyOf(mutated);
        }
    }

    /**
     * The comparison that an Application asks for: this one with {@code ServerSideDiff=true} among its compare options, else the
     * usual one.
     */
    public static Outcome<ResourceComparer> chosen(
            Application application, ResourceComparer usual, Function<Application, Outcome<Cluster>> clusters) {
        String options = application.annotation(OPTIONS);
        return options != null && Hooks.commaList(options).contains("ServerSideDiff=true")
                ? clusters.apply(application).map(cluster -> new ServerSideComparer(cluster, usual))
                : Outcome.of(usual);
    }

    @Override
    public Comparison compare(JsonObject target, JsonObject live) {
        Prediction prediction;
        try {
            prediction = predict(target, live);
        } catch (ApiException refused) {
            if (FailureClass.of(refused.status()) == FailureClass.PERMANENT) {
                // the dry run of the sync tells the server's words; until then the difference is told without the
                // server
                return merging.compare(target, live);
            }
            throw refused;
        }
        List<FieldChange> changes = new ArrayList<>(prediction.own());
        String options = Hooks.annotation(target, OPTIONS);
        if (options != null && Hooks.commaList(options).contains("IncludeMutationWebhook=true")) {
            changes.addAll(prediction.mutated());
        }
        return new Comparison(!changes.isEmpty(), changes);
    }

    /** What the server would make of the target, and whose doing each change is. */
    public Prediction predict(JsonObject target, JsonObject live) {
        WriteOptions dry = WriteOptions.defaults()
                .withFieldManager(MANAGER)
                .withForce(true)
                .withDryRun(true);
        JsonObject predicted = cluster.apply(ObjectRef.of(live), target.without("status"), dry);
        List<FieldChange> own = changes(target, live, predicted, false);
        List<FieldChange> mutated = new ArrayList<>(changes(target, live, predicted, true));
        mutated.removeAll(own);
        return new Prediction(own, mutated);
    }

    private List<FieldChange> changes(JsonObject target, JsonObject live, JsonObject predicted, boolean mutations) {
        List<FieldChange> changes = new ArrayList<>();
        DiffResult result =
                engine.serverSide(target, live, predicted, mutations).orNull();
        if (result == null) {
            StructuralComparer.difference(normal(live), normal(predicted), JsonPointer.root(), changes);
        } else if (result.modified()) {
            StructuralComparer.difference(
                    normal(result.normalizedLive()), normal(result.predictedLive()), JsonPointer.root(), changes);
        }
        return changes;
    }

    @Override
    public JsonObject merge(JsonObject target, JsonObject live) {
        return merging.merge(target, live);
    }

    private static JsonObject normal(@Nullable JsonObject object) {
        if (object == null) {
            return JsonObject.empty();
        }
        JsonObject metadata = object.object("metadata")
                .without("managedFields")
                .without("resourceVersion")
                .without("generation")
                .without("creationTimestamp");
        return ResourceTracking.without(
                object.without("status").with("metadata", metadata), "annotations", StructuralComparer.LAST_APPLIED);
    }
}
