package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.load.ResourceFile;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Source;
import io.gitops4j.kustomize.internal.resource.Touch;
import io.gitops4j.kustomize.internal.transform.LegacyOrder;
import io.gitops4j.kustomize.internal.transform.MapSetTransformer;
import io.gitops4j.kustomize.internal.transform.NameHash;
import io.gitops4j.kustomize.internal.transform.NameReferenceTransformer;
import io.gitops4j.kustomize.internal.transform.NamespaceTransformer;
import io.gitops4j.kustomize.internal.transform.VarReferences;
import io.gitops4j.kustomize.internal.tree.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What happens once, to the resources of the top layer: hashes, references, vars, order, labels and annotations of the build.
 *
 * <p>Source: kustomize §6 steps 8–12, §22, §23.
 */
final class Finishing {
    private static final String INTERNAL = "internal.config.kubernetes.io/";
    private static final Set<String> DROPPED = Set.of(
            INTERNAL + "previousKinds",
            INTERNAL + "previousNames",
            INTERNAL + "previousNamespaces",
            INTERNAL + "prefixes",
            INTERNAL + "suffixes",
            INTERNAL + "allowNameChange",
            INTERNAL + "allowKindChange",
            INTERNAL + "refBy",
            INTERNAL + "generatorBehavior",
            INTERNAL + "needsHashSuffix",
            INTERNAL + "helm-generated",
            INTERNAL + "path",
            INTERNAL + "index",
            INTERNAL + "seqindent",
            INTERNAL + "id",
            INTERNAL + "annotations-migration-resource-id",
            "config.kubernetes.io/path",
            "config.kubernetes.io/index",
            "config.k8s.io/id",
            "config.kubernetes.io/origin",
            "alpha.config.kubernetes.io/transformations");

    private final BuildContext context;
    private final Layer top;
    private final Accumulator all;
    private final ResMap resources;

    Finishing(BuildContext context, Layer top, Accumulator all) {
        this.context = context;
        this.top = top;
        this.all = all;
        this.resources = all.resources();
    }

    void run() {
        LegacyOrder tables = new LegacyOrder(
                context.defaults().orderFirst(), context.defaults().orderLast());
        new NameHash().transform(resources);
        note("HashTransformer");
        new NameReferenceTransformer(all.config().orderedReferences(tables::rank)).transform(resources);
        note("NameReferenceTransformer");
        try {
            vars();
        } catch (BuildFault e) {
            throw e.at(top.file(), top.kustomizationFile().place("vars", -1));
        }
        demandIdentity();
        resources.removeIf(Finishing::isLocal);
        order();
        if (context.options().managedByLabel() || context.buildMetadata().contains("managedByLabel")) {
            managedBy();
        }
        for (Resource resource : resources.resources()) {
            annotations(resource);
        }
    }

    /** A JSON patch may take the kind or the name away; what has none at the end is refused. */
    private void demandIdentity() {
        for (Resource resource : resources.resources()) {
            Node root = resource.root();
            if (root.textOf("kind").isEmpty() || resource.name().isEmpty()) {
                ResourceFile.check(resource.source().file(), NamespaceTransformer.annotated(resource));
            }
        }
    }

    private void note(String transformer) {
        context.history().after(resources, new Touch(top.file(), "", "", transformer, ""));
    }

    private static boolean isLocal(Resource resource) {
        String local = resource.annotation("config.kubernetes.io/local-config");
        return local != null && !"false".equals(local);
    }

    // ---- vars

    private void vars() {
        if (all.vars().isEmpty()) {
            return;
        }
        Map<String, Resource> bound = new LinkedHashMap<>();
        for (Resource resource : resources.resources()) {
            for (String name : resource.varNames()) {
                bound.putIfAbsent(name, resource);
            }
        }
        Map<String, Node> values = new LinkedHashMap<>();
        for (Accumulator.Var var : all.vars().values()) {
            Resource resource = bound.get(var.name());
            if (resource == null) {
                throw new BuildFault(
                        "VAR", "var '" + var.text() + "' cannot be mapped to a field in the set of known resources");
            }
            Node value = VarPath.find(resource.root(), var.fieldPath());
            if (value == null) {
                throw new BuildFault(
                        "VAR", "field specified in var '" + var.text() + "' not found in corresponding resource");
            }
            values.put(var.name(), value);
        }
        VarReferences references = new VarReferences(values, all.config().list("varReference"));
        references.transform(resources);
        note("RefVarTransformer");
        Set<String> unused = new TreeSet<>(values.keySet());
        unused.removeAll(references.used());
        if (!unused.isEmpty()) {
            context.warn(
                    top.file(),
                    "UNUSED_VAR",
                    "well-defined vars that were never replaced: " + String.join(",", unused));
        }
    }

    // ---- order

