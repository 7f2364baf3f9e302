package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.TransformerConfig;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Scopes;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a layer has gathered: resources, configuration, vars. */
final class Accumulator {
    private final ResMap resources = new ResMap();
    private final Map<String, Var> vars = new TreeMap<>();
    private TransformerConfig config = TransformerConfig.empty();

    /** A named value taken from a field of a resource. */
    record Var(String name, Gvk gvk, Gvk written, String object, String namespace, String fieldPath) {
        static Var of(JsonObject entry) {
            JsonObject reference = entry.object("objref");
            Gvk written =
                    new Gvk(reference.text("group", ""), reference.text("version", ""), reference.text("kind", ""));
            String apiVersion = reference.text("apiVersion", "");
            String path = entry.object("fieldref").text("fieldPath", "");
            return new Var(
                    entry.text("name", ""),
                    apiVersion.isEmpty() ? written : Gvk.of(apiVersion, written.kind()),
                    written,
                    reference.text("name", ""),
                    reference.text("namespace", ""),
                    path.isEmpty() ? "metadata.name" : path);
        }

        String text() {
            return "{" + name + " " + Gvks.text(gvk) + " {" + fieldPath + "}}";
        }
    }

    /** A deep copy for another build. */
    Accumulator copy(Scopes scopes) {
        Accumulator copy = new Accumulator();
        for (Resource resource : resources.resources()) {
            copy.resources.append(resource.copy(scopes));
        }
        copy.vars.putAll(vars);
        copy.config = config;
        return copy;
    }

    ResMap resources() {
        return resources;
    }

    TransformerConfig config() {
        return config;
    }

    Map<String, Var> vars() {
        return vars;
    }

    void mergeConfig(TransformerConfig more) {
        config = config.merge(more);
    }

    /** Takes over everything of a directory that was built for itself. */
    void merge(Accumulator other) {
        ResId same = resources.appendAll(other.resources);
        if (same != null) {
            throw duplicate(same);
        }
        mergeConfig(other.config);
        for (Var var : other.vars.values()) {
            add(var);
        }
    }

    static BuildFault duplicate(ResId id) {
        return new BuildFault("DUPLICATE_ID", "may not add resource with an already registered id: " + id.text())
                .hint("two resources have one id; rename one, or keep only one of them");
    }

    private void add(Var var) {
        if (vars.putIfAbsent(var.name, var) != null) {
            throw new BuildFault("DUPLICATE_VAR", "var '" + var.name + "' already encountered");
        }
    }

    /** Binds the vars of a layer to the resources they speak of. */
    void mergeVars(List<JsonObject> entries) {
        List<Var> added = new ArrayList<>();
        for (JsonObject entry : entries) {
            added.add(Var.of(entry));
        }
        for (Var var : added) {
            List<Resource> matching = new ArrayList<>();
            for (Resource resource : resources.anyName(var.object)) {
                if (matches(resource, var)) {
                    matching.add(resource);
                }
            }
            if (matching.size() > 1) {
                throw new BuildFault(
                        "AMBIGUOUS",
                        "found " + matching.size() + " resId matches for var " + var.text()
                                + " (unable to disambiguate)");
            }
            if (matching.size() == 1) {
                matching.get(0).varNames().add(var.name);
            }
        }
        try {
            added.forEach(this::add);
        } catch (BuildFault e) {
            List<String> texts = new ArrayList<>();
            for (Var var : added) {
                texts.add("{" + var.name + " " + Gvks.text(var.written) + " {" + var.fieldPath + "}}");
            }
            throw e.within("merging vars [" + String.join(" ", texts) + "]: ");
        }
    }

    private static boolean matches(Resource resource, Var var) {
        for (ResId id : resource.ids()) {
            boolean namespace = var.namespace.isEmpty()
                    || id.effectiveNamespace().equals(var.namespace)
                    || ResId.NOT_NAMESPACED.equals(id.effectiveNamespace());
            if (id.name().equals(var.object) && Gvks.selects(var.gvk, id.gvk()) && namespace) {
                return true;
            }
        }
        return false;
    }
}
