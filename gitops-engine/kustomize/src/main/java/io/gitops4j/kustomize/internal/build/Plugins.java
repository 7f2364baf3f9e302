package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizePlugin;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.generate.Absorber;
import io.gitops4j.kustomize.internal.generate.MapGenerator;
import io.gitops4j.kustomize.internal.load.ResourceFile;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Source;
import io.gitops4j.kustomize.internal.resource.Touch;
import io.gitops4j.kustomize.internal.transform.ImageTagTransformer;
import io.gitops4j.kustomize.internal.transform.MapSetTransformer;
import io.gitops4j.kustomize.internal.transform.NameAffixTransformer;
import io.gitops4j.kustomize.internal.transform.NameHash;
import io.gitops4j.kustomize.internal.transform.NamespaceTransformer;
import io.gitops4j.kustomize.internal.transform.PatchJson6902Transformer;
import io.gitops4j.kustomize.internal.transform.PatchStrategicMergeTransformer;
import io.gitops4j.kustomize.internal.transform.PatchTransformer;
import io.gitops4j.kustomize.internal.transform.ReplacementTransformer;
import io.gitops4j.kustomize.internal.transform.ReplicaCountTransformer;
import io.gitops4j.kustomize.internal.transform.Transformer;
import io.gitops4j.kustomize.internal.transform.ValueAddTransformer;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Generators, transformers and validators that a layer configures by objects of their own. */
final class Plugins {
    private static final String BUILTIN = "builtin";

    private Plugins() {}

    // ---- configuration objects

    private static List<Resource> configs(Layer layer, String field, String failing) {
        Accumulator found = new Accumulator();
        List<String> paths = new ArrayList<>();
        List<String> entries = layer.model().texts(field);
        for (String entry : entries) {
            List<ResourceFile.Document> inline = inline(layer, entry);
            if (inline == null) {
                paths.add(entry);
                continue;
            }
            for (ResourceFile.Document document : inline) {
                Resource resource = new Resource(document.node(), Source.file(layer.file(), 0), layer.build());
                if (found.resources().append(resource) != null) {
                    throw Accumulator.duplicate(resource.currentId()).within(failing);
                }
            }
        }
        layer.resources(found, paths, "");
        new NameHash().transform(found.resources());
        return found.resources().resources();
    }

    private static @Nullable List<ResourceFile.Document> inline(Layer layer, String text) {
        try {
            return ResourceFile.read(layer.file(), text, layer.limits());
        } catch (BuildFault e) {
            return null;
        }
    }

    private static JsonObject json(Resource config) {
        try {
            return NodeJson.toJson(config.root()) instanceof JsonObject object
                    ? isBuiltin(config) ? PluginFields.spelled(object) : object
                    : JsonObject.empty();
        } catch (NodeJson.Unprintable e) {
            throw new BuildFault("PLUGIN", e.text()).at(config.source().file(), e.line(), e.column());
        }
    }

    private static boolean isBuiltin(Resource config) {
        return BUILTIN.equals(config.root().textOf("apiVersion"));
    }

    private static BuildFault failing(Resource config, BuildFault fault) {
        return fault.within("plugin " + config.currentId().text() + " fails configuration: ")
                .at(config.source().file(), config.root());
    }

    private static KustomizePlugin external(Layer layer, Resource config) {
        for (KustomizePlugin plugin : layer.build().options().plugins()) {
            if (plugin.kind().equals(config.kind())
                    && plugin.apiVersion().equals(config.root().textOf("apiVersion"))) {
                return plugin;
            }
        }
        throw new BuildFault(
                        "PLUGIN_OFF",
                        "external plugins disabled; unable to load external plugin '" + config.kind() + "'")
                .at(config.source().file(), config.root())
                .hint("exec and container functions are never run; register a KustomizePlugin for this kind");
    }

    private static BuildFault unknown(Resource config) {
        return new BuildFault("PLUGIN", "unable to load builtin " + Gvks.text(config.gvk()))
                .at(config.source().file(), config.root())
                .hint("there is no built-in plugin of this kind");
    }

    private static <T> T value(Outcome<T> outcome) {
        T value = outcome.orNull();
        if (value == null) {
            throw new BuildFault(
                    outcome.errors().get(0).code(), outcome.errors().get(0).text());
        }
        return value;
    }

    // ---- generators

    static void generate(Layer layer, Accumulator into) {
        List<String> entries = layer.model().texts("generators");
        if (entries.isEmpty()) {
            return;
        }
        List<Resource> configs;
        try {
            configs = configs(layer, "generators", "configuring external generator: ");
            for (Resource config : configs) {
                if (!isBuiltin(config)) {
                    external(layer, config);
                }
            }
        } catch (BuildFault e) {
            throw e.within("loading generator plugins: "
                    + ("PLUGIN_OFF".equals(e.code()) ? "failed to load generator: " : ""));
        }
        for (Resource config : configs) {
            for (Resource made : generate(layer, config)) {
                Absorber.absorb(into.resources(), made);
            }
        }
    }

