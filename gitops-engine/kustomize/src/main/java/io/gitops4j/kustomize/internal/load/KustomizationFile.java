package io.gitops4j.kustomize.internal.load;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.Kustomization;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeReader;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.problem.Limits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds, reads, decodes and mends a kustomization file. */
public final class KustomizationFile {
    /** The names that are looked for. */
    public static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    private static final String V1BETA1 = "kustomize.config.k8s.io/v1beta1";
    private static final String V1ALPHA1 = "kustomize.config.k8s.io/v1alpha1";

    private final String path;
    private final Node node;
    private final Kustomization model;
    private final List<String> warnings;

    private KustomizationFile(String path, Node node, Kustomization model, List<String> warnings) {
        this.path = path;
        this.node = node;
        this.model = model;
        this.warnings = warnings;
    }

    /** The file of a root. */
    public static KustomizationFile load(Root root, Limits limits) {
        String found = null;
        for (String name : NAMES) {
            String candidate = root.path().isEmpty() ? name : root.path() + "/" + name;
            if (root.files().isFile(candidate)) {
                if (found != null) {
                    throw new BuildFault(
                                    "AMBIGUOUS_KUSTOMIZATION",
                                    "Found multiple kustomization files under: " + root.shown())
                            .at(found, 0, 0)
                            .hint("keep one of them");
                }
                found = candidate;
            }
        }
        if (found == null) {
            throw new BuildFault(
                            "NO_KUSTOMIZATION",
                            "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization'"
                                    + " in directory '" + root.shown() + "'")
                    .at(root.path(), 0, 0)
                    .hint("add a kustomization.yaml there");
        }
        String text = root.files().read(root.files().real(found)).utf8();
        return parse(found, text, root.shown(), limits);
    }

    /** The file of a text. */
    public static KustomizationFile parse(String path, String text, String shownRoot, Limits limits) {
        Node node;
        try {
            node = NodeReader.readOld(text.replace("\r\n", "\n"), limits);
        } catch (YamlFault e) {
            throw new BuildFault("YAML_SYNTAX_KUSTOMIZATION", "invalid Kustomization: " + e.text())
                    .at(path, e.line(), e.column());
        }
        if (node == null || node.isNull()) {
            throw empty(path);
        }
        legacyPatches(node);
        JsonObject decoded;
        try {
            decoded = new StrictDecoder(path).decode(node, Shapes.KUSTOMIZATION);
        } catch (BuildFault e) {
            throw e.within("invalid Kustomization: ");
        }
        List<String> warnings = warnings(decoded);
        JsonObject mended = mend(decoded);
        if (isEmpty(mended)) {
            throw empty(path);
        }
        checkKind(path, node, mended, shownRoot);
        return new KustomizationFile(path, node, Kustomization.of(mended), warnings);
    }

    private static BuildFault empty(String path) {
        return new BuildFault("EMPTY_KUSTOMIZATION", "kustomization.yaml is empty")
                .at(path, 0, 0)
                .hint("add at least one field, such as resources");
    }

    /** A list of plain strings under {@code patches} is the oldest form of {@code patchesStrategicMerge}. */
    private static void legacyPatches(Node node) {
        Node patches = node.isMap() ? node.value("patches") : null;
        if (patches == null || !patches.isSeq() || patches.size() == 0) {
            return;
        }
        for (Node item : patches.items()) {
            if (!item.isScalar()) {
                return;
            }
        }
        node.keyNode(node.indexOf("patches")).setText("patchesStrategicMerge");
    }

    private static List<String> warnings(JsonObject file) {
        List<String> warnings = new ArrayList<>();
        deprecated(file, "bases", "resources", "", warnings);
        deprecated(file, "commonLabels", "labels", "", warnings);
        deprecated(file, "imageTags", "images", "", warnings);
        deprecated(file, "patchesJson6902", "patches", "", warnings);
        deprecated(file, "patchesStrategicMerge", "patches", "", warnings);
        deprecated(file, "vars", "replacements", "[EXPERIMENTAL] ", warnings);
        return warnings;
    }

    private static void deprecated(JsonObject file, String old, String by, String mark, List<String> warnings) {
        if (file.has(old)) {
            warnings.add("'" + old + "' is deprecated. Please use '" + by + "' instead. " + mark
                    + "Run 'kustomize edit fix' to update your Kustomization automatically.");
        }
    }

    private static JsonObject mend(JsonObject file) {
        JsonObject mended = moved(moved(file, "bases", "resources"), "imageTags", "images");
        for (String generator : List.of("configMapGenerator", "secretGenerator")) {
            if (mended.has(generator)) {
                JsonArray.Builder entries = JsonArray.builder();
                for (Json entry : mended.array(generator)) {
                    entries.add(entry instanceof JsonObject object ? envs(object) : entry);
                }
                mended = mended.with(generator, entries.build());
            }
        }
        return mended;
    }

    private static JsonObject envs(JsonObject generator) {
        String env = generator.text("env", "");
        JsonObject without = generator.without("env");
        return env.isEmpty()
                ? without
                : without.with("envs", without.array("envs").appended(Json.of(env)));
    }

    private static JsonObject moved(JsonObject file, String from, String to) {
        if (!file.has(from)) {
            return file;
        }
        JsonArray all = file.array(to);
        for (Json item : file.array(from)) {
            all = all.appended(item);
        }
        return file.without(from).with(to, all);
    }

    private static boolean isEmpty(JsonObject file) {
        for (int i = 0; i < file.size(); i++) {
            String key = file.keyAt(i);
            boolean blank =
                    file.valueAt(i).textOrNull() != null && file.text(key, "").isEmpty();
            if (!blank && !"apiVersion".equals(key) && !"kind".equals(key)) {
                return false;
            }
        }
        return true;
    }

    private static void checkKind(String path, Node node, JsonObject file, String shownRoot) {
        String kind = file.text("kind", "Kustomization");
        kind = kind.isEmpty() ? "Kustomization" : kind;
        String expected = "Component".equals(kind) ? V1ALPHA1 : V1BETA1;
        String version = file.text("apiVersion", "");
        List<String> wrong = new ArrayList<>();
        if (!"Kustomization".equals(kind) && !"Component".equals(kind)) {
            wrong.add("kind should be Kustomization or Component");
        }
        if (!version.isEmpty() && !version.equals(expected)) {
            wrong.add("apiVersion for " + kind + " should be " + expected);
        }
        if (!wrong.isEmpty()) {
            Node at = wrong.get(0).startsWith("kind") ? node.get("kind") : node.get("apiVersion");
            throw new BuildFault(
                            "WRONG_KIND",
                            "Failed to read kustomization file under " + shownRoot + ":\n" + String.join("\n", wrong))
                    .at(path, at);
        }
    }

    /** Path of the file in its tree. */
    public String path() {
        return path;
    }

    /** What it says. */
    public Kustomization model() {
        return model;
    }

    /** One sentence for each deprecated field that it uses. */
    public List<String> warnings() {
        return warnings;
    }

    /** The node of a field, or of one entry of it ({@code at >= 0}); the file's own where it has none. */
    public @Nullable Node place(String field, int at) {
        for (int i = 0; i < node.size(); i++) {
            if (node.key(i).equalsIgnoreCase(field)) {
                Node value = node.item(i);
                return at >= 0 && !value.isScalar() && at < value.size() ? value.item(at) : node.keyNode(i);
            }
        }
        return null;
    }
}
