package io.gitops4j.helm;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A chart written to a temporary folder, as Helm's engine wants it, deleted on {@link #close}. Packed dependencies are unpacked
 * and {@code file://} dependencies copied into {@code charts/}, so that nothing is ever fetched.
 *
 * <p>The engine inside helm-java leaves out hooks and CRDs, which Argo CD wants. So hooks are written with a key of the same
 * length that the engine takes for an annotation like others, and each CRD gets a template that prints it.
 */
final class ChartFolder implements AutoCloseable {
    private static final int MOST_NESTING = 20;
    /** What stands for a CRD: the rest is the path below {@code crds/}, with {@code ~} for {@code /}. */
    static final String CRD_TEMPLATE = "templates/gitops4j-crd~";

    private final Confined tree;
    private final Limits limits;
    private final boolean crds;
    private final boolean schemas;
    private final Path folder;
    private final Map<String, String> filesRead = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Map<String, String> chartNames = new LinkedHashMap<>();
    private long bytes;
    private int files;

    ChartFolder(Confined tree, Limits limits, boolean crds, boolean schemas) {
        this.tree = tree;
        this.limits = limits;
        this.crds = crds;
        this.schemas = schemas;
        try {
            folder = Files.createTempDirectory("gitops4j-helm-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    Path chart() {
        return folder.resolve("chart");
    }

    /** Path in the repository to content id of each file taken. */
    Map<String, String> filesRead() {
        return filesRead;
    }

    /** The file of the repository that the chart's file came from: itself, or the archive that held it. */
    String place(String pathInChart, String chartPath) {
        String known = places.get("chart/" + pathInChart);
        return known == null ? Confined.resolve(chartPath, pathInChart) : known;
    }

    /** Writes the chart at {@code path}. */
    void take(String path) {
        take(path, "chart", 0);
    }

    private void take(String path, String into, int depth) {
        if (depth > MOST_NESTING) {
            throw new HelmFault("HELM_DEPENDENCIES", path + " depends on itself, or charts are nested too deeply");
        }
        String chartFile = join(path, "Chart.yaml");
        Bytes content = tree.read(chartFile)
                .orElseThrow(() -> new HelmFault(Problem.error("HELM_CHART", "there is no Chart.yaml in " + shown(path))
                        .at(Where.file(chartFile))));
        copy(path, into, depth);
        for (JsonObject dependency : dependencies(path, chartFile, content)) {
            String repository = dependency.text("repository", "");
            if (repository.startsWith("file://")) {
                String name = dependency.text("name", "");
                String target = into + "/charts/" + name;
                if (!name.isEmpty() && !name.contains("/") && !name.contains("..") && !chartNames.containsKey(target)) {
                    take(Confined.resolve(path, repository.substring("file://".length())), target, depth + 1);
                }
            }
        }
    }

    private List<JsonObject> dependencies(String path, String chartFile, Bytes content) {
        JsonObject chart = object(chartFile, content);
        List<Json> entries = chart.array("dependencies").items();
        String old = join(path, "requirements.yaml");
        if (entries.isEmpty() && tree.entry(old) == SourceTree.Entry.FILE) {
            entries = object(old, tree.read(old).orElseThrow())
                    .array("dependencies")
                    .items();
        }
        return entries.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject object(String file, Bytes content) {
        var read = YamlReader.kubectl().withLimits(limits).read(file, content.utf8());
        if (!(read.orNull() instanceof JsonObject object)) {
            Problem cause = read.errors().isEmpty()
                    ? Problem.error("HELM_CHART", file + " is no mapping").at(Where.file(file))
                    : read.errors().get(0);
            throw new HelmFault(Problem.error("HELM_CHART", cause.text()).at(cause.where()));
        }
        return object;
    }

    private void copy(String from, String into, int depth) {
        if (depth > MOST_NESTING) {
            throw new HelmFault("HELM_DEPENDENCIES", from + " is nested too deeply");
        }
        for (String name : tree.list(from)) {
            String path = join(from, name);
            String target = into + "/" + name;
            SourceTree.Entry entry = tree.entry(path);
            if (entry == SourceTree.Entry.DIRECTORY) {
                if (name.equals(".git")) {
                    continue;
                }
                if (tree.entry(join(path, "Chart.yaml")) == SourceTree.Entry.FILE && into.endsWith("/charts")) {
                    chartNames.put(target, path);
                    take(path, target, depth + 1);
                } else {
                    copy(path, target, depth + 1);
                }
            } else if (entry == SourceTree.Entry.FILE) {
                Bytes content = tree.read(path).orElseThrow();
                filesRead.put(
                        path,
                        tree.tree().contentId(String.valueOf(tree.real(path))).orElse(""));
                file(path, target, content.toByteArray());
            }
        }
    }

    private void file(String source, String target, byte[] content) {
        if (target.endsWith(".tgz") && parent(target).endsWith("/charts")) {
            String charts = parent(target);
            TarGz.read(
                    source,
                    content,
                    limits.totalBytes() - bytes,
                    (name, unpacked) -> file(source, charts + "/" + name, unpacked));
            return;
        }
        if (!schemas && target.endsWith("/values.schema.json")) {
            return;
        }
        write(source, target, content);
        int at = target.lastIndexOf("/crds/");
        if (at >= 0 && isCrdFile(target) && !target.substring(0, at).contains("/templates/")) {
            if (crds) {
                String below = target.substring(at + "/crds/".length());
                String template = target.substring(0, at) + "/" + CRD_TEMPLATE + below.replace('/', '~');
                write(source, template, bytesOf("{{- .Files.Get \"crds/" + below.replace("\"", "\\\"") + "\" }}\n"));
            }
        }
    }

    private static boolean isCrdFile(String path) {
        return path.endsWith(".yaml") || path.endsWith(".yml") || path.endsWith(".json");
    }

    private void write(String source, String target, byte[] content) {
        bytes += content.length;
        files++;
        if (content.length > limits.fileBytes() || bytes > limits.totalBytes() || files > limits.files()) {
            throw new HelmFault(Problem.error("HELM_TOO_LARGE", "the chart is larger than its limits allow")
                    .at(Where.file(source)));
        }
        places.put(target, source);
        Path file = folder.resolve(target).normalize();
        if (!file.startsWith(folder)) {
            throw new HelmFault("HELM_PATH_OUTSIDE", source + " leads out of the chart");
        }
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Marks.hide(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file beside the chart and says where it is. */
    Path beside(String name, byte[] content) {
        Path file = folder.resolve(name);
        try {
            Files.write(file, Marks.hide(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Lets templates see these API versions besides those that the engine knows. */
    void offerApiVersions(List<String> versions) {
        try (Stream<Path> all = Files.walk(chart())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = file.toString();
                if (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".tpl") || name.endsWith(".txt")) {
                    byte[] content = Files.readAllBytes(file);
                    byte[] asked = ApiVersions.ask(content);
                    if (asked != content) {
                        Files.write(file, asked);
                    }
                }
            }
            Path helper = chart().resolve("templates/_gitops4j-api-versions.tpl");
            Files.createDirectories(helper.getParent());
            Files.writeString(helper, ApiVersions.helper(versions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String shown(String path) {
        return path.isEmpty() ? "the repository" : path;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }
}
