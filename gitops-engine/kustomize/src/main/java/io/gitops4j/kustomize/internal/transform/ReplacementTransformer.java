package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.load.ResourceFile;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import java.util.ArrayList;
import java.util.List;

/** Copies values from one resource's field (or a given text) into fields of others. */
public final class ReplacementTransformer implements Transformer {
    private final List<JsonObject> replacements;
    private final Limits limits;

    /** These replacements, in order; entries with a path are read already. */
    public ReplacementTransformer(List<JsonObject> replacements, Limits limits) {
        this.replacements = replacements;
        this.limits = limits;
    }

    @Override
    public void transform(ResMap map) {
        for (JsonObject replacement : replacements) {
            boolean hasSource = replacement.has("source");
            boolean hasValue = replacement.has("sourceValue");
            if (hasSource && hasValue) {
                throw new BuildFault("REPLACEMENT", "value and resource selectors are mutually exclusive");
            }
            if ((!hasSource && !hasValue) || replacement.array("targets").isEmpty()) {
                throw new BuildFault("REPLACEMENT", "replacements must specify a source and at least one target");
            }
            Node value = hasValue
                    ? Node.str(replacement.text("sourceValue", ""))
                    : sourceValue(map, replacement.object("source"));
            for (Json target : replacement.array("targets")) {
                if (target instanceof JsonObject object) {
                    target(map, value, object);
                }
            }
        }
    }

    // ---- source

    private static Node sourceValue(ResMap map, JsonObject source) {
        Resource from = source(map, source);
        String path = source.text("fieldPath", "metadata.name");
        path = path.isEmpty() ? "metadata.name" : path;
        for (String part : FieldPath.split(path)) {
            if ("*".equals(part)) {
                throw new BuildFault("REPLACEMENT", "wildcard is not supported in PathGetter");
            }
        }
        Node found;
        try {
            found = FieldPath.get(from.root(), FieldPath.split(path));
        } catch (BuildFault e) {
            BuildFault shown = "Secret".equals(from.kind()) ? e.masked() : e;
            throw shown.within("error looking up replacement source: ")
                    .at(from.source().file(), from.root());
        }
        if (found == null || found.isNullOrEmpty()) {
            throw new BuildFault(
                    "REPLACEMENT",
                    "fieldPath `" + path + "` is missing for replacement source " + selectorText(source));
        }
        JsonObject options = source.object("options");
        String delimiter = options.text("delimiter", "");
        if (delimiter.isEmpty()) {
            return found.copy();
        }
        if (!found.isScalar()) {
            throw new BuildFault("REPLACEMENT", "delimiter option can only be used with scalar nodes");
        }
        List<String> parts = split(found.text(), delimiter);
        int index = options.get("index") instanceof JsonNumber n ? n.intValueOr(0) : 0;
        if (index < 0 || index >= parts.size()) {
            String shown = "Secret".equals(from.kind()) ? "***" : found.text();
            throw new BuildFault("REPLACEMENT", "options.index " + index + " is out of bounds for value " + shown);
        }
        Node part = found.copy();
        part.setText(parts.get(index));
        return part;
    }

    private static List<String> split(String text, String delimiter) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
            parts.add(text.substring(from, at));
            from = at + delimiter.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static Resource source(ResMap map, JsonObject source) {
        Gvk gvk = new Gvk(source.text("group", ""), source.text("version", ""), source.text("kind", ""));
        String name = source.text("name", "");
        String namespace = source.text("namespace", "");
        List<Resource> candidates =
                !name.isEmpty() ? map.anyName(name) : !gvk.kind().isEmpty() ? map.anyKind(gvk.kind()) : map.resources();
        List<Resource> found = new ArrayList<>();
        for (Resource resource : candidates) {
            for (ResId id : resource.ids()) {
                if (Gvks.selects(gvk, id.gvk())
                        && (name.isEmpty() || name.equals(id.name()))
                        && (namespace.isEmpty() || namespace.equals(id.effectiveNamespace()))) {
                    found.add(resource);
                    break;
                }
            }
        }
        if (found.size() != 1) {
            String path = source.text("fieldPath", "");
            throw new BuildFault(
                            found.isEmpty() ? "NO_MATCH" : "AMBIGUOUS",
                            (found.isEmpty() ? "nothing selected by " : "multiple matches for selector ")
                                    + selectorText(source)
                                    + (path.isEmpty() ? "" : ":" + path)
                                    + optionsText(source.object("options")))
                    .hint("the source of a replacement must be exactly one resource; names are compared as they are");
        }
        return found.get(0);
    }

