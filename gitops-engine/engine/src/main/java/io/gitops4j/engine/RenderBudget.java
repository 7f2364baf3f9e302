package io.gitops4j.engine;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Renderer;
import java.util.List;

/**
 * Holds renderers to the bounds that they were given, whoever wrote them: what is larger is refused, and a renderer that throws
 * fails its own source and nothing else.
 */
final class RenderBudget {
    /** These read their input within bounds, and write about as much as they read. */
    private static final List<String> OWN = List.of("Directory", "Kustomize", "Helm");

    private RenderBudget() {}

    /** What the renderer makes of the request. Problems: {@code OBJECT_COUNT}, {@code RENDER_BUDGET}, {@code RENDERER_FAILED}, and its own. */
    static Outcome<Renderer.Rendered> render(Renderer renderer, Renderer.Request request) {
        try {
            return renderer.render(request).then(rendered -> within(renderer, rendered, request.limits()));
        } catch (GitOpsException known) {
            throw known;
        } catch (RuntimeException | StackOverflowError defect) {
            return Outcome.failed(Problem.error(
                            "RENDERER_FAILED",
                            "renderer " + renderer.name() + " failed on " + request.path() + ": " + defect)
                    .hint("this is a defect of the renderer; the other applications are not affected"));
        }
    }

    private static Outcome<Renderer.Rendered> within(Renderer renderer, Renderer.Rendered rendered, Limits limits) {
        int count = rendered.manifests().manifests().size();
        if (count > limits.documents()) {
            return Outcome.failed(Problem.error(
                            "OBJECT_COUNT", "a source gives " + count + " objects; allowed are " + limits.documents())
                    .hint("split the application, or raise Limits.documents"));
        }
        if (!OWN.contains(renderer.name())) {
            long bytes = 0;
            for (Manifest manifest : rendered.manifests().manifests()) {
                bytes += manifest.body().toJson().length();
                if (bytes > limits.totalBytes()) {
                    return Outcome.failed(Problem.error(
                            "RENDER_BUDGET",
                            "renderer " + renderer.name() + " gives more than " + limits.totalBytes() + " bytes"));
                }
            }
        }
        return Outcome.of(rendered);
    }
}
