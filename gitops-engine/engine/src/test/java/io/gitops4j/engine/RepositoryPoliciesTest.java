package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.SyncSettings;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepositoryPoliciesTest {
    private static final String URL = "https://git.example.com/shop";
    private static final String TEMPLATE = """
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: needsowner}
            spec:
              crd: {spec: {names: {kind: NeedsOwner}}}
              targets:
              - target: admission.k8s.gatekeeper.sh
                rego: |
                  package needsowner
                  violation[{"msg": msg}] {
                    not input.review.object.metadata.labels.owner
                    msg := "an owner is needed"
                  }
            """;
    private static final String CONSTRAINT = """
            apiVersion: constraints.gatekeeper.sh/v1beta1
            kind: NeedsOwner
            metadata: {name: owner}
            spec:
              match: {kinds: [{apiGroups: [""], kinds: [ConfigMap]}]}
            """;

    private final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final FakeGit git = FakeGit.create(time);
    private final FakeCluster cluster = FakeCluster.builder()
            .name("in-cluster")
            .server("https://kubernetes.default.svc")
            .time(time)
            .build();

    @Test
    void violation_ofAPolicyInTheRepository_blocksThePlanAndIsMendedByTheSameCommit() {
        push(
                "policies/template.yaml",
                TEMPLATE,
                "policies/constraint.yaml",
                CONSTRAINT,
                "deploy/a.yaml",
                configMap(""));
        Outcome<Plan> plan = gitops(RepositoryPolicies.in("policies")).plan(shop());

        assertThat(plan.errors()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("POLICY_VIOLATION");
            assertThat(problem.text()).contains("ConfigMap", "NeedsOwner/owner", "an owner is needed");
            assertThat(problem.where().file()).isEqualTo("deploy/a.yaml");
        });
        assertThat(gitops(RepositoryPolicies.in("policies")).sync(shop()).writes())
                .isZero();

        push("deploy/a.yaml", configMap(", labels: {owner: me}"));
        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .isEmpty();
    }

    @Test
    void policiesOfAnotherCommit_doNotCount() {
        push("deploy/a.yaml", configMap(""));
        GitOps gitops = gitops(RepositoryPolicies.in("policies"));
        assertThat(gitops.plan(shop()).errors()).isEmpty();
        String before = git.repository(URL).head("main");

        push("policies/template.yaml", TEMPLATE, "policies/constraint.yaml", CONSTRAINT);

        assertThat(gitops.plan(shop()).errors()).extracting(Problem::code).containsExactly("POLICY_VIOLATION");
        assertThat(gitops.plan(shop(), List.of(before), SyncSettings.defaults()).errors())
                .isEmpty();
    }

    @Test
    void policyThatDoesNotCompile_letsNothingPass() {
        push(
                "policies/template.yaml",
                TEMPLATE.replace("violation[", "violation[["),
                "policies/constraint.yaml",
                CONSTRAINT,
                "deploy/a.yaml",
                configMap(", labels: {owner: me}"));

        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .isNotEmpty();
    }

    @Test
    void policyFileThatIsNoYaml_letsNothingPassAndIsNamed() {
        push("policies/x.yaml", "a: [", "deploy/a.yaml", configMap(""));

        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.where().file()).isEqualTo("policies/x.yaml"));
    }

    @Test
    void policyThatDoesNotCompile_isNamedByItsLine_andTheOthersStillSpeak() {
        push(
                "policies/bad.yaml",
                TEMPLATE.replace("needsowner", "worse")
                        .replace("NeedsOwner", "Worse")
                        .replace("msg := ", "msg := nothing(1) + "),
                "policies/template.yaml",
                TEMPLATE,
                "policies/constraint.yaml",
                "apiVersion: v1\nkind: List\nitems:\n- " + CONSTRAINT.strip().replace("\n", "\n  ") + "\n",
                "deploy/a.yaml",
                configMap(""));

        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .hasSize(2)
                .anySatisfy(problem -> {
                    assertThat(problem.text()).contains("nothing");
                    assertThat(problem.where().place()).isEqualTo("policies/bad.yaml:12:16");
                })
                .anySatisfy(problem -> assertThat(problem.code()).isEqualTo("POLICY_VIOLATION"));
    }

    @Test
    void podSecurityLabelsAndVerdictsOfTheRepository_blockThePlan() {
        String namespace = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
                ---
                """;
        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\n"
                + "spec: {hostNetwork: true, containers: [{name: a, image: nginx}]}\n";
        push("policies/README.md", "ours", "deploy/a.yaml", namespace + pod);
        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("POD_SECURITY");
                    assertThat(problem.text()).contains("violates PodSecurity \"baseline:latest\": host namespaces");
                    assertThat(problem.where().place()).isEqualTo("deploy/a.yaml:5");
                });

        push(
                "policies/pss.yaml",
                "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n"
                        + "exemptions: {namespaces: [shop]}\n",
                "policies/images.yaml",
                "apiVersion: gitops4j.io/v1alpha1\nkind: ImageVerdicts\nmetadata: {name: v}\n"
                        + "images: [{image: nginx, scan: failed, reason: CVE-1}]\n");
        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .extracting(Problem::text)
                .containsExactly("Pod/shop/p: spec.containers[0].image: nginx failed its scan: CVE-1");

        push(
                "policies/images.yaml",
                "apiVersion: gitops4j.io/v1alpha1\nkind: ImageVerdicts\nmetadata: {name: v}\nimages:\n- {image: nginx, scan: ok}\n");
        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.where().place()).isEqualTo("policies/images.yaml:5:18"));
    }

    @Test
    void denyHead_isRefusedUnlessAccepted() {
        push(
                "policies/template.yaml",
                TEMPLATE.replace("violation[{\"msg\": msg}]", "deny[msg]"),
                "policies/constraint.yaml",
                CONSTRAINT,
                "deploy/a.yaml",
                configMap(""));

        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .extracting(Problem::code)
                .doesNotContain("POLICY_VIOLATION")
                .isNotEmpty();
        assertThat(gitops(RepositoryPolicies.in("policies").acceptDenyHeads(true))
                        .plan(shop())
                        .problems())
                .extracting(Problem::code)
                .containsExactlyInAnyOrder("POLICY_VIOLATION", "TEMPLATE_DENY_HEAD");
    }

    @Test
    void violation_isNamedByTheLineWhereItsObjectStarts() {
        push(
                "policies/template.yaml",
                TEMPLATE,
                "policies/constraint.yaml",
                CONSTRAINT,
                "deploy/a.yaml",
                "# two maps\n" + configMap(", labels: {owner: me}") + "---\n"
                        + configMap("").replace("name: a", "name: b"));

        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.where().place()).isEqualTo("deploy/a.yaml:7"));
    }

    @Test
    void exemption_letsItsObjectPassUntilItExpiresAndIsRecorded() {
        push(
                "policies/template.yaml",
                TEMPLATE,
                "policies/constraint.yaml",
                CONSTRAINT,
                "policies/exemption.yaml",
                """
                apiVersion: gitops4j.io/v1alpha1
                kind: PolicyExemption
                metadata: {name: legacy}
                spec: {policy: NeedsOwner/owner, name: a, reason: moves out, expires: "2026-02-01T00:00:00Z"}
                """,
                "deploy/a.yaml",
                configMap(""));
        GitOps gitops = gitops(RepositoryPolicies.in("policies"));

        Outcome<Plan> exempted = gitops.plan(shop());
        assertThat(exempted.errors()).isEmpty();
        assertThat(exempted.problems())
                .filteredOn(problem -> problem.code().equals("POLICY_EXEMPTED"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("legacy", "moves out", "2026-02-01"));

        time.advance(Duration.ofDays(40));
        Outcome<Plan> expired = gitops.plan(shop());
        assertThat(expired.errors()).extracting(Problem::code).containsExactly("POLICY_VIOLATION");
        assertThat(expired.problems()).extracting(Problem::code).contains("EXEMPTION_EXPIRED");
    }

    @Test
    void exemption_thatMakesNoSense_letsNothingPassAndIsNamed() {
        push(
                "policies/exemption.yaml",
                "\napiVersion: gitops4j.io/v1alpha1\nkind: PolicyExemption\nmetadata: {name: e}\nspec: {policy: '*'}\n",
                "deploy/a.yaml",
                configMap(""));

        assertThat(gitops(RepositoryPolicies.in("policies")).plan(shop()).errors())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("EXEMPTION_INVALID");
                    assertThat(problem.where().place()).isEqualTo("policies/exemption.yaml:2");
                });
    }

    private GitOps gitops(RepositoryPolicies.Builder policies) {
        return GitOps.builder(git, time)
                .cluster(cluster)
                .repositoryPolicies(policies.build())
                .build();
    }

    private void push(String... pathsAndTexts) {
        var change = git.repository(URL).change("change");
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            change.file(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        change.push();
    }

    private static String configMap(String more) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a" + more + "}\ndata: {k: v}\n";
    }

    private static Application shop() {
        String text =
                "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd}, spec:"
                        + " {project: default, source: {repoURL: '" + URL + "', targetRevision: main, path: deploy},"
                        + " destination: {server: 'https://kubernetes.default.svc', namespace: default}}}";
        return Application.of(YamlReader.kubectl()
                        .readManifests("app.yaml", text)
                        .orThrow()
                        .get(0))
                .orThrow();
    }
}