    private static String optionsText(JsonObject options) {
        String delimiter = options.text("delimiter", "");
        boolean create = options.bool("create", false);
        int index = options.get("index") instanceof JsonNumber n ? n.intValueOr(0) : 0;
        return delimiter.isEmpty() && !create ? "" : ":" + delimiter + "(" + index + "), create=" + create;
    }

    private static String selectorText(JsonObject source) {
        return new ResId(
                        new Gvk(source.text("group", ""), source.text("version", ""), source.text("kind", "")),
                        source.text("name", ""),
                        source.text("namespace", ""),
                        false)
                .text();
    }

    // ---- targets

    private void target(ResMap map, Node value, JsonObject target) {
        if (!target.has("select")) {
            throw new BuildFault("REPLACEMENT", "target must specify resources to select");
        }
        TargetSelector select = new TargetSelector(target.object("select"));
        List<TargetSelector> rejects = new ArrayList<>();
        List<JsonObject> rejectTexts = new ArrayList<>();
        for (Json reject : target.array("reject")) {
            if (reject instanceof JsonObject object) {
                rejects.add(new TargetSelector(object));
                rejectTexts.add(object);
            }
        }
        List<Resource> candidates = !select.onlyName().isEmpty()
                ? map.anyName(select.onlyName())
                : !select.onlyKind().isEmpty() ? map.anyKind(select.onlyKind()) : List.copyOf(map.resources());
        for (Resource resource : candidates) {
            if (select.matchesLabels(resource)
                    && anyId(select, resource)
                    && !rejected(resource, rejects, rejectTexts)) {
                fields(resource, value, target);
                map.touchedAll(resource);
                ResourceFile.check(resource.source().file(), resource.root());
            }
        }
    }

    private static boolean anyId(TargetSelector selector, Resource resource) {
        for (ResId id : resource.ids()) {
            if (selector.matchesId(id)) {
                return true;
            }
        }
        return false;
    }

    private static boolean rejected(Resource resource, List<TargetSelector> rejects, List<JsonObject> texts) {
        for (int i = 0; i < rejects.size(); i++) {
            TargetSelector reject = rejects.get(i);
            JsonObject text = texts.get(i);
            boolean hasLabels =
                    !reject.labels().isEmpty() || !reject.annotations().isEmpty();
            boolean hasId = false;
            for (String part : List.of("group", "version", "kind", "name", "namespace")) {
                hasId |= !text.text(part, "").isEmpty();
            }
            if ((hasLabels && reject.matchesLabels(resource)) || (hasId && anyId(reject, resource))) {
                return true;
            }
        }
        return false;
    }

    private void fields(Resource resource, Node value, JsonObject target) {
        JsonArray paths = target.array("fieldPaths");
        if (paths.isEmpty()) {
            paths = JsonArray.of(Json.of("metadata.name"));
        }
        JsonObject options = target.object("options");
        boolean create = options.bool("create", false);
        for (Json path : paths) {
            String text = String.valueOf(path.textOrNull());
            String what = (create ? "unable to find or create field " : "unable to find field ")
                    + PatchTransformer.quoted(text) + " in replacement target";
            FieldPathSetter setter =
                    new FieldPathSetter(create ? value.kind() : null, limits, node -> assign(node, value, options));
            try {
                setter.apply(resource.root(), FieldPath.split(text));
            } catch (BuildFault e) {
                BuildFault shown = "Secret".equals(resource.kind()) ? e.masked() : e;
                throw "REPLACEMENT".equals(e.code()) ? shown : shown.within(what + ": ");
            }
            if (setter.count() == 0) {
                throw new BuildFault("REPLACEMENT", what)
                        .at(resource.source().file(), resource.root())
                        .hint("set options.create to make missing fields");
            }
        }
    }

    private static void assign(Node node, Node value, JsonObject options) {
        Node source = value;
        String delimiter = options.text("delimiter", "");
        if (!delimiter.isEmpty()) {
            if (!node.isScalar()) {
                throw new BuildFault("REPLACEMENT", "delimiter option can only be used with scalar nodes");
            }
            List<String> parts = split(node.text(), delimiter);
            int index = options.get("index") instanceof JsonNumber n ? n.intValueOr(0) : 0;
            if (index < 0) {
                parts.add(0, value.text());
            } else if (index >= parts.size()) {
                parts.add(value.text());
            } else {
                parts.set(index, value.text());
            }
            source = Node.scalar(value.tag(), String.join(delimiter, parts));
        }
        if (node.isScalar()) {
            Tag tag = node.tag();
            node.setText(source.text());
            if (tag == Tag.NULL) {
                node.setScalar(Tag.NONE, source.text());
            }
        } else {
            node.take(source.copy());
        }
    }
}
