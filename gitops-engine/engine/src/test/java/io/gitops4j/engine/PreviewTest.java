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
