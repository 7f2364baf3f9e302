package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.ApplicationSet;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.gotemplate.GoTemplate;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoError;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.spi.Renderer;
import io.gitops4j.sync.DirectoryRenderer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bound of {@link Limits}: what is within it is taken, what is beyond is refused. */
class LimitsTest {
    private static final String MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {a: %s}\n";

    private static Outcome<?> yaml(Limits limits, String text) {
        return YamlReader.git().withLimits(limits).readAll("a.yaml", text);
    }

    private static Outcome<?> build(Limits limits, Map<String, String> files) {
        return Kustomize.build(
                MemoryTree.ofText(files),
                "app",
                KustomizeOptions.builder().limits(limits).build());
    }

    private static Map<String, String> overlay(String more) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("app/kustomization.yaml", "resources: [a.yaml, b.yaml, c.yaml, ../one, ../two]\n" + more);
        for (String name : List.of("a", "b", "c")) {
            files.put("app/" + name + ".yaml", MAP.formatted(name, "v"));
        }
        files.put("app/c.yaml", "apiVersion: x.io/v1\nkind: L\nmetadata: {name: l}\nlist: [a, b, c, d]\n");
        for (String name : List.of("one", "two")) {
            files.put(name + "/kustomization.yaml", "resources: [m.yaml]\n");
            files.put(name + "/m.yaml", MAP.formatted(name, "v"));
        }
        return files;
    }

    private static Outcome<?> directory(Limits limits, Map<String, String> files) {
        return new DirectoryRenderer()
                .render(new Renderer.Request(
                        MemoryTree.ofText(files),
                        "app",
                        JsonObject.empty(),
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        limits));
    }

    private static Outcome<?> rego(Limits limits, String rule) {
        RegoError error = Rego.compile(List.of(new RegoModule("a.rego", "package a\n" + rule)), RegoOptions.v1())
                .orThrow()
                .query("data.a.p")
                .orThrow()
                .evaluate(
                        null,
                        ObjectValue.empty(),
                        EvalSettings.defaults().strict(true).limits(limits))
                .error();
        return error == null ? Outcome.of("") : Outcome.failed(Problem.error(error.code(), error.text()));
    }

    private static Outcome<?> generated(Limits limits) {
        ApplicationSet set = ApplicationSet.of(YamlReader.kubectl()
                        .readManifests(
                                "s.yaml",
                                "{apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: s}, spec: {generators:"
                                        + " [{list: {elements: [{x: a}, {x: b}, {x: c}]}}], template: {metadata: {name: '{{x}}'}, spec:"
                                        + " {project: default, source: {repoURL: r, path: p}, destination: {server: s}}}}}")
                        .orThrow()
                        .get(0))
                .orThrow();
        GitOps none = GitOps.builder(
                        url -> Outcome.failed(Problem.error("NONE", url)), InstantSource.fixed(Instant.EPOCH))
                .build();
        ApplicationSets.Expanded expanded =
                ApplicationSets.over(none).limits(limits).expand(set);
        return expanded.complete() ? Outcome.of("") : Outcome.failed(expanded.problems());
    }

    private static Arguments row(
            String name, Function<Limits.Builder, Limits.Builder> small, Function<Limits, Outcome<?>> use) {
        return Arguments.of(name, small, use);
    }

    static Stream<Arguments> bounds() {
        String bomb = "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b, *b]\n";
        String many = "replacements: [{source: {kind: ConfigMap, name: a, fieldPath: data.a},"
                + " targets: [{select: {kind: L}, fieldPaths: ['list.*']}]}]\n";
        return Stream.of(
                row("documentBytes", l -> l.documentBytes(40), l -> yaml(l, MAP.formatted("a", "b".repeat(60)))),
                row("documents", l -> l.documents(2), l -> yaml(l, "a: 1\n---\na: 2\n---\na: 3\n")),
                row("depth", l -> l.depth(4), l -> yaml(l, "a: {b: {c: {d: {e: {f: 1}}}}}\n")),
                row("aliasExpansions", l -> l.aliasExpansions(3), l -> yaml(l, bomb)),
                row("nodes", l -> l.nodes(10), l -> yaml(l, "a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]\n")),
                row("scalarBytes", l -> l.scalarBytes(10), l -> yaml(l, "a: " + "x".repeat(50) + "\n")),
                row("fileBytes", l -> l.fileBytes(30), l -> yaml(l, MAP.formatted("a", "b"))),
                row("totalBytes", l -> l.totalBytes(80), l -> directory(l, overlay(""))),
                row("files", l -> l.files(2), l -> build(l, overlay(""))),
                row("resources", l -> l.resources(2), l -> build(l, overlay(""))),
                row("bases", l -> l.bases(1), l -> build(l, overlay(""))),
                row("regexLength", l -> l.regexLength(8), l -> rego(l, "p if regex.match(`abcdefghijklmnopq`, \"a\")")),
                row("parameterSets", l -> l.parameterSets(2), LimitsTest::generated),
                row("fieldMatches", l -> l.fieldMatches(2), l -> build(l, overlay(many))),
                row(
                        "evaluationSteps",
                        l -> l.evaluationSteps(5),
                        l -> GoTemplate.parse("{{range 20}}x{{end}}")
                                .then(template -> template.execute(JsonObject.empty(), List.of(), l))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bounds")
    void bound_refusesWhatIsBeyondIt_andTheDefaultTakesIt(
            String name, Function<Limits.Builder, Limits.Builder> small, Function<Limits, Outcome<?>> use) {
        assertThat(use.apply(Limits.defaults()).errors()).isEmpty();
        Outcome<?> refused =
                use.apply(small.apply(Limits.defaults().toBuilder()).build());
        assertThat(refused.errors()).as(name).isNotEmpty();
        assertThat(refused.ok()).isFalse();
    }
}
