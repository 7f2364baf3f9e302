package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.Kustomization;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.config.TransformerConfig;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Touch;
import io.gitops4j.kustomize.internal.resource.Touches;
import io.gitops4j.kustomize.internal.transform.ImageTagTransformer;
import io.gitops4j.kustomize.internal.transform.LegacyOrder;
import io.gitops4j.kustomize.internal.transform.MapSetTransformer;
import io.gitops4j.kustomize.internal.transform.NameAffixTransformer;
import io.gitops4j.kustomize.internal.transform.NamespaceTransformer;
import io.gitops4j.kustomize.internal.transform.PatchJson6902Transformer;
import io.gitops4j.kustomize.internal.transform.PatchStrategicMergeTransformer;
import io.gitops4j.kustomize.internal.transform.PatchTransformer;
import io.gitops4j.kustomize.internal.transform.ReplacementTransformer;
import io.gitops4j.kustomize.internal.transform.ReplicaCountTransformer;
import io.gitops4j.kustomize.internal.transform.Transformer;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes the transformers of a layer from its fields, in the fixed order of kustomize, and runs them. */
final class Transformers {
    private final Layer layer;
    private final Kustomization model;
    private final TransformerConfig config;
    private final List<Step> steps = new ArrayList<>();

    private Transformers(Layer layer, TransformerConfig config) {
        this.layer = layer;
        this.model = layer.model();
        this.config = config;
    }

    static void run(Layer layer, Accumulator into) {
        Transformers made = new Transformers(layer, into.config());
        made.builtin();
        made.steps.addAll(Plugins.transformers(layer, "transformers"));
        for (Step step : made.steps) {
            run(layer, into.resources(), step);
        }
        if (!made.steps.isEmpty()) {
            note(made.steps, into.resources());
        }
    }

    private static void note(List<Step> steps, ResMap map) {
        List<Touch> touches = new ArrayList<>(steps.size());
        for (Step step : steps) {
            touches.add(step.touch());
        }
        Map<Touches, Touches> links = new IdentityHashMap<>();
        for (Resource resource : map.resources()) {
            resource.setTouches(links.computeIfAbsent(resource.touches(), before -> before.then(touches)));
        }
    }

    private static void run(Layer layer, ResMap map, Step step) {
        try {
            step.transformer().transform(map);
        } catch (BuildFault e) {
            throw e.at(layer.file(), layer.kustomizationFile().place(step.field(), step.entry()));
        }
        map.removeIf(resource -> resource.root().isNullOrEmpty());
        layer.build().history().after(map, step.touch());
    }

    // ---- the fields, in order

    private void builtin() {
        patchesStrategicMerge();
        each("patches", "PatchTransformer", entry -> new PatchTransformer(entry, layer));
        if (!model.namespace().isEmpty()) {
            add(
                    "namespace",
                    "NamespaceTransformer",
                    new NamespaceTransformer(
                            model.namespace(),
                            false,
                            NamespaceTransformer.Subjects.DEFAULT_ONLY,
                            config.list("namespace")));
        }
        if (!model.namePrefix().isEmpty()) {
            add(
                    "namePrefix",
                    "PrefixTransformer",
                    NameAffixTransformer.prefix(model.namePrefix(), config.list("namePrefix")));
        }
        if (!model.nameSuffix().isEmpty()) {
            add(
                    "nameSuffix",
                    "SuffixTransformer",
                    NameAffixTransformer.suffix(model.nameSuffix(), config.list("nameSuffix")));
        }
        labels();
        if (!model.commonAnnotations().isEmpty()) {
            add(
                    "commonAnnotations",
                    "AnnotationsTransformer",
                    new MapSetTransformer(model.commonAnnotations(), config.list("commonAnnotations")));
        }
        each(
                "patchesJson6902",
                "PatchJson6902Transformer",
                entry -> new PatchJson6902Transformer(
                        entry.object("target"), entry.text("path", ""), entry.text("patch", ""), layer));
        each(
                "replicas",
                "ReplicaCountTransformer",
                entry -> new ReplicaCountTransformer(
                        entry.text("name", ""), count(entry.get("count")), ordered(config.list("replicas"))));
        images();
        replacements();
    }

    /** In the order of kinds, which a message about them shows. */
    private FieldSpecs ordered(FieldSpecs specs) {
        LegacyOrder order = new LegacyOrder(
                layer.build().defaults().orderFirst(), layer.build().defaults().orderLast());
        List<FieldSpec> sorted = new ArrayList<>(specs.all());
        sorted.sort(Comparator.comparingInt(
                        (FieldSpec spec) -> order.rank(spec.gvk().kind()))
                .thenComparing(spec -> Gvks.sortText(spec.gvk())));
        return FieldSpecs.of(sorted);
    }

    static String count(@org.jspecify.annotations.Nullable Json count) {
        return count instanceof JsonNumber number ? number.lexeme() : "0";
    }

    private interface Maker {
        Transformer make(JsonObject entry);
    }

