package io.gitops4j.engine;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.sync.Inventory;
import io.gitops4j.sync.OwnershipGraph;
import io.gitops4j.sync.ResourceIndex;
import io.gitops4j.sync.ResourceTracking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one cluster as a controller keeps them, metadata first: of every object its summary and its owners, of a managed
 * one also its health and a digest of what it says, and its whole manifest as long as a budget of bytes permits. A plan is made
 * of summaries; a comparison that has not been made yet asks for the manifest, which is read when it is not there, one by one or
 * by a list where many of a kind and namespace are missing. The plan is the same whatever the budget, as long as nothing moves on
 * while it is made.
 */
final class LiveObjects {
    private static final int MANY = 20;
    private static final int SINGLY = 3;
    private static final int PAGE = 500;
    private static final int MOST_PLANS = 4;

    private final Cluster cluster;
    private final HealthCheck check;
    private final Predicate<ResourceKey> wanted;
    private final ResourceIndex index;
    private final ManifestCache manifests;
    private final LiveSummary summaries = new LiveSummary();
    private final OwnershipGraph graph = new OwnershipGraph();
    private final Map<ResourceKey, Known> known = new TreeMap<>();
    private final Map<Health, Health> healths = new LinkedHashMap<>();
    private final Map<ResourceKey, JsonObject> concerned = new LinkedHashMap<>();
    private final Map<InHand, JsonObject> inHand = new LinkedHashMap<>();
    private final Map<String, Integer> missed = new LinkedHashMap<>();
    private final List<JsonObject> surprises = new ArrayList<>();

    /** What is known of a managed object of which the whole has been seen. */
    private record Known(JsonObject summary, @Nullable Health health, long high, long low) {
        boolean isLike(Known other) {
            return high == other.high
                    && low == other.low
                    && Optional.ofNullable(health).equals(Optional.ofNullable(other.health));
        }
    }

    /** A manifest in one of the versions that its kind is served in. */
    private record InHand(String apiVersion, ResourceKey key) {}

    /**
     * No objects yet.
     *
     * @param wanted whether somebody wants an object, whoever owns it
     * @param budget bytes of whole manifests that are kept
     */
    LiveObjects(
            Cluster cluster, ResourceTracking tracking, HealthCheck check, Predicate<ResourceKey> wanted, long budget) {
        this.cluster = cluster;
        this.check = check;
        this.wanted = wanted;
        this.index = new ResourceIndex(tracking);
        this.manifests = new ManifestCache(budget);
    }

    /** The summaries. */
    ResourceIndex index() {
        return index;
    }

    /** Who owns what. */
    OwnershipGraph graph() {
        return graph;
    }

    /** The whole manifests that are kept. */
    ManifestCache manifests() {
        return manifests;
    }

    // ---- what happens

    /**
     * Takes an object as the cluster gave it. One that is no newer than what is known changes nothing.
     *
     * @param whole whether it is all of the object, not its metadata alone
     * @return whether more than bookkeeping is new, as far as can be told
     */
    boolean put(JsonObject object, boolean whole) {
        ResourceKey key = ObjectRef.of(object).key();
        JsonObject before = index.get(key);
        boolean managed = isManaged(key, object);
        if (before != null && isNoNewer(object, before)) {
            if (whole && managed && !known.containsKey(key) && version(object).equals(version(before))) {
                JsonObject summary = summaries.of(object, true);
                keep(key, object, summary.equals(before) ? before : summary);
            }
            return false;
        }
        if (whole && managed) {
            Known was = known.get(key);
            return !keep(key, object, summaries.of(object, true)).equals(was);
        }
        index.put(key, summaries.of(object, false));
        graph.put(key, object);
        known.remove(key);
        manifests.remove(key);
        return true;
    }

    /** Keeps a managed object; what was known of it when that is the same but for bookkeeping, else what is known now. */
    private Known keep(ResourceKey key, JsonObject object, JsonObject summary) {
        Health health = check.assess(object).orElse(null);
        Health shared = health == null ? null : healths.getOrDefault(health, health);
        if (shared != null && healths.size() < MANY * PAGE) {
            healths.put(shared, shared);
        }
        LiveSummary.Digest digest = LiveSummary.Digest.of(object);
        Known now = new Known(summary, shared, digest.high(), digest.low());
        index.put(key, summary);
        graph.put(key, object);
        manifests.put(key, object);
        Known was = known.put(key, now);
        return was != null && was.isLike(now) ? was : now;
    }

    /** What was found by a read to have moved on before its event came, since the last call, as it was. */
    List<JsonObject> surprises() {
        List<JsonObject> told = List.copyOf(surprises);
        surprises.clear();
        return told;
    }

    void remove(ResourceKey key) {
        index.remove(key);
        graph.remove(key);
        known.remove(key);
        manifests.remove(key);
    }

    private boolean isManaged(ResourceKey key, JsonObject object) {
        return Inventory.isPart(object)
                || wanted.test(key)
                || concerned.containsKey(key)
                || !index.owners(object).isEmpty();
    }

    /** Whether an object is no newer than the one that is known: of an event that comes late, or of a list that repeats it. */
    private static boolean isNoNewer(JsonObject object, JsonObject than) {
        return uid(object).equals(uid(than)) && compareVersions(version(object), version(than)) <= 0;
    }

    private static int compareVersions(String one, String other) {
        int byLength = Integer.compare(one.length(), other.length());
        return byLength != 0 ? byLength : one.compareTo(other);
    }

    static String uid(JsonObject object) {
        return object.object("metadata").text("uid", "");
    }

    private static String version(JsonObject object) {
        return object.object("metadata").text("resourceVersion", "");
    }

