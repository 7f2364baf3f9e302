package io.gitops4j.kustomize.internal.build;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.kustomize.Kustomization;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.CrdDefinitions;
import io.gitops4j.kustomize.internal.config.TransformerConfig;
import io.gitops4j.kustomize.internal.load.ConfigurationFile;
import io.gitops4j.kustomize.internal.load.KustomizationFile;
import io.gitops4j.kustomize.internal.load.RepoSpec;
import io.gitops4j.kustomize.internal.load.ResourceFile;
import io.gitops4j.kustomize.internal.load.Root;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Source;
import io.gitops4j.kustomize.internal.transform.LegacyOrder;
import io.gitops4j.kustomize.internal.transform.Patch;
import io.gitops4j.kustomize.internal.transform.TransformContext;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One directory with a kustomization file: gathers its resources, generates, applies components, transforms, validates.
 *
 * <p>Source: kustomize §6.
 */
final class Layer implements TransformContext {
    /** Roots that other systems or a shell know: a drive, a share, the home folder. */
    private static final Pattern FOREIGN_ROOT = Pattern.compile("[A-Za-z]:[\\\\/]|\\\\\\\\|~/");

    private final BuildContext build;
    private final Root root;
    private final KustomizationFile file;
    private final Kustomization model;

    private Layer(BuildContext build, Root root, KustomizationFile file, Kustomization model) {
        this.build = build;
        this.root = root;
        this.file = file;
        this.model = model;
    }

    /** Reads the file of a root. */
    static Layer load(BuildContext build, Root root) {
        KustomizationFile file = KustomizationFile.load(root, build.options().limits());
        for (String warning : file.warnings()) {
            build.warn(file.path(), "DEPRECATED_FIELD", warning);
        }
        return new Layer(build, root, file, file.model());
    }

    /** This layer with another model in the place of its file's. */
    Layer saying(Kustomization other) {
        return new Layer(build, root, file, other);
    }

    BuildContext build() {
        return build;
    }

    Root root() {
        return root;
    }

    Kustomization model() {
        return model;
    }

    KustomizationFile kustomizationFile() {
        return file;
    }

    // ---- accumulation

    /** Runs the layer on what an accumulator holds (a component's parent, or nothing). */
    void accumulate(Accumulator into) {
        try {
            resources(into, model.resources(), "accumulating resources: ");
            into.mergeConfig(configuration());
            crds(into);
            Generators.run(this, into);
            components(into);
            Transformers.run(this, into);
            Transformers.validate(this, into);
            into.mergeVars(model.entries("vars"));
        } catch (BuildFault e) {
            throw e.at(file.path(), 0, 0);
        }
    }

    /** Adds the entries, each a file or a directory. */
    void resources(Accumulator into, List<String> entries, String context) {
        for (int i = 0; i < entries.size(); i++) {
            try {
                resource(into, entries.get(i));
            } catch (BuildFault e) {
                throw e.within(context).at(file.path(), file.place("resources", i));
            }
        }
    }

    private void resource(Accumulator into, String entry) {
        BuildFault notFile;
        try {
            fileResource(into, entry);
            return;
        } catch (BuildFault e) {
            notFile = e;
        }
        if ("REMOTE_BASE_OFF".equals(notFile.code()) && build.options().git() == null) {
            throw notFile;
        }
        if ("REMOTE_STATUS".equals(notFile.code()) && RepoSpec.parse(entry) == null) {
            throw notFile;
        }
        try {
            directory(into, root.open(entry), false);
        } catch (BuildFault e) {
            if (notFile.malformedYaml()) {
                throw notFile;
            }
            throw combined(entry, notFile, e);
        }
    }

    private static BuildFault combined(String entry, BuildFault notFile, BuildFault notDirectory) {
        String text = "accumulation err='" + notFile.text() + "': " + notDirectory.text();
        if (FOREIGN_ROOT.matcher(entry).lookingAt() && "FILE_NOT_FOUND".equals(notFile.code())) {
            return new BuildFault("ABSOLUTE_PATH", text)
                    .hint("paths are relative to the directory of the kustomization file that names them;"
                            + " drives, shares and ~ are not looked up");
        }
        boolean wasFile = "NOT_A_DIRECTORY".equals(notDirectory.code()) || "FILE_NOT_FOUND".equals(notFile.code());
        if (notDirectory.code().equals("AMBIGUOUS_PATH") || notDirectory.code().equals("ABSOLUTE_PATH")) {
            return notDirectory.saying(text);
        }
        boolean remote =
                notDirectory.code().startsWith("REMOTE_") || notDirectory.code().startsWith("GIT_");
        BuildFault telling = wasFile && !remote ? notFile : notDirectory;
        return telling.saying(text);
    }

    private void fileResource(Accumulator into, String entry) {
        List<Resource> read;
        String path;
        try {
            path = Root.isUrl(entry) ? entry : root.locate(entry);
            read = read(path, ResourceFile.text(entry, root.load(entry)), entry);
        } catch (BuildFault e) {
            throw e.within("accumulating resources from '" + entry + "': ");
        }
        for (Resource resource : read) {
            if (into.resources().append(resource) != null) {
                throw Accumulator.duplicate(resource.currentId())
                        .at(path, resource.root())
                        .within("merging resources from '" + entry + "': ");
            }
        }
    }

