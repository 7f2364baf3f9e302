package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.kustomize.ResourceTrace;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.load.Root;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Source;
import io.gitops4j.kustomize.internal.tree.GoText;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** One build from the top directory to the printed objects. */
public final class Build {
    private final SourceTree tree;
    private final BuildContext context;

    /** A build over a tree. */
    public Build(SourceTree tree, KustomizeOptions options) {
        this.tree = tree;
        this.context = new BuildContext(tree, options);
    }

    /** Builds a directory. */
    public Outcome<KustomizeResult> run(String path) {
        try {
            KustomizeResult result = KeptLayers.of(context).result(path, () -> build(path));
            return Outcome.of(result, result.warnings());
        } catch (BuildFault e) {
            return refused(e);
        } catch (NodeJson.Unprintable e) {
            return refused(new BuildFault("UNPRINTABLE", e.text()).at(path, 0, 0));
        } catch (YamlFault e) {
            return refused(new BuildFault("YAML_SYNTAX", e.text()).at(path, 0, 0));
        }
    }

    private Outcome<KustomizeResult> refused(BuildFault fault) {
        List<Problem> problems = new ArrayList<>(context.warnings());
        problems.add(fault.problem(where(fault)));
        return Outcome.failed(problems);
    }

    /** The place; a file that may hold secrets is not quoted. */
    private Where where(BuildFault fault) {
        if (fault.file().isEmpty()) {
            return Where.nowhere();
        }
        return fault.line() == 0
                ? Where.file(fault.file())
                : tree.read(fault.file())
                        .map(Bytes::utf8)
                        .filter(text -> !text.contains("Secret") && !text.contains("secretGenerator"))
                        .map(text -> Where.in(fault.file(), text, fault.line(), fault.column()))
                        .orElse(Where.at(fault.file(), fault.line(), fault.column()));
    }

    private KustomizeResult build(String path) {
        KustomizeOptions options = context.options();
        Root root = Root.top(context.files(), path, options.restrictedToRoot(), context.remotes());
        Layer file = Layer.load(context, root);
        Layer top = file.saying(options.editing().apply(file.model()));
        try {
            context.setSchema(root, top.model().fields().object("openapi"));
        } catch (BuildFault e) {
            throw e.at(top.file(), top.kustomizationFile().place("openapi", -1));
        }
        context.setBuildMetadata(top.model().texts("buildMetadata"));
        Accumulator all = new Accumulator();
        top.accumulate(all);
        new Finishing(context, top, all).run();
        return result(all);
    }

    private KustomizeResult result(Accumulator all) {
        List<Manifest> manifests = new ArrayList<>(all.resources().size());
        List<ResourceTrace> traces = new ArrayList<>(all.resources().size());
        Map<List<ResourceTrace.Step>, List<String>> shared = new IdentityHashMap<>();
        for (Resource resource : all.resources().resources()) {
            ResourceTrace trace = context.history().trace(resource);
            List<String> transformations = shared.computeIfAbsent(trace.steps(), Build::transformations);
            Source source = resource.source();
            Origin origin = new Origin(source.file(), source.document(), transformations, source.line());
            manifests.add(Manifest.trusted(body(resource), origin));
            traces.add(trace);
        }
        return new KustomizeResult(
                List.copyOf(manifests), List.copyOf(traces), context.log().files(), List.copyOf(context.warnings()));
    }

    private static List<String> transformations(List<ResourceTrace.Step> steps) {
        List<String> transformations = new ArrayList<>(steps.size());
        for (ResourceTrace.Step step : steps) {
            if (!step.transformer().isEmpty()) {
                transformations.add(step.file() + ": " + step.transformer());
            }
        }
        return List.copyOf(transformations);
    }

    private static JsonObject body(Resource resource) {
        Node root = resource.root();
        try {
            NodeJson.checkKeys(root);
            NodeJson.typeAnnotationKeys(root);
            return NodeJson.toJson(root) instanceof JsonObject object ? object : JsonObject.empty();
        } catch (NodeJson.Unprintable e) {
            String dump = !e.text().startsWith("json: ")
                    ? "map[string]interface {}(nil): "
                    : "Secret".equals(resource.kind()) ? "" : GoText.of(root) + ": ";
            throw new BuildFault("UNPRINTABLE", dump + e.text())
                    .at(resource.source().file(), e.line(), e.column())
                    .hint("the value has no form in JSON");
        }
    }
}