    private void each(String field, String kind, Maker maker) {
        List<JsonObject> entries = model.entries(field);
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.get(i);
            steps.add(new Step(field, i, touch(kind), configured(field, i, kind, entry, () -> maker.make(entry))));
        }
    }

    private void add(String field, String kind, Transformer transformer) {
        steps.add(new Step(field, -1, touch(kind), transformer));
    }

    private Touch touch(String kind) {
        return touch(layer, kind);
    }

    static Touch touch(Layer layer, String kind) {
        return new Touch(
                layer.file(),
                layer.root().files().repo(),
                layer.root().files().ref(),
                kind,
                "apiVersion: builtin\nkind: " + kind + "\n");
    }

    private Transformer configured(String field, int at, String kind, JsonObject entry, Supplier<Transformer> maker) {
        try {
            return maker.get();
        } catch (BuildFault e) {
            String config = layer.yaml(entry);
            String shown = config.contains("Secret") ? "***\n" : config;
            throw e.within("trouble configuring builtin " + kind + " with config: `\n" + shown + "`: ")
                    .at(layer.file(), layer.kustomizationFile().place(field, at));
        }
    }

    private void patchesStrategicMerge() {
        List<String> paths = model.texts("patchesStrategicMerge");
        if (paths.isEmpty()) {
            return;
        }
        JsonArray.Builder list = JsonArray.builder();
        paths.forEach(list::add);
        String kind = "PatchStrategicMergeTransformer";
        steps.add(new Step(
                "patchesStrategicMerge",
                -1,
                touch(kind),
                configured(
                        "patchesStrategicMerge",
                        -1,
                        kind,
                        JsonObject.of("paths", list.build()),
                        () -> new PatchStrategicMergeTransformer(paths, "", layer))));
    }

    private void labels() {
        List<JsonObject> entries = model.entries("labels");
        Map<String, String> common = model.commonLabels();
        if (entries.isEmpty() && common.isEmpty()) {
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.get(i);
            Map<String, String> pairs = new LinkedHashMap<>();
            entry.object("pairs").forEach((key, value) -> pairs.put(key, String.valueOf(value.textOrNull())));
            steps.add(
                    new Step("labels", i, touch("LabelTransformer"), new MapSetTransformer(pairs, labelSpecs(entry))));
        }
        add("commonLabels", "LabelTransformer", new MapSetTransformer(common, config.list("commonLabels")));
    }

    private FieldSpecs labelSpecs(JsonObject entry) {
        FieldSpecs specs = FieldSpecs.of(entry.array("fields")).merge(config.list("labels"), "");
        if (entry.bool("includeSelectors", false)) {
            return specs.merge(config.list("commonLabels"), "");
        }
        if (entry.bool("includeTemplates", false)) {
            specs = specs.merge(config.list("templateLabels"), "");
        }
        if (entry.bool("includeVolumeClaimTemplates", false)) {
            specs = specs.merge(config.list("volumeClaimTemplateLabels"), "");
        }
        return specs.merge(FieldSpecs.of(List.of(FieldSpec.of("", "", "", "metadata/labels", true))), "");
    }

    /** One sweep changes all images; the other entries are noted as the steps that they are. */
    private void images() {
        List<JsonObject> entries = model.entries("images");
        for (int i = 0; i < entries.size(); i++) {
            Transformer all = i == 0 ? new ImageTagTransformer(entries, config.list("images")) : map -> {};
            steps.add(new Step("images", i, touch("ImageTagTransformer"), all));
        }
    }

    private void replacements() {
        List<JsonObject> entries = model.entries("replacements");
        if (!entries.isEmpty()) {
            String kind = "ReplacementTransformer";
            steps.add(new Step(
                    "replacements", -1, touch(kind), new ReplacementTransformer(read(entries), layer.limits())));
        }
    }

    private List<JsonObject> read(List<JsonObject> entries) {
        try {
            return Plugins.replacements(layer, entries);
        } catch (BuildFault e) {
            JsonArray.Builder list = JsonArray.builder();
            entries.forEach(list::add);
            String config = layer.yaml(JsonObject.empty().with("Replacements", list.build()));
            throw e.within("trouble configuring builtin ReplacementTransformer with config: `\n" + config + "`: ")
                    .at(layer.file(), layer.kustomizationFile().place("replacements", -1));
        }
    }

    // ---- validators

    static void validate(Layer layer, Accumulator into) {
        for (Step step : Plugins.transformers(layer, "validators")) {
            List<Resource> before = new ArrayList<>();
            for (Resource resource : into.resources().resources()) {
                before.add(resource.copy());
            }
            step.transformer().transform(into.resources());
            compare(before, into.resources());
        }
    }

    private static void compare(List<Resource> before, ResMap after) {
        String words = "validator shouldn't modify the resource map: ";
        for (Resource resource : after.resources()) {
            io.gitops4j.kustomize.internal.tree.Node labels = resource.root().at("metadata", "labels");
            if (labels != null && labels.isMap() && labels.remove("validated-by") && labels.size() == 0) {
                resource.metadata().remove("labels");
            }
        }
        if (before.size() != after.size()) {
            throw new BuildFault(
                    "VALIDATOR",
                    words + "lists have different number of entries: " + before.size() + " != " + after.size());
        }
        for (Resource old : before) {
            Resource now = after.current(old.currentId().key());
            if (now == null) {
                throw new BuildFault(
                        "VALIDATOR",
                        words + "id in self missing from other; id: "
                                + old.currentId().text());
            }
            if (!NodeJson.toJson(old.root()).equals(NodeJson.toJson(now.root()))) {
                throw new BuildFault(
                        "VALIDATOR",
                        words + "kunstruct not equal: " + old.currentId().text());
            }
        }
    }
}
