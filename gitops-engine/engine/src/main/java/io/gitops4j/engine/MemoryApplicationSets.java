package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** ApplicationSets in memory, whose Applications are those of a {@link MemoryApplications}. Not for several threads. */
public final class MemoryApplicationSets implements ApplicationSetStore {
    private final MemoryApplications applications;
    private final InstantSource clock;
    private final Map<String, ApplicationSet> sets = new LinkedHashMap<>();
    private final Map<String, Application> seen = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();

    /** No sets yet, over these Applications. */
    public MemoryApplicationSets(MemoryApplications applications, InstantSource clock) {
        this.applications = applications;
        this.clock = clock;
    }

    /** Adds or replaces a set as a person does: its status stays when the new form has none. */
    public MemoryApplicationSets put(ApplicationSet set) {
        ApplicationSet before = sets.get(set.qualifiedName());
        sets.put(set.qualifiedName(), before != null && set.status().isEmpty() ? set.withStatus(before.status()) : set);
        changed.add(set.qualifiedName());
        return this;
    }

    /** Deletes a set: at once, or when its finalizers are gone. */
    public MemoryApplicationSets delete(String name) {
        ApplicationSet before = sets.get(name);
        if (before != null && before.finalizers().isEmpty()) {
            sets.remove(name);
        } else if (before != null) {
            JsonObject metadata = before.body()
                    .object("metadata")
                    .with("deletionTimestamp", clock.instant().toString());
            sets.put(name, new ApplicationSet(before.body().with("metadata", metadata)));
        }
        changed.add(name);
        return this;
    }

    /** A set. */
    public Optional<ApplicationSet> get(String name) {
        return Optional.ofNullable(sets.get(name));
    }

    @Override
    public List<Change> changes() {
        Map<String, Application> now = new LinkedHashMap<>();
        for (Application application : applications.all()) {
            ownerOf(application).ifPresent(set -> {
                now.put(application.qualifiedName(), application);
                if (seen.get(application.qualifiedName()) != application) {
                    changed.add(set);
                }
            });
        }
        seen.forEach((name, application) -> {
            if (!now.containsKey(name)) {
                ownerOf(application).ifPresent(changed::add);
            }
        });
        seen.clear();
        seen.putAll(now);
        List<Change> changes = new ArrayList<>();
        changed.forEach(name -> changes.add(new Change(name, Optional.ofNullable(sets.get(name)), List.of())));
        changed.clear();
        return List.copyOf(changes);
    }

    private static Optional<String> ownerOf(Application application) {
        return ApplicationSetStore.ownerOf(application.body())
                .map(set -> application.namespace().isEmpty() ? set : application.namespace() + "/" + set);
    }

    @Override
    public List<Application> applicationsOf(String namespace, String set) {
        return applications.all().stream()
                .filter(application -> application.namespace().equals(namespace)
                        && ApplicationSetStore.ownerOf(application.body())
                                .filter(set::equals)
                                .isPresent())
                .sorted(Comparator.comparing(Application::name))
                .toList();
    }

    @Override
    public void create(JsonObject application) {
        Application made = Application.trusted(application);
        if (applications.get(made.qualifiedName()).isPresent()) {
            throw new GitOpsException("ALREADY_EXISTS", "there is an Application " + made.qualifiedName() + " already");
        }
        applications.put(made);
    }

    @Override
    public void update(Application before, JsonObject after) {
        applications.put(Application.trusted(after));
    }

    @Override
    public void delete(Application application) {
        applications.delete(application.qualifiedName(), clock.instant());
    }

    @Override
    public Optional<ApplicationSet> write(ApplicationSet before, ApplicationSet after) {
        String name = before.qualifiedName();
        if (!sets.containsKey(name)) {
            return Optional.empty();
        }
        if (after.isDeleting() && after.finalizers().isEmpty()) {
            sets.remove(name);
            changed.add(name);
            return Optional.empty();
        }
        sets.put(name, after);
        return Optional.of(after);
    }
}