    private static List<Resource> generate(Layer layer, Resource config) {
        JsonObject json = json(config);
        Source source = new Source(
                config.source().file(),
                0,
                layer.root().files().repo(),
                layer.root().files().ref(),
                configuredBy(config));
        List<Resource> made = new ArrayList<>();
        if (!isBuiltin(config)) {
            for (JsonObject object : value(external(layer, config).generate(json, path -> read(layer, path)))) {
                made.add(Generators.made(layer, NodeJson.toNode(object), source));
            }
            return made;
        }
        JsonObject args = named(json);
        switch (config.kind()) {
            case "ConfigMapGenerator" -> made.add(Generators.make(layer, false, args, JsonObject.empty(), source));
            case "SecretGenerator" -> made.add(Generators.make(layer, true, args, JsonObject.empty(), source));
            case "IAMPolicyGenerator" -> made.add(Generators.made(layer, MapGenerator.iamPolicy(json), source));
            case "HelmChartInflationGenerator" -> made.addAll(HelmCharts.inflate(layer, args, source));
            default -> throw unknown(config);
        }
        return made;
    }

    private static Outcome<Bytes> read(Layer layer, String path) {
        try {
            return Outcome.of(layer.root().load(path));
        } catch (BuildFault e) {
            return Outcome.failed(Problem.error(e.code(), e.text()));
        }
    }

    /** The arguments with the name and namespace that metadata give where the arguments have none. */
    private static JsonObject named(JsonObject json) {
        JsonObject args = json;
        for (String field : List.of("name", "namespace")) {
            String own = text(args.get(field));
            String meta = text(json.object("metadata").get(field));
            String name = own.isEmpty() ? meta : own;
            if (!name.isEmpty()) {
                args = args.with(field, name);
            }
        }
        return args;
    }

    // ---- transformers

    static List<Step> transformers(Layer layer, String field) {
        List<Step> steps = new ArrayList<>();
        if (layer.model().texts(field).isEmpty()) {
            return steps;
        }
        for (Resource config : configs(layer, field, "configuring external transformer: ")) {
            Touch touch = new Touch(
                    config.source().file(),
                    layer.root().files().repo(),
                    layer.root().files().ref(),
                    config.kind(),
                    configuredBy(config));
            steps.add(new Step(field, -1, touch, transformer(layer, config)));
        }
        return steps;
    }

    private static String configuredBy(Resource config) {
        StringBuilder out = new StringBuilder();
        line(out, "apiVersion", config.root().textOf("apiVersion"));
        line(out, "kind", config.kind());
        line(out, "name", config.name());
        line(out, "namespace", config.namespace());
        return out.toString();
    }

    private static void line(StringBuilder out, String key, String value) {
        if (!value.isEmpty()) {
            out.append(key).append(": ").append(value).append('\n');
        }
    }

    private static Transformer transformer(Layer layer, Resource config) {
        JsonObject json = json(config);
        if (!isBuiltin(config)) {
            return external(external(layer, config), json);
        }
        try {
            Transformer made = builtin(layer, config.kind(), json, config);
            if (made == null) {
                throw unknown(config);
            }
            return made;
        } catch (BuildFault e) {
            throw e.text().startsWith("unable to load builtin") ? e : failing(config, e);
        }
    }

    private static Transformer external(KustomizePlugin plugin, JsonObject config) {
        return map -> {
            for (Resource resource : map.resources()) {
                JsonObject before = (JsonObject) NodeJson.toJson(resource.root());
                JsonObject after = value(plugin.transform(config, before));
                if (!after.equals(before)) {
                    resource.setRoot(NodeJson.toNode(after));
                    map.touchedAll(resource);
                }
            }
            map.removeIf(resource -> resource.root().isNullOrEmpty());
        };
    }