    private void order() {
        JsonObject options = top.model().fields().object("sortOptions");
        if (!top.model().fields().has("sortOptions")) {
            if (context.options().order() == KustomizeOptions.Order.LEGACY) {
                resources.reorder(new LegacyOrder(
                        context.defaults().orderFirst(), context.defaults().orderLast()));
            }
            return;
        }
        String order = options.text("order", "");
        if (!"legacy".equals(order) && !"fifo".equals(order)) {
            throw new BuildFault("SORT_OPTIONS", "the field 'sortOptions.order' must be one of [fifo, legacy]")
                    .at(top.file(), top.kustomizationFile().place("sortOptions", -1));
        }
        boolean has = options.has("legacySortOptions");
        if ("fifo".equals(order)) {
            if (has) {
                throw new BuildFault(
                                "SORT_OPTIONS",
                                "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'")
                        .at(top.file(), top.kustomizationFile().place("sortOptions", -1));
            }
            return;
        }
        JsonObject lists = options.object("legacySortOptions");
        resources.reorder(
                has
                        ? new LegacyOrder(texts(lists, "orderFirst"), texts(lists, "orderLast"))
                        : new LegacyOrder(
                                context.defaults().orderFirst(),
                                context.defaults().orderLast()));
    }

    private static List<String> texts(JsonObject object, String field) {
        List<String> texts = new ArrayList<>();
        for (Json item : object.array(field)) {
            texts.add(String.valueOf(item.textOrNull()));
        }
        return texts;
    }

    // ---- labels and annotations of the build

    private void managedBy() {
        FieldSpecs specs = FieldSpecs.of(List.of(FieldSpec.of("", "", "", "metadata/labels", true)));
        new MapSetTransformer(
                        Collections.singletonMap(
                                "app.kubernetes.io/managed-by",
                                "kustomize-" + context.options().version()),
                        specs)
                .transform(resources);
    }

    private void annotations(Resource resource) {
        Node metadata = resource.root().value("metadata");
        if (metadata == null || !metadata.isMap()) {
            return;
        }
        Node annotations = metadata.value("annotations");
        if (annotations != null && annotations.isMap()) {
            for (String key : annotations.keyTexts()) {
                Node value = annotations.get(key);
                boolean lost = "<<".equals(key) && value != null && value.isScalar();
                if (lost || DROPPED.contains(key)) {
                    annotations.remove(key);
                }
            }
        }
        if (context.buildMetadata().contains("originAnnotations")) {
            resource.metadataMap("annotations").put("config.kubernetes.io/origin", origin(resource.source()));
        }
        if (context.buildMetadata().contains("transformerAnnotations")
                && !resource.touches().all().isEmpty()) {
            StringBuilder text = new StringBuilder();
            for (Touch touch : resource.touches().all()) {
                text.append(indented(touch));
            }
            resource.metadataMap("annotations").put("alpha.config.kubernetes.io/transformations", text.toString());
        }
        Node left = metadata.get("annotations");
        if (left == null) {
            return;
        }
        if (left.isNullOrEmpty() || left.isScalar()) {
            metadata.remove("annotations");
        } else {
            resource.annotationTexts();
        }
    }

    private String origin(Source source) {
        String place = source.repo().isEmpty()
                ? ""
                : "repo: " + source.repo() + "\n" + (source.ref().isEmpty() ? "" : "ref: " + source.ref() + "\n");
        String path = source.repo().isEmpty() ? relative(source.file()) : source.file();
        if (source.configuredBy().isEmpty()) {
            return "path: " + path + "\n" + place;
        }
        return place + "configuredIn: " + path + "\nconfiguredBy:\n" + inset(source.configuredBy());
    }

    private String indented(Touch touch) {
        StringBuilder out = new StringBuilder();
        String path = touch.repo().isEmpty() ? relative(touch.file()) : touch.file();
        if (!touch.repo().isEmpty()) {
            out.append("repo: ").append(touch.repo()).append('\n');
            if (!touch.ref().isEmpty()) {
                out.append("ref: ").append(touch.ref()).append('\n');
            }
        }
        out.append("configuredIn: ").append(path).append("\nconfiguredBy:\n").append(inset(touch.configuredBy()));
        return "- " + out.toString().strip().replace("\n", "\n  ") + "\n";
    }

    private static String inset(String lines) {
        return "  " + lines.strip().replace("\n", "\n  ") + "\n";
    }

    /** A path of the tree, seen from the top root. */
    private String relative(String path) {
        String from = top.root().path();
        if (from.isEmpty()) {
            return path;
        }
        List<String> base = List.of(from.split("/", -1));
        List<String> target = List.of(path.split("/", -1));
        int common = 0;
        while (common < base.size()
                && common < target.size()
                && base.get(common).equals(target.get(common))) {
            common++;
        }
        return "../".repeat(base.size() - common) + String.join("/", target.subList(common, target.size()));
    }
}