    private List<Resource> read(String path, String text, String name) {
        List<ResourceFile.Document> documents = ResourceFile.read(
                path, name, text, build.options().limits(), build.options().strictness());
        build.count(documents.size());
        ResMap unique = new ResMap();
        for (ResourceFile.Document document : documents) {
            Source source = new Source(
                    path,
                    document.index(),
                    root.files().repo(),
                    root.files().ref(),
                    "",
                    document.node().line());
            Resource resource = new Resource(document.node(), source, build);
            build.history().first(resource);
            if (unique.append(resource) != null) {
                throw Accumulator.duplicate(resource.currentId()).at(path, resource.root());
            }
        }
        return unique.resources();
    }

    private void directory(Accumulator into, Root at, boolean component) {
        build.enter();
        Layer layer;
        try {
            layer = load(build, at);
            layer.build.setSchema(at, layer.model.fields().object("openapi"));
        } catch (BuildFault e) {
            throw e.within("couldn't make target for path '" + at.shown() + "': ");
        }
        if (component && !layer.model.isComponent()) {
            throw new BuildFault(
                    "WRONG_KIND",
                    "expected kind 'Component' for path '" + at.shown() + "' but got '" + layer.model.kind() + "'");
        }
        if (!component && layer.model.isComponent()) {
            throw new BuildFault("WRONG_KIND", "expected kind != 'Component' for path '" + at.shown() + "'")
                    .hint("list the directory under components");
        }
        Accumulator sub;
        try {
            if (component) {
                sub = into;
                layer.accumulate(into);
            } else {
                sub = KeptLayers.of(build).accumulate(layer);
            }
        } catch (BuildFault e) {
            throw e.within("recursed accumulation of path '" + at.shown() + "': ");
        }
        if (!component) {
            try {
                into.merge(sub);
            } catch (BuildFault e) {
                throw e.within("recursed merging from path '" + at.shown() + "': ");
            }
        }
        build.leave();
    }

    private void components(Accumulator into) {
        List<String> entries = model.components();
        for (int i = 0; i < entries.size(); i++) {
            try {
                component(into, entries.get(i));
            } catch (BuildFault e) {
                throw e.within("accumulating components: ").at(file.path(), file.place("components", i));
            }
        }
    }

    private void component(Accumulator into, String entry) {
        Root at;
        try {
            at = root.open(entry);
        } catch (BuildFault e) {
            throw e.saying("loader.New " + quoted(e.text()));
        }
        try {
            directory(into, at, true);
        } catch (BuildFault e) {
            throw e.saying("accumulateDirectory: " + quoted(e.text()));
        }
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        JsonString.quote(text, out);
        return out.toString();
    }

    // ---- configuration

    private TransformerConfig configuration() {
        TransformerConfig config = TransformerConfig.empty();
        List<String> paths = model.texts("configurations");
        for (int i = 0; i < paths.size(); i++) {
            try {
                config = config.merge(TransformerConfig.of(
                        ConfigurationFile.read(pathOf(paths.get(i)), root.text(paths.get(i)), limits())));
            } catch (BuildFault e) {
                throw e.at(file.path(), file.place("configurations", i));
            }
        }
        TransformerConfig merged = config.merge(build.defaults().config());
        LegacyOrder order =
                new LegacyOrder(build.defaults().orderFirst(), build.defaults().orderLast());
        return paths.isEmpty() ? merged : merged.consistent(order::rank);
    }

    private void crds(Accumulator into) {
        List<String> paths = model.texts("crds");
        for (int i = 0; i < paths.size(); i++) {
            try {
                Json json = build.tree(pathOf(paths.get(i)), root.text(paths.get(i)));
                if (json instanceof JsonObject object) {
                    into.mergeConfig(CrdDefinitions.read(object));
                }
            } catch (BuildFault e) {
                throw e.within("loading CRDs [" + String.join(" ", paths) + "]: ")
                        .at(file.path(), file.place("crds", i));
            }
        }
    }

    // ---- what transformers ask

    @Override
    public String text(String path) {
        return root.text(path);
    }

    @Override
    public String pathOf(String path) {
        String joined = root.files().join(root.path(), path);
        return joined == null ? path : joined;
    }

    @Override
    public String file() {
        return file.path();
    }

    @Override
    public String directoryName() {
        String shown = root.shown();
        return shown.substring(shown.lastIndexOf('/') + 1);
    }

    @Override
    public ResId idOf(Node object) {
        Gvk gvk = Gvk.of(object.textOf("apiVersion"), object.textOf("kind"));
        Node metadata = object.value("metadata");
        Node m = metadata == null ? Node.map() : metadata;
        return id(gvk, m.textOf("name"), m.textOf("namespace"));
    }

    @Override
    public ResId id(Gvk gvk, String name, String namespace) {
        return new ResId(gvk, name, namespace, build.clusterScoped(gvk));
    }

    @Override
    public Patch.Schemas schemas() {
        return build::type;
    }

    @Override
    public String yaml(Json value) {
        return YamlWriter.write(withoutBlanks(value));
    }

    private static Json withoutBlanks(Json value) {
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        JsonObject.Builder kept = JsonObject.builder();
        object.forEach((key, member) -> {
            if (!"".equals(member.textOrNull())) {
                kept.put(key, withoutBlanks(member));
            }
        });
        return kept.build();
    }

    @Override
    public Limits limits() {
        return build.options().limits();
    }
}