    private static @Nullable Transformer builtin(Layer layer, String kind, JsonObject json, Resource config) {
        FieldSpecs specs = FieldSpecs.of(json.array("fieldSpecs"));
        boolean affix = kind.equals("PrefixTransformer")
                || kind.equals("SuffixTransformer")
                || kind.equals("PrefixSuffixTransformer");
        if (affix && !(json.get("fieldSpecs") instanceof JsonArray)) {
            throw new BuildFault("PLUGIN", "fieldSpecs is not expected to be nil");
        }
        return switch (kind) {
            case "AnnotationsTransformer" -> new MapSetTransformer(texts(json.object("annotations")), specs);
            case "LabelTransformer" -> new MapSetTransformer(texts(json.object("labels")), specs);
            case "HashTransformer" -> new NameHash();
            case "ImageTagTransformer" -> new ImageTagTransformer(List.of(textual(json.object("imageTag"))), specs);
            case "NamespaceTransformer" ->
                new NamespaceTransformer(
                        json.object("metadata").text("namespace", ""),
                        json.bool("unsetOnly", false),
                        subjects(json.text("setRoleBindingSubjects", "")),
                        specs);
            case "PatchJson6902Transformer" ->
                new PatchJson6902Transformer(
                        json.object("target"), json.text("path", ""), text(json.get("jsonOp")), layer);
            case "PatchStrategicMergeTransformer" -> {
                List<String> paths = new ArrayList<>();
                for (Json path : json.array("paths")) {
                    paths.add(text(path));
                }
                yield new PatchStrategicMergeTransformer(paths, text(json.get("patches")), layer);
            }
            case "PatchTransformer" -> new PatchTransformer(patch(json), layer);
            case "PrefixTransformer" -> NameAffixTransformer.prefix(text(json.get("prefix")), specs);
            case "SuffixTransformer" -> NameAffixTransformer.suffix(text(json.get("suffix")), specs);
            case "PrefixSuffixTransformer" -> {
                Transformer prefix = NameAffixTransformer.prefix(text(json.get("prefix")), specs);
                Transformer suffix = NameAffixTransformer.suffix(text(json.get("suffix")), specs);
                yield map -> {
                    prefix.transform(map);
                    suffix.transform(map);
                };
            }
            case "ReplacementTransformer" -> {
                List<JsonObject> entries = new ArrayList<>();
                for (Json entry : json.array("replacements")) {
                    entries.add(entry instanceof JsonObject object ? object : JsonObject.empty());
                }
                yield new ReplacementTransformer(replacements(layer, entries), layer.limits());
            }
            case "ReplicaCountTransformer" ->
                new ReplicaCountTransformer(
                        text(json.object("replica").get("name")),
                        Transformers.count(json.object("replica").get("count")),
                        specs);
            case "ValueAddTransformer" -> new ValueAddTransformer(targets(layer, json), layer);
            case "ConfigMapGenerator", "SecretGenerator", "IAMPolicyGenerator", "HelmChartInflationGenerator" ->
                throw new BuildFault("PLUGIN", "plugin " + config.currentId().text() + " not a transformer");
            default -> null;
        };
    }

    private static JsonObject patch(JsonObject json) {
        JsonObject.Builder entry = JsonObject.builder();
        for (String field : List.of("patch", "path", "target", "options")) {
            entry.putIfPresent(field, json.get(field));
        }
        return entry.build();
    }

    private static JsonObject targets(Layer layer, JsonObject json) {
        String path = json.text("targetFilePath", "");
        if (path.isEmpty()) {
            return json;
        }
        Json file = layer.build().tree(layer.pathOf(path), layer.text(path));
        JsonArray all = json.array("targets");
        if (file instanceof JsonObject object) {
            for (Json target : object.array("targets")) {
                all = all.appended(target);
            }
        }
        return json.with("targets", all);
    }

    private static NamespaceTransformer.Subjects subjects(String mode) {
        return switch (mode) {
            case "", "defaultOnly" -> NamespaceTransformer.Subjects.DEFAULT_ONLY;
            case "allServiceAccounts" -> NamespaceTransformer.Subjects.ALL_SERVICE_ACCOUNTS;
            case "none" -> NamespaceTransformer.Subjects.NONE;
            default ->
                throw new BuildFault(
                        "PLUGIN",
                        "invalid value \"" + mode
                                + "\" for setRoleBindingSubjects: must be one of \"defaultOnly\", \"none\" or \"allServiceAccounts\"");
        };
    }

    /** The replacements of a list, those with a path read from their files. */
    static List<JsonObject> replacements(Layer layer, List<JsonObject> entries) {
        List<JsonObject> all = new ArrayList<>();
        for (JsonObject entry : entries) {
            String path = entry.text("path", "");
            if (path.isEmpty()) {
                all.add(entry);
                continue;
            }
            if (entry.has("source") || entry.has("targets")) {
                throw new BuildFault("REPLACEMENT", "cannot specify both path and inline replacement");
            }
            Json file = layer.build().tree(layer.pathOf(path), layer.text(path));
            if (file instanceof JsonArray list) {
                for (Json item : list) {
                    all.add(item instanceof JsonObject object ? object : JsonObject.empty());
                }
            } else if (file instanceof JsonObject object) {
                all.add(object);
            } else {
                throw new BuildFault(
                        "REPLACEMENT", "unsupported replacement type encountered within replacement path: " + path);
            }
        }
        return all;
    }

    // ---- loose reading: where a text is wanted, numbers and booleans are taken as they are written

    private static String text(@Nullable Json value) {
        if (value == null || value.isNull()) {
            return "";
        }
        String text = value.textOrNull();
        return text != null ? text : value instanceof JsonNumber || value instanceof JsonBool ? value.toJson() : "";
    }

    private static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.forEach((key, value) -> texts.put(key, text(value)));
        return texts;
    }

    private static JsonObject textual(JsonObject object) {
        JsonObject.Builder texts = JsonObject.builder();
        object.forEach((key, value) -> texts.put(key, text(value)));
        return texts.build();
    }
}
