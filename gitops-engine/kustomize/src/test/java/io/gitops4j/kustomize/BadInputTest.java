package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {

    @Test
    void cycle_isRefusedWithPathAndPlace() {
        Problem problem = Trees.refusal(
                "a", "a/kustomization.yaml", "resources:\n- ../b\n", "b/kustomization.yaml", "resources: [../a]\n");

        assertThat(problem.text()).contains("cycle detected: candidate root '/a' contains visited root '/a'");
        assertThat(problem.code()).isEqualTo("CYCLE");
        assertThat(problem.where().place()).isEqualTo("b/kustomization.yaml:1:13");
        assertThat(problem.hint()).isNotEmpty();
    }

    @Test
    void fileOutsideOfTheRoot_isRefusedEvenWhereItsNameStartsTheSame() {
        Problem problem = Trees.refusal(
                "app",
                "app/kustomization.yaml",
                "configMapGenerator:\n- name: c\n  files: [../app-evil/x.txt]\n",
                "app-evil/x.txt",
                "x");

        assertThat(problem.text()).contains("security; file '/app-evil/x.txt' is not in or below '/app'");
        assertThat(problem.where().place()).isEqualTo("app/kustomization.yaml:2:3");
    }

    @Test
    void pathOutOfTheTree_isRefused() {
        assertThat(Trees.refusal("", "kustomization.yaml", "resources: [../../etc/passwd]\n")
                        .code())
                .isEqualTo("OUT_OF_BOUNDS");
    }

    @Test
    void symlinks_areFollowedInsideTheTreeOnly() {
        MemoryTree files = Trees.tree(
                "kustomization.yaml",
                "configMapGenerator:\n- name: c\n  files: [good=link, real.txt]\n",
                "real.txt",
                "text");
        assertThat(build(files, "real.txt").errors()).isEmpty();
        assertThat(build(files, "/etc/hostname").errors())
                .extracting(Problem::code)
                .containsExactly("FILE_NOT_FOUND");
        assertThat(build(files, "../../x").errors()).extracting(Problem::code).containsExactly("SYMLINK_OUT_OF_BOUNDS");
        assertThat(build(files, "link").errors()).extracting(Problem::code).containsExactly("SYMLINK_LOOP");
    }

    private static io.gitops4j.problem.Outcome<KustomizeResult> build(MemoryTree files, String target) {
        SourceTree linked = new SourceTree() {
            @Override
            public Entry entry(String path) {
                return "link".equals(path) ? Entry.SYMLINK : files.entry(path);
            }

            @Override
            public Optional<Bytes> read(String path) {
                return files.read(path);
            }

            @Override
            public List<String> list(String path) {
                return files.list(path);
            }

            @Override
            public Optional<String> linkTarget(String path) {
                return "link".equals(path) ? Optional.of(target) : Optional.empty();
            }
        };
        return Kustomize.build(linked, "", KustomizeOptions.defaults());
    }

    @Test
    void unknownField_isRefusedWithTheNearestName() {
        Problem problem = Trees.refusal("", "kustomization.yaml", "kind: Kustomization\nresource: [a.yaml]\n");

        assertThat(problem.text()).isEqualTo("invalid Kustomization: json: unknown field \"resource\"");
        assertThat(problem.where().place()).isEqualTo("kustomization.yaml:2:1");
        assertThat(problem.hint()).isEqualTo("did you mean 'resources'?");
        assertThat(problem.display()).contains("resource: [a.yaml]\n  ^");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            commonLabels: {a: yes}        | json: cannot unmarshal bool into Go struct field Kustomization.commonLabels of type string
            resources: x                  | json: cannot unmarshal string into Go struct field Kustomization.resources of type []string
            namePrefix: 5                 | json: cannot unmarshal number into Go struct field Kustomization.namePrefix of type string
            """)
    void wrongType_isRefused(String text, String message) {
        assertThat(Trees.refusal("", "kustomization.yaml", text).text()).isEqualTo("invalid Kustomization: " + message);
    }

    @Test
    void missingResource_namesTheEntry() {
        Problem problem = Trees.refusal(
                "", "kustomization.yaml", "namePrefix: a-\nresources:\n- ok.yaml\n- gone.yaml\n", "ok.yaml", Trees.WEB);

        assertThat(problem.where().place()).isEqualTo("kustomization.yaml:4:3");
        assertThat(problem.text()).contains("lstat /gone.yaml: no such file or directory");
    }

    @Test
    void malformedResource_namesLineAndColumn() {
        Problem problem = Trees.refusal("", "kustomization.yaml", "resources: [r.yaml]\n", "r.yaml", "a: 1\nb: [\n");

        assertThat(problem.text())
                .contains("MalformedYAMLError: yaml: line 2: did not find expected node content in File: r.yaml");
        assertThat(problem.where().file()).isEqualTo("r.yaml");
    }

    @Test
    void sameIdTwice_isRefused() {
        Problem problem = Trees.refusal(
                "",
                "kustomization.yaml",
                "resources: [a.yaml, b.yaml]\n",
                "a.yaml",
                Trees.WEB,
                "b.yaml",
                "# second\n" + Trees.WEB);

        assertThat(problem.text())
                .contains("may not add resource with an already registered id: Deployment.v1.apps/web.[noNs]");
        assertThat(problem.where().place()).isEqualTo("b.yaml:2:1");
    }

    @Test
    void patchWithoutMatch_isRefused() {
        Problem problem = Trees.refusal(
                "",
                "web.yaml",
                Trees.WEB,
                "kustomization.yaml",
                "resources: [web.yaml]\npatches:\n- patch: '{apiVersion: v1, kind: Pod, metadata: {name: zz}}'\n");

        assertThat(problem.text()).startsWith("no resource matches strategic merge patch \"Pod.v1.[noGrp]/zz.[noNs]\"");
        assertThat(problem.where().place()).isEqualTo("kustomization.yaml:3:3");
        assertThat(problem.hint()).isNotEmpty();
    }

    @Test
    void badSelectors_areRefused() {
        String head =
                "resources: [web.yaml]\npatches:\n- patch: '[{\"op\": \"remove\", \"path\": \"/x\"}]'\n  target: ";
        assertThat(Trees.refusal("", "web.yaml", Trees.WEB, "kustomization.yaml", head + "{name: '('}")
                        .text())
                .isEqualTo("error parsing regexp: missing closing ): `^(?:()$`");
        assertThat(Trees.refusal("", "web.yaml", Trees.WEB, "kustomization.yaml", head + "{labelSelector: 'a in'}")
                        .code())
                .isEqualTo("SELECTOR");
    }

    @Test
    void remoteBasesChartsAndFunctions_areOffByDefault() {
        assertThat(Trees.refusal("", "kustomization.yaml", "resources: ['github.com/org/repo//path?ref=v1']\n")
                        .code())
                .isEqualTo("REMOTE_BASE_OFF");
        Problem helm = Trees.refusal("", "kustomization.yaml", "helmCharts: [{name: redis}]\n");
        assertThat(helm.hint()).contains("gitops-helm");
        Problem plugin = Trees.refusal(
                "",
                "kustomization.yaml",
                "transformers: [t.yaml]\n",
                "t.yaml",
                "{apiVersion: x/v1, kind: Sed, metadata: {name: s}}");
        assertThat(plugin.text()).isEqualTo("external plugins disabled; unable to load external plugin 'Sed'");
        assertThat(plugin.where().place()).isEqualTo("t.yaml:1:1");
    }

    @Test
    void twoKustomizationFiles_areAmbiguous() {
        assertThat(Trees.refusal("", "kustomization.yaml", "namePrefix: a\n", "Kustomization", "namePrefix: b\n")
                        .code())
                .isEqualTo("AMBIGUOUS_KUSTOMIZATION");
    }

    @Test
    void ambiguousReference_isRefused() {
        Problem problem = Trees.refusal(
                "",
                "r.yaml",
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: crb}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: c}
                subjects: [{kind: ServiceAccount, name: sa}]
                """,
                "a/kustomization.yaml",
                "resources: [sa.yaml]\nnamespace: a\n",
                "a/sa.yaml",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}",
                "b/kustomization.yaml",
                "resources: [sa.yaml]\nnamespace: b\n",
                "b/sa.yaml",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}",
                "kustomization.yaml",
                "resources: [r.yaml, a, b]\n");

        assertThat(problem.text())
                .contains(
                        "found multiple possible referrals: ServiceAccount.v1.[noGrp]/sa.a, ServiceAccount.v1.[noGrp]/sa.b");
        assertThat(problem.hint()).isNotEmpty();
    }

    @Test
    void anchorsThatHoldThemselves_areRefused() {
        Problem problem =
                Trees.refusal("", "kustomization.yaml", "resources: [r.yaml]\n", "r.yaml", "a: &x\n  b: *x\n");

        assertThat(problem.text()).contains("anchor 'x' value contains itself");
        assertThat(problem.where().place()).isEqualTo("r.yaml:2:6");
    }

    @Test
    void valuesWithoutAForm_areRefusedWithTheirPlace() {
        String head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
        Problem twice = Trees.refusal(
                "", "kustomization.yaml", "resources: [r.yaml]\n", "r.yaml", head + "data:\n  x: 1\n  x: 2\n");
        assertThat(twice.text()).contains("line 6: mapping key \"x\" already defined at line 5");
        assertThat(twice.where().place()).isEqualTo("r.yaml:6:3");
        assertThat(Trees.refusal("", "kustomization.yaml", "resources: [r.yaml]\n", "r.yaml", head + "x: .inf\n")
                        .text())
                .contains("json: unsupported value: +Inf");
        assertThat(Trees.refusal("", "kustomization.yaml", "resources: [r.yaml]\n", "r.yaml", head + "x: !!int y\n")
                        .text())
                .contains("cannot decode !!str `y` as a !!int");
    }

    @Test
    void aliasBombs_areRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThat(Trees.refusal("", "kustomization.yaml", "resources: [r.yaml]\n", "r.yaml", bomb.toString())
                        .text())
                .contains("excessive aliasing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "(((a{10}){10}){10}){10} # {10}",
                "(a{10}b){101}           # {101}",
                "((a{2,}){100}){11}      # {11}",
                "[{(]{3}(a{400}){3}      # {3}",
                "((a{1000})?){2}         # {2}",
                "(a{0,600}){2}           # {2}",
                "(a{500}|b{3}){3}        # {3}",
                "(a{100}){10}            #",
                "(x{1000}){1,}           #",
                "\\\\Q(a{900}){9}\\\\E       #"
            })
    void selectorsThatRepeatTooMuch_areRefused(String regex, String counter) {
        String kustomization = "resources: [a.yaml]\npatches:\n- target: {name: '" + regex.replace("\\\\", "\\")
                + "'}\n  patch: '[{\"op\": \"add\", \"path\": \"/x\", \"value\": 1}]'\n";
        String[] files = {
            "kustomization.yaml", kustomization, "a.yaml", "apiVersion: v1\nkind: X\nmetadata:\n  name: q\n"
        };
        if (counter == null) {
            assertThat(Trees.outcome("", files).errors()).isEmpty();
        } else {
            assertThat(Trees.refusal("", files).code()).isEqualTo("REGEX_SIZE");
            assertThat(Trees.refusal("", files).text()).endsWith("invalid repeat count: `" + counter + "`");
        }
    }
}