    // ---- what is asked for

    /** The health of an object of which there is a summary. */
    Optional<Health> health(JsonObject summary) {
        Known of = known.get(ObjectRef.of(summary).key());
        return of != null && of.summary() == summary
                ? Optional.ofNullable(of.health())
                : check.assess(whole(summary.text("apiVersion", ""), summary));
    }

    /**
     * Makes something of summaries that may ask for whole objects; where reading one shows that something has moved on meanwhile,
     * it is made again.
     *
     * @param of the summaries that it is made of
     */
    <T> T reading(List<JsonObject> of, Supplier<T> work) {
        of.forEach(summary -> concerned.put(ObjectRef.of(summary).key(), summary));
        try {
            for (int times = 1; ; times++) {
                long version = index.version();
                T made = work.get();
                if (version == index.version() || times == MOST_PLANS) {
                    return made;
                }
            }
        } finally {
            concerned.clear();
            inHand.clear();
            missed.clear();
        }
    }

    /**
     * The whole object of a summary in the version that is asked for; the summary itself when the object has gone meanwhile.
     *
     * @throws GitOpsException when the cluster cannot be asked, {@code STALE_READ} when it answers with an older object
     */
    JsonObject whole(String apiVersion, JsonObject summary) {
        ResourceKey key = ObjectRef.of(summary).key();
        InHand wantedNow = new InHand(apiVersion, key);
        JsonObject kept = kept(wantedNow, summary);
        if (kept != null) {
            return kept;
        }
        // the first few are read one by one: the comparisons of the others may all have been made
        int misses = missed.merge(apiVersion + " " + key.kind() + " " + key.namespace(), 1, Integer::sum);
        // and where the first list has not brought all, there are too many others to list again
        List<ResourceKey> missing = misses == SINGLY + 1 ? missing(apiVersion, key) : List.of();
        if (missing.size() < MANY || !list(apiVersion, key, missing)) {
            Optional<JsonObject> read =
                    cluster.get(ObjectRef.of(Gvk.of(apiVersion, key.kind()), key.namespace(), key.name()));
            if (read.isEmpty()) {
                surprises.add(summary);
                remove(key);
                return summary;
            }
            hold(apiVersion, key, read.get());
        }
        JsonObject read = inHand.get(wantedNow);
        return read == null ? summary : read;
    }

    /** What a plan looks at of a kind and namespace and is not at hand. */
    private List<ResourceKey> missing(String apiVersion, ResourceKey key) {
        List<ResourceKey> missing = new ArrayList<>();
        concerned.forEach((other, itsSummary) -> {
            if (isAlike(other, key) && kept(new InHand(apiVersion, other), itsSummary) == null) {
                missing.add(other);
            }
        });
        return missing;
    }

    private static boolean isAlike(ResourceKey one, ResourceKey other) {
        return one.kind().equals(other.kind())
                && one.group().equals(other.group())
                && one.namespace().equals(other.namespace());
    }

    private @Nullable JsonObject kept(InHand which, JsonObject summary) {
        JsonObject kept = inHand.get(which);
        if (kept == null && summary.text("apiVersion", "").equals(which.apiVersion())) {
            kept = manifests.get(which.key());
        }
        return kept != null && uid(kept).equals(uid(summary)) && version(kept).equals(version(summary)) ? kept : null;
    }

    /**
     * Reads many objects of a kind and namespace; {@code false} when that takes more than reading them one by one, or has not
     * brought what was asked for.
     */
    private boolean list(String apiVersion, ResourceKey like, List<ResourceKey> missing) {
        Map<ResourceKey, JsonObject> found = new LinkedHashMap<>();
        ListQuery query = ListQuery.of(Gvk.of(apiVersion, like.kind())).in(like.namespace());
        String token = "";
        try {
            for (int pages = 0; pages <= 4 * missing.size() / PAGE + 1; pages++) {
                ListPage page = cluster.list(query.page(PAGE, token));
                page.items().forEach(item -> found.put(ObjectRef.of(item).key(), item));
                token = page.continueToken();
                if (token.isEmpty()) {
                    for (ResourceKey key : missing) {
                        JsonObject read = found.get(key);
                        JsonObject summary = index.get(key);
                        // what has moved on and is not asked for is told by its event
                        if (read != null
                                && summary != null
                                && uid(read).equals(uid(summary))
                                && version(read).equals(version(summary))) {
                            hold(apiVersion, key, read);
                        }
                    }
                    return inHand.containsKey(new InHand(apiVersion, like));
                }
            }
            return false;
        } catch (ApiException refused) {
            return false;
        }
    }

    private void hold(String apiVersion, ResourceKey key, JsonObject read) {
        JsonObject summary = index.get(key);
        if (summary != null && uid(read).equals(uid(summary)) && compareVersions(version(read), version(summary)) < 0) {
            throw new GitOpsException("STALE_READ", key + " was read as it was before an event that has come already");
        }
        inHand.put(new InHand(apiVersion, key), read);
        boolean preferred = summary == null || summary.text("apiVersion", "").equals(apiVersion);
        if (preferred) {
            if (summary != null && !version(read).equals(version(summary))) {
                surprises.add(summary);
            }
            put(read, true);
            if (summary != null && version(read).equals(version(summary))) {
                manifests.put(key, read);
            }
        } else if (summary != null && !version(read).equals(version(summary))) {
            Gvk gvk = Gvk.of(summary.text("apiVersion", ""), key.kind());
            surprises.add(summary);
            cluster.get(ObjectRef.of(gvk, key.namespace(), key.name())).ifPresent(now -> put(now, true));
        }
    }
}
