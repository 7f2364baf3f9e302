package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.Strictness;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.SchemaNode;
import io.gitops4j.kustomize.internal.load.ResourceFile;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeReader;
import io.gitops4j.kustomize.internal.tree.Tag;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading of patch texts and the one way in which a strategic patch is merged into a resource. */
public final class Patch {
    private Patch() {}

    /** The JSON patch that a text spells; {@code null} when it is blank or only comments. */
    static @Nullable JsonPatch json(String name, String text, Limits limits) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return null;
        }
        Outcome<Json> read = stripped.startsWith("[")
                ? JsonReader.parse(name, stripped, limits)
                : YamlReader.kubectl().withLimits(limits).readAll(name, text).map(Patch::first);
        Json value = read.orNull();
        if (value == null) {
            throw new BuildFault(
                    "JSON_PATCH", String.valueOf(read.errors().get(0).text()));
        }
        if (value.isNull()) {
            return null;
        }
        if (!(value instanceof JsonArray operations)) {
            String kind = value.asObject() != null ? "object" : value.textOrNull() != null ? "string" : "number";
            throw new BuildFault(
                    "JSON_PATCH", "json: cannot unmarshal " + kind + " into Go value of type jsonpatch.Patch");
        }
        return JsonPatch.of(operations);
    }

    private static Json first(List<Json> documents) {
        return documents.isEmpty() ? Json.nul() : documents.get(0);
    }

    /** The place of a node in the text of an operation list, for messages; {@code null} when it cannot be told. */
    static @Nullable Node tree(String text, Limits limits) {
        try {
            return NodeReader.read(text, 1, limits);
        } catch (YamlFault e) {
            return null;
        }
    }

    /** Merges a patch object into a resource; kind and name come back unless the options let them change. */
    static void merge(Resource resource, Node patch, boolean nameChange, boolean kindChange, Schemas schemas) {
        String name = resource.name();
        Node nameNode = nameNode(resource);
        Node oldName = nameNode == null ? null : nameNode.copy();
        String namespace = resource.namespace();
        String kind = resource.kind();
        if (nameChange || kindChange) {
            resource.pushId();
        }
        SchemaNode schema = schemas.type(resource.gvk());
        if (schema == null) {
            schema = schemas.type(Gvk.of(patch.textOf("apiVersion"), patch.textOf("kind")));
        }
        try {
            if (!StrategicMerge.apply(resource.root(), patch, schema)) {
                resource.setRoot(Node.map());
                return;
            }
        } catch (BuildFault e) {
            throw "Secret".equals(kind) ? e.masked() : e;
        }
        if (!kindChange) {
            Node written = resource.root().get("kind");
            if (written == null || !written.isScalar()) {
                resource.root().put("kind", Node.scalar(Tag.NONE, kind));
            } else {
                written.assign(Tag.NONE, kind);
            }
        }
        resource.forget();
        if (!nameChange && oldName != null && !isSame(oldName, nameNode(resource))) {
            resource.setName(name);
            resource.metadata().put("name", oldName);
        }
        if (!namespace.equals(resource.namespace())) {
            resource.setNamespace(namespace);
        }
    }

    private static boolean isSame(Node oldName, @Nullable Node name) {
        return name != null
                && name.isScalar()
                && name.tag() == oldName.tag()
                && name.text().equals(oldName.text());
    }

    private static @Nullable Node nameNode(Resource resource) {
        Node metadata = resource.root().value("metadata");
        return metadata == null ? null : metadata.get("name");
    }

    /**
     * Labels and annotations of patches with a target, and of {@code patchesStrategicMerge}, are written anew from texts; a
     * null is the text of it and removes nothing.
     */
    static void metadataTexts(Node patch) {
        for (String field : List.of("labels", "annotations")) {
            Node map = patch.at("metadata", field);
            for (int i = 0; map != null && map.isMap() && i < map.size(); i++) {
                Node value = map.item(i);
                if (value.tag() != Tag.STR || !value.isScalar()) {
                    map.setItem(i, Node.str(value.text()));
                }
            }
        }
    }

    /** The one resource that has or had the id. */
    static Resource target(ResMap map, ResId id) {
        List<Resource> found = map.anyId(id.key());
        if (found.size() != 1) {
            throw new BuildFault(
                            found.isEmpty() ? "NO_MATCH" : "AMBIGUOUS",
                            (found.isEmpty() ? "no matches for Id " : "multiple matches for Id ") + id.text()
                                    + "; failed to find unique target for patch " + id.text())
                    .hint(
                            found.isEmpty()
                                    ? "a patch without target needs kind, name and namespace of one resource"
                                    : "say the namespace in the patch, or give the patch a target");
        }
        return found.get(0);
    }

    /** The objects of a strategic patch. */
    static List<ResourceFile.Document> strategic(String path, String name, String text, Limits limits) {
        return ResourceFile.read(path, name, text, limits, Strictness.AS_PEER);
    }

    /** Merge schemas by kind. */
    public interface Schemas {
        @Nullable
        SchemaNode type(Gvk gvk);
    }
}
