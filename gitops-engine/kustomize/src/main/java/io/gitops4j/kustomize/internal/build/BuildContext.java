package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.Defaults;
import io.gitops4j.kustomize.internal.config.Schema;
import io.gitops4j.kustomize.internal.config.SchemaNode;
import io.gitops4j.kustomize.internal.load.FileLog;
import io.gitops4j.kustomize.internal.load.Remotes;
import io.gitops4j.kustomize.internal.load.Root;
import io.gitops4j.kustomize.internal.load.TreeFiles;
import io.gitops4j.kustomize.internal.resource.Scopes;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import io.gitops4j.kustomize.internal.tree.NodeReader;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is one for a whole build: options, tables, the schema in force, files read, warnings. */
final class BuildContext implements Scopes {
    private static final int DEEPEST = 100;
    private final KustomizeOptions options;
    private final Defaults defaults = Defaults.load();
    private final FileLog log;
    private final TreeFiles files;
    private final Remotes remotes;
    private final SourceTree tree;
    private final History history;
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<Gvk, Boolean> scopes = new LinkedHashMap<>();
    private List<String> buildMetadata = List.of();
    private Schema schema = defaults.schema();
    private boolean ownSchema;
    private boolean builtinUsed;
    private int made;
    private int depth;
    private int bases;

    BuildContext(SourceTree tree, KustomizeOptions options) {
        this.options = options;
        this.tree = tree;
        history = new History(options.explaining());
        log = new FileLog(options.limits());
        files = new TreeFiles(tree, options.shownRoot(), "", "", log);
        remotes = new GitRemotes(options, log);
    }

    KustomizeOptions options() {
        return options;
    }

    Defaults defaults() {
        return defaults;
    }

    SourceTree tree() {
        return tree;
    }

    History history() {
        return history;
    }

    FileLog log() {
        return log;
    }

    TreeFiles files() {
        return files;
    }

    Remotes remotes() {
        return remotes;
    }

    List<Problem> warnings() {
        return warnings;
    }

    void warn(String file, String code, String text) {
        warnings.add(Problem.warning(code, text).at(Where.file(file)));
    }

    /** The words of the top file; they hold for all layers. */
    List<String> buildMetadata() {
        return buildMetadata;
    }

    void setBuildMetadata(List<String> words) {
        buildMetadata = words;
    }

    @Override
    public boolean clusterScoped(Gvk gvk) {
        Boolean known = scopes.get(gvk);
        if (known == null) {
            builtinUsed |= !defaults.isKnown(gvk);
            known = defaults.clusterScoped(gvk) || (ownSchema && schema.clusterScoped(gvk));
            scopes.put(gvk, known);
        }
        return known;
    }

    @Nullable
    SchemaNode type(Gvk gvk) {
        builtinUsed = true;
        return schema.type(gvk);
    }

    /** Takes the schema that a layer states; the first one stated from the top down holds. */
    void setSchema(Root root, JsonObject openapi) {
        String path = openapi.text("path", "");
        String version = openapi.text("version", "");
        JsonObject document = path.isEmpty() ? JsonObject.empty() : document(root, path);
        if (!version.isEmpty() && !path.isEmpty()) {
            throw new BuildFault("OPENAPI", "builtin version and custom schema provided, cannot use both");
        }
        if (!version.isEmpty() && !version.equals("v1.21.2")) {
            throw new BuildFault("OPENAPI", "the specified OpenAPI version is not built in")
                    .hint("v1.21.2 is built in");
        }
        if (!path.isEmpty() && !ownSchema) {
            // A schema that was looked into before stays below the new one; otherwise the new one is all there is.
            schema = Schema.openApi(document, builtinUsed ? schema : null);
            ownSchema = true;
            scopes.clear();
        }
    }

    /** Whether a layer has stated a schema. */
    boolean ownSchema() {
        return ownSchema;
    }

    private JsonObject document(Root root, String path) {
        return tree(path, root.text(path)) instanceof JsonObject object ? object : JsonObject.empty();
    }

    /** A configuration file as JSON. */
    io.gitops4j.json.Json tree(String file, String text) {
        try {
            Node node = NodeReader.readOld(text.replace("\r\n", "\n"), options.limits());
            return node == null ? JsonObject.empty() : NodeJson.toJson(node);
        } catch (YamlFault e) {
            throw new BuildFault("YAML_SYNTAX_CONFIG", "error converting YAML to JSON: " + e.text())
                    .at(file, e.line(), e.column());
        } catch (NodeJson.Unprintable e) {
            throw new BuildFault("YAML_SYNTAX_CONFIG", e.text()).at(file, e.line(), e.column());
        }
    }

    /** Counts resources against the limit. */
    void count(int more) {
        made += more;
        if (made > options.limits().resources()) {
            throw new BuildFault(
                    "RESULT_LIMIT",
                    "the build has more than " + options.limits().resources() + " resources");
        }
    }

    void enter() {
        if (++bases > options.limits().bases()) {
            throw new BuildFault("BASE_LIMIT", "more than " + options.limits().bases() + " bases and components")
                    .hint("build fewer at a time, or raise Limits.bases");
        }
        if (++depth > DEEPEST) {
            throw new BuildFault("DEPTH_LIMIT", "layers are nested deeper than " + DEEPEST);
        }
    }

    void leave() {
        depth--;
    }
}
