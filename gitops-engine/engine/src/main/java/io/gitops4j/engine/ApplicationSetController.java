package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.appset.ExternalGenerators;
import io.gitops4j.appset.SetPolicy;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.DecisionLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Applications of ApplicationSets as their generators say: creates, changes and deletes them under the set's policy,
 * and carries a RollingSync out step by step. It has no thread and no clock of its own: whoever owns it calls {@link #run},
 * beside {@link ApplicationController#run}, which syncs what is generated.
 *
 * <p>When a generator or a template fails, nothing is changed. An Application that is not in order is left out, and one of its
 * name is neither changed nor deleted. A set is looked at when it or one of its Applications changes, when a repository is said
 * to have new commits, and as often as its generators ask for ({@code requeueAfterSeconds}).
 *
 * <p>For use by one thread at a time.
 */
public final class ApplicationSetController {
    private static final Duration USUALLY = Duration.ofMinutes(3);
    private static final Duration STORE_RETRY = Duration.ofSeconds(10);

    private final GitOps gitops;
    private final ApplicationSets expander;
    private final ApplicationSetStore store;
    private final DecisionLog log;
    private final Map<String, ApplicationSet> sets = new TreeMap<>();
    private final Map<String, List<Problem>> invalid = new LinkedHashMap<>();
    private final Map<String, Instant> dueAt = new TreeMap<>();

    /** A controller of the sets of a store. */
    public ApplicationSetController(
            GitOps gitops, ApplicationSets expander, ApplicationSetStore store, DecisionLog decisions) {
        this.gitops = gitops;
        this.expander = expander;
        this.store = store;
        this.log = decisions;
    }

    /**
     * Does what is due.
     *
     * @return when to call again at the latest; empty when nothing but an event helps
     */
    public Optional<Instant> run() {
        Instant now = gitops.now();
        try {
            for (ApplicationSetStore.Change change : store.changes()) {
                take(change, now);
            }
        } catch (GitOpsException e) {
            log.append(now, "", "STORE_FAILED", e.code() + ": " + e.getMessage());
            return Optional.of(now.plus(STORE_RETRY));
        }
        for (String name : List.copyOf(dueAt.keySet())) {
            Instant at = dueAt.get(name);
            ApplicationSet set = sets.get(name);
            if (set != null && at != null && !at.isAfter(now)) {
                reconcile(name, set, now);
            }
        }
        return dueAt.values().stream().min(Instant::compareTo);
    }

    /** Says that a repository has new commits: the sets that read it are looked at. */
    public void sourceChanged(String repositoryUrl) {
        Instant now = gitops.now();
        sets.forEach((name, set) -> {
            if (set.spec()
                    .array("generators")
                    .toJson()
                    .contains(Json.of(repositoryUrl).toJson())) {
                gitops.repository(repositoryUrl).value().ifPresent(repository -> repository.refresh());
                dueAt.put(name, now);
            }
        });
    }

    /** Asks for a look at a set. */
    public void refresh(String name) {
        if (sets.containsKey(name)) {
            dueAt.put(name, gitops.now());
        }
    }

    /** The sets as they are known, by name. */
    public List<ApplicationSet> sets() {
        return List.copyOf(sets.values());
    }

    private void take(ApplicationSetStore.Change change, Instant now) {
        ApplicationSet set = change.set().orElse(null);
        if (set == null) {
            ApplicationSet before = sets.remove(change.name());
            dueAt.remove(change.name());
            invalid.remove(change.name());
            if (before != null) {
                // an API server's garbage collection comes to the same
                store.applicationsOf(before.namespace(), before.name()).stream()
                        .filter(application -> !application.isDeleting())
                        .forEach(store::delete);
                log.append(now, change.name(), "FORGET", "the ApplicationSet is gone");
            }
            return;
        }
        sets.put(change.name(), set);
        List<Problem> errors =
                change.problems().stream().filter(Problem::isError).toList();
        if (errors.isEmpty()) {
            invalid.remove(change.name());
        } else {
            invalid.put(change.name(), errors);
        }
        dueAt.put(change.name(), now);
    }

    private void reconcile(String name, ApplicationSet set, Instant now) {
        try {
            Instant next = set.isDeleting() ? delete(set, now) : generate(set, now);
            if (next == null) {
                dueAt.remove(name);
            } else {
                dueAt.put(name, next);
            }
        } catch (GitOpsException e) {
            log.append(now, name, "STORE_FAILED", e.code() + ": " + e.getMessage());
            dueAt.put(name, now.plus(STORE_RETRY));
        }
    }

    /** From the last step of the rolling sync to the first, each when the one before is gone; else all at once. */
    private @Nullable Instant delete(ApplicationSet set, Instant now) {
        List<Application> there = store.applicationsOf(set.namespace(), set.name());
        Set<String> turn = SetRollout.nextToDelete(set, there);
        for (Application application : there) {
            if (turn.contains(application.name()) && !application.isDeleting()) {
                log.append(now, set.qualifiedName(), "DELETE", application.name());
                store.delete(application);
            }
        }
        if (!store.applicationsOf(set.namespace(), set.name()).isEmpty()) {
            return now.plus(STORE_RETRY);
        }
        store.write(set, set.withFinalizers(List.of()));
        return null;
    }

    private @Nullable Instant generate(ApplicationSet set, Instant now) {
        Instant next = now.plus(ExternalGenerators.requeueAfter(set.spec()).orElse(USUALLY));
        List<Problem> unreadable = invalid.get(set.qualifiedName());
        if (unreadable != null) {
            persist(set, SetStatus.failed(set, unreadable, now));
            return null;
        }
        ApplicationSets.Expanded expanded = expander.expand(set);
        if (!expanded.complete()) {
            log.append(
                    now,
                    set.qualifiedName(),
                    "NOT_GENERATED",
                    expanded.problems().get(0).toString());
            persist(set, SetStatus.failed(set, expanded.problems(), now));
            return next;
        }
        boolean rolls = !set.rollingSteps().isEmpty();
        List<Application> there = store.applicationsOf(set.namespace(), set.name());
        List<JsonObject> wanted = new ArrayList<>();
        expanded.applications()
                .forEach(application -> wanted.add(ApplicationSetStore.owned(
                        rolls ? SetRollout.withoutAutoSync(application.body()) : application.body(), set)));
        List<Problem> problems = new ArrayList<>(expanded.problems());
        apply(set, expanded, wanted, there, problems, now);
        List<Application> after = store.applicationsOf(set.namespace(), set.name());
        JsonObject status = SetStatus.of(set, after, problems, now);
        if (rolls) {
            SetRollout rollout = SetRollout.pass(set, after, now);
            rollout.started().forEach(application -> {
                log.append(now, set.qualifiedName(), "ROLL", application.name());
                store.update(application, SetRollout.withSync(application, original(expanded, application)));
            });
            rollout.goingBack().forEach((application, revision) -> {
                log.append(now, set.qualifiedName(), "ROLL_BACK", application.name() + " to " + revision);
                store.update(
                        application, SetRollout.withRollback(application, original(expanded, application), revision));
            });
            JsonObject rolled = rollout.status(status, now);
            persist(set, rolled);
            // a pass may have made the next one possible without anything else happening
            return rollout.isGoing() && next.isAfter(now.plus(STORE_RETRY)) ? now.plus(STORE_RETRY) : next;
        }
        persist(set, status);
        return next;
    }

    private static @Nullable Application original(ApplicationSets.Expanded expanded, Application application) {
        return expanded.applications().stream()
                .filter(each -> each.name().equals(application.name()))
                .findFirst()
                .orElse(null);
    }

    private void apply(
            ApplicationSet set,
            ApplicationSets.Expanded expanded,
            List<JsonObject> wanted,
            List<Application> there,
            List<Problem> problems,
            Instant now) {
        Map<String, Application> known = new LinkedHashMap<>();
        there.forEach(application -> known.put(application.name(), application));
        Set<String> fine = new LinkedHashSet<>();
        expanded.applications().forEach(application -> fine.add(application.name()));
        // what is not in order stays as it is
        Set<String> left = new TreeSet<>(expanded.names());
        left.removeAll(fine);
        List<JsonObject> existing = there.stream()
                .filter(application -> !left.contains(application.name()))
                .map(Application::body)
                .toList();
        for (SetPolicy.Change change : SetPolicy.changes(set, wanted, existing)) {
            Application before = known.get(change.name());
            try {
                switch (change.verb()) {
                    case CREATE -> store.create(change.application());
                    case UPDATE -> {
                        if (before != null) {
                            store.update(before, change.application());
                        }
                    }
                    case DELETE -> {
                        if (before != null && !before.isDeleting()) {
                            store.delete(before);
                        }
                    }
                    case KEEP -> {
                        continue;
                    }
                }
                log.append(now, set.qualifiedName(), change.verb().name(), change.name());
            } catch (GitOpsException e) {
                problems.add(Problem.error(
                        e.code().equals("ALREADY_EXISTS") ? "APPSET_NAME_TAKEN" : e.code(),
                        "Application " + change.name() + ": " + e.getMessage()));
            }
        }
    }

    private void persist(ApplicationSet set, JsonObject status) {
        if (!set.status().equals(status)) {
            store.write(set, set.withStatus(status)).ifPresent(stored -> sets.put(stored.qualifiedName(), stored));
        }
    }
}
