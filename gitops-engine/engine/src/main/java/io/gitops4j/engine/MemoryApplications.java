package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Applications in memory. One that is deleted goes once its finalizers are gone, as in a cluster. Not for several threads. */
public final class MemoryApplications implements ApplicationStore {
    private final Map<String, Application> applications = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();

    /** Adds or replaces an Application as a person does: its status stays when the new form has none. */
    public MemoryApplications put(Application application) {
        Application before = applications.get(application.qualifiedName());
        Application next = before != null && application.status().isEmpty()
                ? application.withStatus(before.status())
                : application;
        applications.put(application.qualifiedName(), next);
        changed.add(application.qualifiedName());
        return this;
    }

    /** Deletes an Application: at once, or when its finalizers are gone. */
    public MemoryApplications delete(String name, Instant now) {
        Application before = applications.get(name);
        if (before != null && before.finalizers().isEmpty()) {
            applications.remove(name);
        } else if (before != null) {
            JsonObject metadata = before.body().object("metadata");
            applications.put(name, before.withMetadata(metadata.with("deletionTimestamp", now.toString())));
        }
        changed.add(name);
        return this;
    }

    /** An Application. */
    public Optional<Application> get(String name) {
        return Optional.ofNullable(applications.get(name));
    }

    /** All Applications in the order in which they were added. */
    public List<Application> all() {
        return List.copyOf(applications.values());
    }

    /** Gives every Application again, for a controller that takes over from another. */
    public MemoryApplications reread() {
        changed.addAll(applications.keySet());
        return this;
    }

    @Override
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (String name : changed) {
            Application application = applications.get(name);
            changes.add(application == null ? Change.gone(name) : Change.of(application));
        }
        changed.clear();
        return List.copyOf(changes);
    }

    @Override
    public Optional<Application> write(Application before, Application after) {
        String name = before.qualifiedName();
        Application stored = applications.get(name);
        if (stored == null) {
            return Optional.empty();
        }
        Application next = stored;
        if (stored.body() == before.body()) {
            next = after;
        } else {
            Json patch = JsonMergePatch.diff(before.body(), after.body());
            if (JsonMergePatch.apply(stored.body(), patch) instanceof JsonObject merged) {
                next = Application.trusted(merged);
            }
        }
        if (next.isDeleting() && next.finalizers().isEmpty()) {
            applications.remove(name);
            changed.add(name);
            return Optional.empty();
        }
        applications.put(name, next);
        return Optional.of(next);
    }
}
