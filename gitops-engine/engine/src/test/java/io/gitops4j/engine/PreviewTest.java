package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.VirtualTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PreviewTest {
    private static final String URL = "https://git.example.com/infra";

    private final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final FakeGit git = FakeGit.create(time);
    private final Preview preview = new Preview(
            GitOps.builder(git, time).renderer(new KustomizeRenderer()).build(), Limits.defaults());

    @Test
    void between_twoCommits_namesWhatHappensToWhom() {
        FakeRepository infra = git.repository(URL);
        String base = infra.change("base")
                .file("apps.yaml", app("one", "one") + "---\n" + app("two", "two") + "---\n" + app("bad", "bad"))
                .file("one/all.yaml", map("a", "1") + "---\n" + map("b", "1") + "---\n" + secret("CANARY-1"))
                .file("two/all.yaml", map("c", "1"))
                .file("bad/all.yaml", map("d", "1"))
                .push();
        String head = infra.change("head")
                .file("apps.yaml", app("one", "one") + "---\n" + app("two", "two") + "---\n" + app("bad", "gone"))
                .file("one/all.yaml", map("a", "2") + "---\n" + map("e", "1") + "---\n" + secret("CANARY-2"))
                .push();
        PreviewReport report = preview.between(URL, base, head).orThrow();
        assertThat(report.applications()).isEqualTo(3);
        assertThat(report.changes())
                .extracting(PreviewReport.AppChange::name)
                .containsExactly("argocd/bad", "argocd/one");
        assertThat(report.changes().get(0).problems()).extracting(Problem::code).containsExactly("PATH_GONE");
        assertThat(report.changes().get(1).objects())
                .extracting(o -> o.act() + " " + o.key())
                .containsExactly(
                        "change ConfigMap/ns/a",
                        "delete ConfigMap/ns/b",
                        "create ConfigMap/ns/e",
                        "change Secret/ns/s");
        String markdown = report.toMarkdown(PreviewReport.COMMENT);
        assertThat(markdown)
                .contains("2 of 3 Applications change")
                .contains("`/data/value`: `\"1\"` → `\"2\"`")
                .contains("1 created, 2 changed, 1 deleted")
                .doesNotContain("CANARY");
        assertThat(report.toJson().toJson()).doesNotContain("CANARY");
        assertThat(report.toMarkdown(200)).hasSizeLessThan(300).contains("more Applications");
        assertThat(preview.between(URL, base, base).orThrow().isEmpty()).isTrue();
        assertThat(preview.between(URL, base, "nowhere").problems())
                .extracting(Problem::code)
                .containsExactly("GIT_REVISION_UNKNOWN");
    }

    @Test
    void between_namesPoliciesThatNewlyFail_andRolloutsThatWouldStart() {
        FakeRepository infra = git.repository(URL);
        String base = infra.change("base")
                .file("apps.yaml", app("one", "one") + "---\n" + app("two", "two"))
                .file("one/all.yaml", map("a", "1") + "---\n" + ROLLOUT.formatted("i:1"))
                .file("two/all.yaml", map("c", "1"))
                .file("policies/template.yaml", TEMPLATE)
                .file("policies/owner.yaml", CONSTRAINT.formatted("owner", "owner"))
                .push();
        String head = infra.change("head")
                .file("one/all.yaml", map("a", "1") + "---\n" + map("b", "1") + "---\n" + ROLLOUT.formatted("i:2"))
                .push();
        PreviewReport.AppChange one =
                preview.between(URL, base, head).orThrow().changes().get(0);
        assertThat(one.violations())
                .extracting(Problem::text)
                .singleElement()
                .asString()
                .contains("ConfigMap/ns/b")
                .contains("label owner is missing");
        assertThat(one.rollouts()).containsExactly("argoproj.io/Rollout/ns/web, canary: setWeight 20, pause");
        String markdown = preview.between(URL, base, head).orThrow().toMarkdown(PreviewReport.COMMENT);
        assertThat(markdown).contains("newly denied: ConfigMap/ns/b").contains("rollout starts: ");
        assertThat(markdown).contains("1 newly failing policies, 1 rollouts start");

        String stricter = infra.change("policy")
                .file("policies/team.yaml", CONSTRAINT.formatted("team", "team"))
                .push();
        PreviewReport report = preview.between(URL, head, stricter).orThrow();
        assertThat(report.changes())
                .extracting(PreviewReport.AppChange::name)
                .containsExactly("argocd/one", "argocd/two");
        assertThat(report.changes().get(1).violations()).hasSize(1);
    }

    private static final String ROLLOUT = """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: web}
            spec:
              strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}]}}
              template: {spec: {containers: [{name: c, image: '%s'}]}}
            """;

    private static final String TEMPLATE = """
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: needslabel}
            spec:
              crd:
                spec:
                  names: {kind: NeedsLabel}
                  validation: {openAPIV3Schema: {type: object, properties: {label: {type: string}}}}
              targets:
              - target: admission.k8s.gatekeeper.sh
                rego: |
                  package needslabel
                  violation[{"msg": msg}] {
                    not input.review.object.metadata.labels[input.parameters.label]
                    msg := sprintf("label %v is missing", [input.parameters.label])
                  }
            """;

    private static final String CONSTRAINT = """
            apiVersion: constraints.gatekeeper.sh/v1beta1
            kind: NeedsLabel
            metadata: {name: %s}
            spec:
              match: {kinds: [{apiGroups: [''], kinds: [ConfigMap]}]}
              parameters: {label: %s}
            """;

    private static String app(String name, String path) {
        return "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: " + name
                + ", namespace: argocd},"
                + " spec: {project: default, source: {repoURL: '" + URL + "', targetRevision: main, path: " + path
                + "}, destination: {name: prod, namespace: ns}}}\n";
    }

    private static String map(String name, String value) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: {value: '" + value + "'}}\n";
    }

    private static String secret(String value) {
        return "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {k: " + value + "}}\n";
    }
}
