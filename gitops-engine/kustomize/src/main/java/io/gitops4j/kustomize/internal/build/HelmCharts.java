package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.generate.Absorber;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.resource.Source;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Renderer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Hands {@code helmCharts} to the renderer of charts, where the build was given one. */
final class HelmCharts {
    private HelmCharts() {}

    static void run(Layer layer, Accumulator into) {
        List<JsonObject> charts = new ArrayList<>(layer.model().entries("helmCharts"));
        for (JsonObject old : layer.model().entries("helmChartInflationGenerator")) {
            charts.add(modern(old));
        }
        for (int i = 0; i < charts.size(); i++) {
            try {
                Source source = Generators.generated(layer, "HelmChartInflationGenerator");
                for (Resource resource : inflate(layer, charts.get(i), source)) {
                    Absorber.absorb(into.resources(), resource);
                }
            } catch (BuildFault e) {
                throw e.at(layer.file(), layer.kustomizationFile().place("helmCharts", i));
            }
        }
    }

    private static JsonObject modern(JsonObject old) {
        JsonObject.Builder chart = JsonObject.builder();
        chart.putIfPresent("name", old.get("chartName"));
        chart.putIfPresent("version", old.get("chartVersion"));
        chart.putIfPresent("repo", old.get("chartRepoUrl"));
        chart.putIfPresent("valuesFile", old.get("values"));
        chart.putIfPresent("valuesInline", old.get("valuesLocal"));
        chart.putIfPresent("releaseName", old.get("releaseName"));
        chart.putIfPresent("namespace", old.get("releaseNamespace"));
        return chart.build();
    }

    /** The resources of one chart. */
    static List<Resource> inflate(Layer layer, JsonObject chart, Source source) {
        Renderer renderer = layer.build().options().helm();
        String name = chart.text("name", "");
        if (renderer == null) {
            throw new BuildFault("UNSUPPORTED_FEATURE", "must specify --enable-helm to render the chart '" + name + "'")
                    .hint("add the module gitops-helm-adapter and hand its Renderer to KustomizeOptions.helm");
        }
        String home = layer.model().fields().object("helmGlobals").text("chartHome", "charts");
        Renderer.Request request = new Renderer.Request(
                layer.build().tree(),
                layer.pathOf((home.isEmpty() ? "charts" : home) + "/" + name),
                options(layer, chart),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                layer.limits());
        Outcome<Renderer.Rendered> outcome = renderer.render(request);
        Renderer.Rendered rendered = outcome.orNull();
        if (rendered == null) {
            Problem problem = outcome.errors().get(0);
            throw new BuildFault(problem.code(), problem.text()).hint(problem.hint());
        }
        List<Resource> resources = new ArrayList<>();
        for (Manifest manifest : rendered.manifests()) {
            resources.add(Generators.made(layer, NodeJson.toNode(manifest.body()), source));
        }
        return resources;
    }

    /** The chart entry in the form of an application's {@code source.helm}. */
    private static JsonObject options(Layer layer, JsonObject chart) {
        JsonArray.Builder values = JsonArray.builder();
        String file = chart.text("valuesFile", "");
        if (!file.isEmpty()) {
            values.add("/" + layer.pathOf(file));
        }
        for (Json extra : chart.array("additionalValuesFiles")) {
            values.add("/" + layer.pathOf(String.valueOf(extra.textOrNull())));
        }
        return JsonObject.builder()
                .put("chart", chart.text("name", ""))
                .putIfPresent("repoURL", chart.get("repo"))
                .putIfPresent("version", chart.get("version"))
                .put("releaseName", chart.text("releaseName", chart.text("name", "")))
                .putIfPresent("namespace", chart.get("namespace"))
                .put("valueFiles", values.build())
                .putIfPresent("valuesObject", chart.get("valuesInline"))
                .put("skipCrds", !chart.bool("includeCRDs", false))
                .putIfPresent("skipTests", chart.get("skipTests") instanceof JsonBool skip ? skip : null)
                .putIfPresent("kubeVersion", chart.get("kubeVersion"))
                .putIfPresent("apiVersions", chart.get("apiVersions"))
                .build();
    }
}
