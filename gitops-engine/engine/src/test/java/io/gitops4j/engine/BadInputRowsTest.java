package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.codec.Strictness;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows 1 to 41 of the bad-input corpus, a test a row: what the files of a repository can hold, read as manifests, built as
 * overlays, planned for a cluster. Files that are to be applied are read by {@link YamlReader#git()}; where a peer reads what it
 * refuses, the test says what the dialects of the peers make of it.
 *
 * <p>Source: secrets-dr-security §8, rows 1–41; rows 31 and 32 (links) are in {@code io.gitops4j.kustomize.BadInputTest}, rows
 * 35 and 36 (remote bases) belong to the Git adapter.
 */
class BadInputRowsTest {
    private static final YamlReader GIT = YamlReader.git();
    private static final YamlReader KUBECTL = YamlReader.kubectl();

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "---\n", "---\n# none\n---\n"})
    void row01_nothing_isNoObjectAndNoProblem(String text) {
        Outcome<List<Manifest>> read = KUBECTL.readManifests("a.yaml", text);

        assertThat(read.problems()).isEmpty();
        assertThat(read.orThrow()).isEmpty();
    }

    @Test
    void row02_byteOrderMark_isDropped() {
        List<Manifest> read =
                KUBECTL.readManifests("a.yaml", "\ufeff" + configMap("a")).orThrow();

        assertThat(read).extracting(Manifest::apiVersion).containsExactly("v1");
    }

    @Test
    void row03_otherEncodings_areRefused() {
        byte[] utf16 = "a: 1".getBytes(StandardCharsets.UTF_16LE);
        byte[] broken = {(byte) 0xff, (byte) 0xfe, 0};
        for (byte[] bytes : List.of(utf16, broken)) {
            assertThat(Kustomize.build(
                                    MemoryTree.of(Map.of(
                                            "kustomization.yaml",
                                            utf8("resources: [a.yaml]\n"),
                                            "a.yaml",
                                            Bytes.of(bytes))),
                                    "",
                                    KustomizeOptions.defaults())
                            .errors())
                    .extracting(Problem::code)
                    .containsExactly("YAML_SYNTAX");
            assertThat(plan(Bytes.of(bytes)).problems())
                    .extracting(Problem::code)
                    .containsExactly("BAD_ENCODING");
        }
    }

    @Test
    void row04_tabAsIndentation_isRefusedWithItsPlace() {
        assertRefused("a:\n\tb: 1\n", "YAML_SYNTAX", "a.yaml:2:1");
    }

    @Test
    void row05_keyTwice_isRefused_namedByKubectl() {
        String text = "a:\n b:\n  c:\n   d:\n    e: 1\n    e: 2\n";

        assertRefused(text, "DUPLICATE_KEY", "a.yaml:6:5");
        assertRefused("{\"a\": {\"b\": 1,\n\"b\": 2}}", "DUPLICATE_KEY", "a.yaml:2:1");
        assertThat(planProblems(configMap("a") + "  k: w\n"))
                .extracting(Problem::code)
                .containsExactly("DUPLICATE_KEY");

        assertThat(YamlReader.kustomize().readAll("a.yaml", text).errors())
                .extracting(Problem::code)
                .containsExactly("DUPLICATE_KEY");
        Outcome<List<Json>> read = KUBECTL.readAll("a.yaml", text);
        assertThat(read.orThrow().get(0).toJson()).contains("{\"e\":2}");
        assertThat(read.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("DUPLICATE_KEY");
            assertThat(problem.where().place()).isEqualTo("a.yaml:6:5");
        });
    }

    @Test
    void row06_billionLaughs_areRefused() {
        StringBuilder text = new StringBuilder("a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
        for (int i = 1; i < 9; i++) {
            text.append("a" + i + ": &a" + i + " [")
                    .append(("*a" + (i - 1) + ",").repeat(9))
                    .append("]\n");
        }

        assertRefused(text.toString(), "ALIAS_LIMIT", "a.yaml:4:22");
    }

    @Test
    void row07_manyAliasesToALongText_areRefused() {
        assertRefused(
                "s: &s \"" + "x".repeat(100_000) + "\"\nl:\n" + "- *s\n".repeat(20_000),
                "EXPANSION_LIMIT",
                "a.yaml:169:3");
    }

    @Test
    void row08_anchorThatHoldsItself_isRefused() {
        assertRefused("a: &x {b: *x}", "RECURSIVE_ALIAS", "a.yaml:1:11");
    }

    @Test
    void row09_deepNesting_isRefusedWithoutAnOverflow() {
        assertRefused("[".repeat(100_000), "DEPTH_LIMIT", "a.yaml:1:1001");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: !!java.lang.Runtime {} | {\"a\":{}}",
                "a: !binary abc            | {\"a\":\"abc\"}",
                "a: !custom x              | {\"a\":\"x\"}",
                "a: !!binary aGk=          | {\"a\":\"hi\"}"
            })
    void row10_foreignTags_areRefused_ignoredByKubectl(String text, String json) {
        assertRefused(text, "TAG", "a.yaml:1:4");
        assertThat(read(text)).isEqualTo(json);
    }

    @Test
    void row10_binary_isAllowedInTheDataOfSecretsAndConfigMapsOnly() {
        String data = configMap("a").replace("k: v", "k: !!binary aGk=");

        assertThat(GIT.readAll("a.yaml", data).orThrow().get(0).at(JsonPointer.parse("/data/k")))
                .contains(Json.of("hi"));
        assertThat(planProblems(data)).isEmpty();
        assertRefused(data.replace("ConfigMap", "Sealed"), "TAG", "a.yaml:6:6");
        assertRefused(data.replace("data", "spec"), "TAG", "a.yaml:6:6");
        assertRefused("[!custom {a: 1}]", "TAG", "a.yaml:1:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!java.lang.Runtime {}", "!binary abc", "!custom x", "!!binary aGk=", "1e400", "\"a\\0\""})
    void rows10to15_oddities_areRefusedInOverlaysThatAreApplied_builtForTheCommandLine(String value) {
        String object = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  k: " + value + "\n";
        MemoryTree tree = tree("kustomization.yaml", "resources: [a.yaml]\n", "a.yaml", object);
        KustomizeOptions strict =
                KustomizeOptions.builder().strictness(Strictness.GIT).build();

        assertThat(Kustomize.build(tree, "", KustomizeOptions.defaults()).errors())
                .isEmpty();
        assertThat(Kustomize.build(tree, "", strict).errors()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isIn("TAG", "NUMBER", "BAD_ENCODING");
            assertThat(problem.where().place()).isEqualTo("a.yaml:6:6");
            assertThat(problem.display()).contains("     ^");
        });
    }

    @Test
    void row11_notANumber_isRefused_tooLargeOneIsTextForKubectl() {
        assertRefused("x: 1e400", "NUMBER", "a.yaml:1:4");
        assertRefused("x: -1_0e400", "NUMBER", "a.yaml:1:4");
        assertRefused("{\"x\": 1e400}", "NUMBER", "a.yaml:1:7");
        assertThat(GIT.read("a.yaml", "x: '1e400'").orThrow().toJson()).isEqualTo("{\"x\":\"1e400\"}");
        assertRefused("x: .nan", "NUMBER", "a.yaml:1:4");
        assertRefused("x: .inf", "NUMBER", "a.yaml:1:4");
        assertThat(read("x: 1e400")).isEqualTo("{\"x\":\"1e400\"}");
    }

    @Test
    void row12_millionDigits_areRefusedAndNotCounted() {
        String digits = "9".repeat(1_000_000);

        assertRefused("x: " + digits, "NUMBER", "a.yaml:1:4");
        assertRefused("{\"x\": " + digits + "}", "NUMBER", "a.yaml:1:7");
        assertThat(read("x: " + digits)).isEqualTo("{\"x\":\"" + digits + "\"}");
        assertThat(YamlReader.kustomize()
                        .read("a.yaml", "x: " + digits)
                        .orThrow()
                        .toJson())
                .isEqualTo("{\"x\":\"" + digits + "\"}");
        assertThat(build("", "kustomization.yaml", "resources: [a.yaml]\n", "a.yaml", configMap("a") + "  n: " + digits)
                        .orThrow()
                        .yaml())
                .contains(digits);
    }

    @ParameterizedTest
    @CsvSource({
        "0o17, 15",
        "017, 15",
        "0x1F, 31",
        "1_000, 1000",
        "12:30:45, '\"12:30:45\"'",
        "yes, true",
        "on, true",
        "~, null"
    })
    void row13_plainScalars_areTypedAsKubectlDoes(String scalar, String json) {
        assertThat(read("a: " + scalar)).isEqualTo("{\"a\":" + json + "}");
    }

    @Test
    void row14_keysThatAreScalars_areText_othersAreRefused() {
        assertThat(read("{1: a, true: b}")).isEqualTo("{\"1\":\"a\",\"true\":\"b\"}");
        assertRefused("1: a\nnull: b\n", "KEY_TYPE", "a.yaml:2:1");
        assertRefused("{a: b}: c\n", "KEY_TYPE", "a.yaml:1:1");
        assertRefused("[a]: c\n", "KEY_TYPE", "a.yaml:1:1");
    }

    @Test
    void row15_nulAndHalfASurrogatePair_areRefused_oddCharactersAreKept() {
        assertRefused("a: \"\\ud800\"", "BAD_ENCODING", "a.yaml:1:4");
        assertRefused("{\"a\": \"\\ud800\"}", "BAD_ENCODING", "a.yaml:1:7");
        assertRefused("{\"a\": \"\\u0000\"}", "BAD_ENCODING", "a.yaml:1:7");
        assertRefused("a: \"x\\0\"", "BAD_ENCODING", "a.yaml:1:4");
        assertRefused("a: x\0", "BAD_ENCODING", "a.yaml:1:5");
        assertThat(GIT.read("a.yaml", "{\"a\": \"\\ud83d\\ude00\"}").orThrow().toJson())
                .contains("\ud83d\ude00");
        assertThat(read("a: \"x\u2028\u202ey\"")).contains("\u202e");
    }

    @Test
    void row16_largeFile_isRefusedBeforeItIsRead() {
        Limits limits = Limits.builder().fileBytes(1_000).build();
        MemoryTree tree = tree("kustomization.yaml", "resources: [a.yaml]\n", "a.yaml", "#" + "x".repeat(2_000));

        assertThat(Kustomize.build(
                                tree,
                                "",
                                KustomizeOptions.builder().limits(limits).build())
                        .errors())
                .extracting(Problem::code)
                .containsExactly("FILE_SIZE");
    }

    @Test
    void row17_manyDocuments_areRefused() {
        assertThat(GIT.readAll("a.yaml", "---\na: 1\n".repeat(6_000)).errors())
                .extracting(Problem::code)
                .containsExactly("DOC_COUNT");
        assertThat(build("", "kustomization.yaml", "resources: [a.yaml]\n", "a.yaml", "---\n\n".repeat(6_000))
                        .errors())
                .extracting(Problem::code)
                .containsExactly("DOC_COUNT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{kind: A, metadata: {name: x}}                   | MANIFEST_NO_API_VERSION",
                "{apiVersion: v1, metadata: {name: x}}            | MANIFEST_NO_KIND",
                "{apiVersion: v1, kind: A, metadata: {}}          | MANIFEST_NO_NAME",
                "{apiVersion: v1, kind: 5, metadata: {name: x}}   | MANIFEST_NO_KIND",
                "[a, b]                                           | NOT_AN_OBJECT"
            })
    void row18_documentThatIsNoObject_isRefusedAtItsPlace(String document, String code) {
        Outcome<List<Manifest>> read = KUBECTL.readManifests("a.yaml", configMap("a") + "---\n" + document);

        assertThat(read.errors()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.where().place()).isEqualTo("a.yaml:8:1");
        });
    }

    @Test
    void row19_list_isFlattened_nestedOnesToo_notByKubectl() {
        String items = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"
                + "- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n";
        String nested =
                "- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}]}\n";
        String list = "apiVersion: v1\nkind: List\nitems:\n";

        assertThat(KUBECTL.readManifests("a.yaml", list + items).orThrow()).hasSize(2);
        assertThat(GIT.readManifests("a.yaml", list + items + nested).orThrow()).hasSize(3);
        assertThat(GIT.readManifests("a.yaml", "{kind: List, items: [".repeat(7) + "]}".repeat(7))
                        .errors())
                .extracting(Problem::code)
                .containsExactly("NESTED_LIST");
        assertThat(KUBECTL.readManifests("a.yaml", list + items + nested).errors())
                .extracting(Problem::code)
                .containsExactly("NESTED_LIST");
        assertThat(YamlReader.kustomize()
                        .readObjects("a.yaml", list + items + nested)
                        .orThrow())
                .hasSize(3);
    }

    @Test
    void row20_twoObjectsOfOneKey_areRefusedWithBothPlaces() {
        assertThat(planProblems(configMap("a") + "---\n" + configMap("a")))
                .anySatisfy(problem -> assertThat(problem.text()).contains("all.yaml", "all.yaml#1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "'..'", "a/b", "a_b", "-a", "LONG"})
    void row21_badName_isRefusedBeforeAnyCall(String name) {
        String text = configMap(name.replace("LONG", "n".repeat(254)));

        assertThat(planProblems(text)).extracting(Problem::code).containsExactly("BAD_NAME");
    }

    @Test
    void row22_labelsAnnotationsAndSizes_areRefusedBeforeAnyCall() {
        String labelled = configMap("a").replace("  name: a\n", "  name: a\n  labels: {k: " + "v".repeat(64) + "}\n");
        String annotated =
                configMap("a").replace("  name: a\n", "  name: a\n  annotations: {k: " + "v".repeat(300_000) + "}\n");
        String large = configMap("a").replace("k: v", "k: " + "v".repeat(1_700_000));

        assertThat(planProblems(labelled)).extracting(Problem::code).containsExactly("LABEL");
        assertThat(planProblems(annotated)).extracting(Problem::code).containsExactly("ANNOTATION_SIZE");
        assertThat(planProblems(large)).extracting(Problem::code).containsExactly("OBJECT_SIZE");
    }

    @Test
    void row23_mergeKey_isMerged() {
        assertThat(read("b: &b {x: 1}\nc:\n  <<: *b\n  z: 2\n")).isEqualTo("{\"b\":{\"x\":1},\"c\":{\"x\":1,\"z\":2}}");
    }

    static List<Object[]> overlays() {
        List<Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {"24", "resource: [a.yaml]\n", "UNKNOWN_FIELD", "resource"});
        rows.add(new Object[] {"26", "resources: [.]\n", "CYCLE", "cycle detected"});
        rows.add(new Object[] {"26", "resources: [..]\n", "OUT_OF_BOUNDS", ""});
        rows.add(new Object[] {"28", "resources: [../../../etc/passwd]\n", "OUT_OF_BOUNDS", "security"});
        rows.add(new Object[] {"30", "resources: [/etc/passwd]\n", "ABSOLUTE_PATH", "cannot be absolute"});
        rows.add(new Object[] {"30", "resources: ['C:\\x']\n", "ABSOLUTE_PATH", "no such file"});
        rows.add(new Object[] {"30", "resources: ['\\\\host\\share']\n", "ABSOLUTE_PATH", "no such file"});
        rows.add(new Object[] {"30", "resources: [~/.kube/config]\n", "ABSOLUTE_PATH", "no such file"});
        rows.add(
                new Object[] {"33", "resources:\n  - base\n    - ../../prod\n", "AMBIGUOUS_PATH", "base - ../../prod"});
        rows.add(new Object[] {"34", "resources: ['https://github.com/o/r?ref=main']\n", "REMOTE_BASE_OFF", ""});
        rows.add(new Object[] {"37", patch("name: '(((a{10}){10}){10}){10}'", "[]"), "REGEX_SIZE", ""});
        rows.add(new Object[] {"38", patch("name: a", "[{\"op\":\"remove\",\"path\":\"/data/x/-1\"}]"), "JSON_PATCH", ""
        });
        rows.add(new Object[] {
            "38", patch("name: a", "[{\"op\":\"test\",\"path\":\"/data/k\",\"value\":\"z\"}]"), "JSON_PATCH", "test"
        });
        rows.add(new Object[] {
            "38", patch("name: a", "[{\"op\":\"remove\",\"path\":\"/data/none\"}]"), "JSON_PATCH", "none"
        });
        rows.add(new Object[] {
            "40", "resources: [a.yaml]\ngenerators: [g.yaml]\n", "PLUGIN_OFF", "external plugins disabled"
        });
        rows.add(new Object[] {
            "41", "helmCharts: [{name: a, repo: 'https://c', version: '1'}]\n", "UNSUPPORTED_FEATURE", "enable-helm"
        });
        return rows;
    }

    @ParameterizedTest(name = "row{0}: {1}")
    @MethodSource("overlays")
    void rows24to41_overlay_isRefusedWithOneProblem(String row, String kustomization, String code, String text) {
        List<Problem> errors = Kustomize.build(
                        tree(
                                "kustomization.yaml",
                                kustomization,
                                "a.yaml",
                                configMap("a"),
                                "g.yaml",
                                "apiVersion: x.io/v1\nkind: Gen\nmetadata:\n  name: g\n"),
                        "",
                        KustomizeOptions.defaults())
                .errors();

        assertThat(errors).as("row %s", row).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.text()).contains(text);
            assertThat(problem.where().file()).isNotEmpty();
            assertThat(problem.hint()).isNotEmpty();
        });
    }

    @Test
    void row25_twoKustomizationFiles_areRefused() {
        assertThat(build("", "kustomization.yaml", "resources: []\n", "Kustomization", "resources: []\n")
                        .errors())
                .extracting(Problem::code)
                .containsExactly("AMBIGUOUS_KUSTOMIZATION");
    }

    @Test
    void row27_longChain_isRefused_wideFanIsBuilt() {
        List<String> chain = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            chain.add("d" + i + "/kustomization.yaml");
            chain.add(i == 199 ? "resources: []\n" : "resources: [../d" + (i + 1) + "]\n");
        }
        assertThat(build("d0", chain.toArray(String[]::new)).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("DEPTH_LIMIT"));

        Map<String, String> wide = new LinkedHashMap<>();
        StringBuilder bases = new StringBuilder("resources:\n");
        for (int i = 0; i < 1_000; i++) {
            bases.append("- b" + i + "\n");
            wide.put("b" + i + "/kustomization.yaml", "resources: [a.yaml]\n");
            wide.put("b" + i + "/a.yaml", configMap("m" + i));
        }
        wide.put("kustomization.yaml", bases.toString());
        MemoryTree tree = MemoryTree.ofText(wide);
        assertThat(Kustomize.build(tree, "", KustomizeOptions.defaults()).errors())
                .isEmpty();
        for (int i = 1_000; i < 10_000; i++) {
            bases.append("- b" + i + "\n");
            wide.put("b" + i + "/kustomization.yaml", "resources: []\n");
        }
        wide.put("kustomization.yaml", bases.toString());
        assertThat(Kustomize.build(MemoryTree.ofText(wide), "", KustomizeOptions.defaults())
                        .errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("BASE_LIMIT"));
        Limits few = Limits.builder().files(500).build();
        assertThat(Kustomize.build(
                                tree, "", KustomizeOptions.builder().limits(few).build())
                        .errors())
                .isNotEmpty();
    }

    @Test
    void row29_sisterWithTheSamePrefix_isOutside() {
        assertThat(build(
                                "app",
                                "app/kustomization.yaml",
                                "configMapGenerator: [{name: c, files: [../app-2/x]}]\n",
                                "app-2/x",
                                "x")
                        .errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("is not in or below '/app'"));
    }

    @Test
    void row39_replacementOfTooMuch_isRefused() {
        String row = "- [" + "x,".repeat(1_000) + "]\n";
        String kustomization = "resources: [a.yaml]\nreplacements:\n- source: {kind: A, fieldPath: big}\n"
                + "  targets: [{select: {kind: A}, fieldPaths: ['list.*.*']}]\n";
        String object = "apiVersion: x.io/v1\nkind: A\nmetadata: {name: a}\nbig: y\nlist:\n" + row.repeat(1_001);

        Outcome<KustomizeResult> built = build("", "kustomization.yaml", kustomization, "a.yaml", object);

        assertThat(built.errors()).extracting(Problem::code).containsExactly("RESULT_LIMIT");
        Limits more = Limits.builder().fieldMatches(2_000_000).build();
        assertThat(Kustomize.build(
                                tree("kustomization.yaml", kustomization, "a.yaml", object),
                                "",
                                KustomizeOptions.builder().limits(more).build())
                        .errors())
                .isEmpty();
    }

    private static String patch(String target, String patch) {
        return "resources: [a.yaml]\npatches:\n- target: {" + target + "}\n  patch: '" + patch + "'\n";
    }

    private static void assertRefused(String text, String code, String place) {
        assertThat(GIT.readAll("a.yaml", text).errors()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.where().place()).isEqualTo(place);
            assertThat(problem.display().length()).isLessThan(1_000);
        });
    }

    private static String read(String text) {
        return KUBECTL.read("a.yaml", text).orThrow().toJson();
    }

    private static Outcome<KustomizeResult> build(String path, String... files) {
        return Kustomize.build(tree(files), path, KustomizeOptions.defaults());
    }

    private static MemoryTree tree(String... pathsAndTexts) {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return MemoryTree.ofText(files);
    }

    private static List<Problem> planProblems(String yaml) {
        return plan(utf8(yaml)).problems();
    }

    /** The plan of an application with this one file, for a cluster that must not be written to. */
    private static Outcome<io.gitops4j.sync.Plan> plan(Bytes file) {
        VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
        FakeGit git = FakeGit.create(time);
        String url = "https://git.example.com/shop";
        git.repository(url).change("change").file("deploy/all.yaml", file).push();
        FakeCluster cluster = FakeCluster.builder()
                .name("in-cluster")
                .server("https://kubernetes.default.svc")
                .time(time)
                .build();
        GitOps gitops = GitOps.builder(git, time)
                .renderer(new KustomizeRenderer())
                .cluster(cluster)
                .build();
        String text =
                "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd}, spec:"
                        + " {project: default, source: {repoURL: '" + url + "', targetRevision: main, path: deploy},"
                        + " destination: {server: 'https://kubernetes.default.svc', namespace: shop}, syncPolicy: {syncOptions:"
                        + " [CreateNamespace=true]}}}";
        Application shop = Application.of(
                        KUBECTL.readManifests("app.yaml", text).orThrow().get(0))
                .orThrow();
        SyncOutcome outcome = gitops.sync(shop);
        if (!outcome.succeeded()) {
            assertThat(cluster.journal().writes()).isEmpty();
        }
        return gitops.plan(shop);
    }

    private static Bytes utf8(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String configMap(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  k: v\n";
    }
}
