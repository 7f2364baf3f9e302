package io.gitops4j.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Renderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Renders Helm charts with Helm's own engine, loaded into this process from the package helm-java for the platform at hand.
 * Options are those of {@code source.helm}; kustomize's {@code helmCharts} come in the same form. Charts come from the tree,
 * dependencies from {@code charts/} (folders and archives) or by {@code file://}; nothing is fetched and no cluster is asked
 * ({@code lookup} finds nothing). {@code passCredentials} and {@code version} have nothing to apply to and are ignored.
 *
 * <p>A chart that asks for random values, certificates or the time renders differently each time: that is the chart's nature.
 * Safe for use by several threads.
 *
 * <p>Source: argocd §1.1, §1.5.
 */
public final class HelmRenderer implements Renderer {
    private static final String NO_ENGINE = "HELM_NATIVE";
    private final AtomicReference<List<String>> builtIn = new AtomicReference<>(List.of());

    /** A renderer; the engine is loaded at its first use. */
    public HelmRenderer() {}

    /** Whether the engine can be loaded on this platform; {@code ""} when it can, else why not. */
    public static String unavailable() {
        try {
            Helm.version().call();
            return "";
        } catch (LinkageError | RuntimeException e) {
            return String.valueOf(e);
        }
    }

    @Override
    public String name() {
        return "Helm";
    }

    @Override
    public boolean detects(SourceTree tree, String path) {
        return tree.entry(join(path, "Chart.yaml")) == SourceTree.Entry.FILE;
    }

    /**
     * The objects of the release. Problems: {@code HELM_CHART}, {@code HELM_RENDER} (with Helm's text), {@code HELM_VALUES},
     * {@code HELM_VALUES_MISSING}, {@code HELM_PARAMETER}, {@code HELM_REMOTE}, {@code HELM_PATH_OUTSIDE},
     * {@code RENDER_LINK_OUTSIDE}, {@code HELM_ARCHIVE}, {@code HELM_DEPENDENCIES}, {@code HELM_TOO_LARGE},
     * {@code HELM_FOLDER}, {@code HELM_NATIVE}.
     */
    @Override
    public Outcome<Rendered> render(Request request) {
        Confined tree = new Confined(request.tree());
        JsonObject options = request.options();
        try (ChartFolder folder = new ChartFolder(
                tree,
                request.limits(),
                !options.bool("skipCrds", false),
                !options.bool("skipSchemaValidation", false))) {
            String chart = chartPath(tree, request);
            folder.take(chart);
            ReleaseValues values = new ReleaseValues(request, tree);
            TemplateCommand command = command(folder, request, values);
            UnaryOperator<String> place = file -> place(folder, chart, file);
            String printed;
            try {
                printed = command.call();
            } catch (IllegalStateException e) {
                return Outcome.failed(HelmErrors.problem(
                        String.valueOf(e.getMessage()), folder.folder().toString(), place, join(chart, "Chart.yaml")));
            }
            Map<String, String> files = new LinkedHashMap<>(folder.filesRead());
            files.putAll(values.filesRead());
            return HelmOutput.read(printed, place, options.bool("skipTests", false), request.limits())
                    .then(ManifestSet::of)
                    .map(set -> new Rendered(set, files));
        } catch (HelmFault e) {
            return Outcome.failed(e.problem());
        } catch (UncheckedIOException e) {
            return Outcome.failed(Problem.error("HELM_FOLDER", "a temporary folder cannot be used: " + e.getMessage()));
        } catch (LinkageError e) {
            return Outcome.failed(Problem.error(NO_ENGINE, "Helm's engine cannot be loaded here: " + e.getMessage())
                    .hint("it is there for Linux and macOS (amd64, arm64) and Windows (amd64)"));
        }
    }

    private static String place(ChartFolder folder, String chart, String file) {
        int at = file.indexOf(ChartFolder.CRD_TEMPLATE);
        String original = at < 0
                ? file
                : file.substring(0, at)
                        + "crds/"
                        + file.substring(at + ChartFolder.CRD_TEMPLATE.length()).replace('~', '/');
        return folder.place(original, chart);
    }

    /** Where the chart is; for kustomize also below the folder that it names by version. */
    private static String chartPath(Confined tree, Request request) {
        String path = request.path();
        String chart = request.options().text("chart", "");
        String versioned = path + "-" + request.options().text("version", "") + "/" + chart;
        boolean plain = tree.entry(join(path, "Chart.yaml")) == SourceTree.Entry.FILE;
        return !plain && !chart.isEmpty() && tree.entry(versioned + "/Chart.yaml") == SourceTree.Entry.FILE
                ? versioned
                : path;
    }

    private TemplateCommand command(ChartFolder folder, Request request, ReleaseValues values) {
        JsonObject options = request.options();
        Map<String, String> environment = request.environment();
        String release = options.text("releaseName", "");
        String namespace = options.text("namespace", "");
        TemplateCommand command = new Helm(folder.chart())
                .template()
                .withName(orElse(release, environment.getOrDefault("ARGOCD_APP_NAME", "release-name")))
                .withNamespace(
                        orElse(orElse(namespace, environment.getOrDefault("ARGOCD_APP_NAMESPACE", "")), "default"));
        String version = orElse(options.text("kubeVersion", ""), environment.getOrDefault("KUBE_VERSION", ""));
        if (!version.isEmpty()) {
            command.withKubeVersion(version);
        }
        List<String> apis = apiVersions(options, environment);
        if (!apis.isEmpty()) {
            List<String> all = new ArrayList<>(builtIn(folder));
            all.addAll(apis);
            folder.offerApiVersions(all);
        }
        addValues(command, folder, options, values);
        return command;
    }

    private static void addValues(
            TemplateCommand command, ChartFolder folder, JsonObject options, ReleaseValues values) {
        int number = 0;
        for (ReleaseValues.ValueFile file : values.files()) {
            command.withValuesFile(folder.beside("values-" + number++ + ".yaml", utf8(file.text())));
        }
        Parameters parameters = Parameters.of(options, values);
        if (!parameters.lists.isEmpty()) {
            command.withValuesFile(folder.beside("values-lists.yaml", utf8(parameters.lists.toJson())));
        }
        parameters.plain.forEach((name, value) -> command.set(Marks.hide(name), Marks.hide(value)));
        for (Map.Entry<String, String> text : parameters.texts.entrySet()) {
            Path file = folder.beside("text-" + number++, utf8(text.getValue()));
            command.setFile(Marks.hide(text.getKey()), file);
        }
    }

    private static List<String> apiVersions(JsonObject options, Map<String, String> environment) {
        List<String> versions = new ArrayList<>();
        for (Json version : options.array("apiVersions")) {
            versions.add(String.valueOf(version.textOrNull()));
        }
        if (versions.isEmpty()) {
            for (String version :
                    environment.getOrDefault("KUBE_API_VERSIONS", "").split(",", -1)) {
                if (!version.isBlank()) {
                    versions.add(version.strip());
                }
            }
        }
        return versions;
    }

    /** The API versions that the engine knows by itself, asked once. */
    private List<String> builtIn(ChartFolder folder) {
        List<String> known = builtIn.get();
        if (known == null || known.isEmpty()) {
            Path probe = folder.folder().resolve("probe");
            try {
                Files.createDirectories(probe.resolve("templates"));
                Files.writeString(probe.resolve("Chart.yaml"), "apiVersion: v2\nname: probe\nversion: 0.0.0\n");
                Files.writeString(probe.resolve("templates/a.yaml"), "a: {{ join \",\" .Capabilities.APIVersions }}\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String printed = new Helm(probe).template().call();
            String list = printed.substring(printed.indexOf("a: ") + 3).strip();
            known = List.of(list.split(",", -1));
            builtIn.set(known);
        }
        return known;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String orElse(String text, String fallback) {
        return text.isEmpty() ? fallback : text;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }
}
