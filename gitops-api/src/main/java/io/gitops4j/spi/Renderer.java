package io.gitops4j.spi;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.SourceTree;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns the files of a directory into manifests: a directory of YAML, an overlay, a chart, a plugin. */
public interface Renderer {

    /** The name that a source selects it by: {@code Directory}, {@code Kustomize}, {@code Helm}, or a plugin's own. */
    String name();

    /** Whether the directory is of this renderer's type, for sources that do not say. */
    boolean detects(SourceTree tree, String path);

    /** The manifests of the request. */
    Outcome<Rendered> render(Request request);

    /**
     * What to render.
     *
     * @param tree files of the source
     * @param path directory within it
     * @param options the source's options for this renderer, in Argo CD's form ({@code source.kustomize}, …)
     * @param environment build environment and cluster facts ({@code ARGOCD_APP_NAME}, {@code KUBE_VERSION}, …)
     * @param refs further trees by their {@code ref} name ({@code $values})
     * @param limits bounds
     */
    record Request(
            SourceTree tree,
            String path,
            JsonObject options,
            Map<String, String> environment,
            Map<String, SourceTree> refs,
            Limits limits) {

        /** A request for a directory without options. */
        public static Request of(SourceTree tree, String path) {
            return new Request(
                    tree, path, JsonObject.empty(), new LinkedHashMap<>(), new LinkedHashMap<>(), Limits.defaults());
        }
    }

    /**
     * What came out.
     *
     * @param manifests the objects in order
     * @param filesRead path to content id or hash of every file that the result depends on, sorted by path
     */
    record Rendered(ManifestSet manifests, Map<String, String> filesRead) {}
}
