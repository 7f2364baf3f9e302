package io.gitops4j.kustomize;

import io.gitops4j.codec.Strictness;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.load.KustomizationFile;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Renderer;
import java.util.List;

/**
 * Renders directories with a kustomization file. The options of an application's {@code source.kustomize} are applied to what
 * the top file says, in Argo CD's order, before it is built.
 */
public final class KustomizeRenderer implements Renderer {
    private final KustomizeOptions options;

    /** A renderer with the defaults of the command line, which refuses what {@link Strictness#GIT} names. */
    public KustomizeRenderer() {
        this(KustomizeOptions.commandLine().toBuilder()
                .strictness(Strictness.GIT)
                .build());
    }

    /** A renderer that builds with these options. */
    public KustomizeRenderer(KustomizeOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "Kustomize";
    }

    @Override
    public boolean detects(SourceTree tree, String path) {
        for (String file : KustomizationFile.NAMES) {
            if (tree.entry(path.isEmpty() ? file : path + "/" + file) == SourceTree.Entry.FILE) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Outcome<Rendered> render(Request request) {
        JsonObject source = request.options();
        SourceOptions edits = new SourceOptions(source, request.environment(), component -> {
            String at = request.path().isEmpty() ? component : request.path() + "/" + component;
            return exists(request.tree(), at);
        });
        KustomizeOptions.Builder builder = options.toBuilder().limits(request.limits());
        if (!source.isEmpty()) {
            builder.editing(model -> edits.apply(options.editing().apply(model)));
        }
        KustomizeOptions build = builder.build();
        Outcome<KustomizeResult> outcome;
        try {
            outcome = Kustomize.build(request.tree(), request.path(), build);
        } catch (SourceOptions.Conflict e) {
            return Outcome.failed(Problem.error("SOURCE_OPTIONS", String.valueOf(e.getMessage()))
                    .hint("use forceCommonLabels or forceCommonAnnotations to overwrite"));
        }
        return outcome.then(result ->
                result.manifestSet().then(set -> Outcome.of(new Rendered(set, result.filesRead()), List.of())));
    }

    private static boolean exists(SourceTree tree, String path) {
        java.util.ArrayDeque<String> parts = new java.util.ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if ("..".equals(part)) {
                parts.pollLast();
            } else if (!part.isEmpty() && !".".equals(part)) {
                parts.addLast(part);
            }
        }
        return tree.entry(String.join("/", parts)) == SourceTree.Entry.DIRECTORY;
    }
}
