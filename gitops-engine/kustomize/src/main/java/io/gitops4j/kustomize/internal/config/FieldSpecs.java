package io.gitops4j.kustomize.internal.config;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A merged list of {@link FieldSpec}s that knows quickly which of them speak of a kind. */
public final class FieldSpecs {
    private final List<FieldSpec> specs;

    private FieldSpecs(List<FieldSpec> specs) {
        this.specs = specs;
    }

    /** These specs, unmerged. */
    public static FieldSpecs of(List<FieldSpec> specs) {
        return new FieldSpecs(List.copyOf(specs));
    }

    /** The specs of a configuration list. */
    public static FieldSpecs of(JsonArray entries) {
        List<FieldSpec> specs = new ArrayList<>();
        for (Json entry : entries) {
            if (entry instanceof JsonObject object) {
                specs.add(FieldSpec.of(object));
            }
        }
        return of(specs);
    }

    /** All specs. */
    public List<FieldSpec> all() {
        return specs;
    }

    public boolean isEmpty() {
        return specs.isEmpty();
    }

    /** A look-up by kind that remembers what it found; for one transformer of one build. */
    public ByKind byKind() {
        return new ByKind(specs);
    }

    /** Finds the specs that speak of a kind, once for each kind. */
    public static final class ByKind {
        private final List<FieldSpec> specs;
        private final Map<Gvk, List<FieldSpec>> found = new HashMap<>();

        private ByKind(List<FieldSpec> specs) {
            this.specs = specs;
        }

        /** The specs that speak of objects of this kind, in order. */
        public List<FieldSpec> matching(Gvk kind) {
            return found.computeIfAbsent(kind, k -> {
                List<FieldSpec> matching = new ArrayList<>();
                for (FieldSpec spec : specs) {
                    if (spec.matches(k)) {
                        matching.add(spec);
                    }
                }
                return List.copyOf(matching);
            });
        }
    }

    /**
     * These specs and those of {@code incoming} that say something new: an incoming spec of a known path and a kind that
     * covers the known one is dropped.
     *
     * @param what name of the list for the message
     */
    public FieldSpecs merge(FieldSpecs incoming, String what) {
        List<FieldSpec> merged = new ArrayList<>(specs);
        Map<String, List<FieldSpec>> byPath = new HashMap<>();
        for (FieldSpec spec : specs) {
            byPath.computeIfAbsent(spec.path(), k -> new ArrayList<>()).add(spec);
        }
        for (FieldSpec spec : incoming.specs) {
            List<FieldSpec> known = byPath.computeIfAbsent(spec.path(), k -> new ArrayList<>());
            FieldSpec same = null;
            for (FieldSpec candidate : known) {
                if (Gvks.selects(spec.gvk(), candidate.gvk())) {
                    same = candidate;
                    break;
                }
            }
            if (same == null) {
                merged.add(spec);
                known.add(spec);
            } else if (same.create() != spec.create()) {
                throw new BuildFault(
                        "CONFLICTING_FIELDSPECS",
                        (what.isEmpty() ? "" : "failed to merge " + what + " fieldSpec: ") + "conflicting fieldspecs");
            }
        }
        return merged.size() == specs.size() ? this : of(merged);
    }
}
