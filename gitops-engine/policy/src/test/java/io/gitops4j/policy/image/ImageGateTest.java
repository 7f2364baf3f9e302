package io.gitops4j.policy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageGateTest {
    private static final String VERDICTS = """
            images:
              - {image: 'reg.io/good@sha256:01', scan: passed, signedBy: [release]}
              - {image: 'reg.io/bad:1', scan: failed, reason: CVE-2021-44228}
              - {image: 'reg.io/base/*', scan: passed}
              - {image: 'reg.io/base/old*', scan: failed}
            """;

    @Test
    void gate_wantsAPassedScan_andRefusesTheUnknown() {
        ImageGate gate = ImageGate.scanned(verdicts(VERDICTS));
        assertThat(gate.review(set("reg.io/good@sha256:01"))).isEmpty();
        assertThat(gate.review(set("reg.io/base/new:1"))).isEmpty();
        assertThat(gate.review(set("reg.io/base/old:1"))).hasSize(1);
        assertThat(gate.review(set("reg.io/bad:1"))).singleElement().satisfies(problem -> {
            assertThat(problem.text())
                    .isEqualTo(
                            "apps/Deployment//d: spec.template.spec.containers[0].image: reg.io/bad:1 failed its scan:"
                                    + " CVE-2021-44228");
            assertThat(problem.where().file()).isEqualTo("apps/d.yaml");
        });
        assertThat(gate.review(set("other")))
                .extracting(Problem::text)
                .allMatch(t -> t.endsWith("has no scan verdict"));
    }

    @Test
    void gate_wantsASignature() {
        ImageGate gate = ImageGate.scanned(verdicts(VERDICTS)).signedBy(List.of("release"));
        assertThat(gate.review(set("reg.io/good@sha256:01"))).isEmpty();
        assertThat(gate.review(set("reg.io/base/new:1")))
                .extracting(Problem::text)
                .allMatch(t -> t.endsWith("is not signed by any of release"));
        assertThat(ImageGate.signed(verdicts(VERDICTS), List.of("x"))
                        .review(new AdmissionHook.Request("CREATE", deployment("reg.io/bad:1"), null, "", "u", null))
                        .denials())
                .hasSize(1);
    }

    @Test
    void policy_asksTheAttestor() {
        Gatekeeper client = Gatekeeper.builder()
                .builtins(List.of(verdicts(VERDICTS).builtin()))
                .add(object("""
                        apiVersion: templates.gatekeeper.sh/v1
                        kind: ConstraintTemplate
                        metadata: {name: scanned}
                        spec:
                          crd: {spec: {names: {kind: Scanned}}}
                          targets:
                            - target: admission.k8s.gatekeeper.sh
                              rego: |
                                package scanned
                                violation[{"msg": msg}] {
                                  c := input.review.object.spec.template.spec.containers[_]
                                  image.attestation(c.image).scan != "passed"
                                  msg := sprintf("%v is not scanned", [c.image])
                                }
                        """))
                .add(object("{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Scanned, metadata: {name: c}}"))
                .build();
        assertThat(client.problems()).isEmpty();
        assertThat(client.review(deployment("reg.io/bad:1"))).hasSize(1);
        assertThat(client.review(deployment("reg.io/good@sha256:01"))).isEmpty();
    }

    @Test
    void verdicts_thatMakeNoSense_areRefused() {
        assertThat(VerdictList.parse(
                                object("{images: [{scan: passed}, {image: a, scan: maybe}, {image: b}, {image: b}]}"))
                        .errors())
                .extracting(Problem::text)
                .containsExactly(
                        "images[0] has no image",
                        "images[1].scan is neither passed, failed nor unknown: \"maybe\"",
                        "images[3] is a second verdict on b");
        assertThat(VerdictList.parse(object("{}")).ok()).isFalse();
    }

    @Test
    void digest_isKnownByItselfAlone_andATagSaysNothingAboutIt() {
        VerdictList list = verdicts("""
                images:
                - {image: 'reg.io/app:1', scan: passed}
                - {image: 'reg.io/app@sha256:02', scan: failed}
                - {image: nginx, scan: passed}
                """);
        assertThat(scan(list, "reg.io/app:1")).isEqualTo("passed");
        assertThat(scan(list, "reg.io/app:1@sha256:01")).isEqualTo("unknown");
        assertThat(scan(list, "reg.io/app:1@sha256:02")).isEqualTo("failed");
        assertThat(scan(list, "reg.io/app@sha256:02")).isEqualTo("failed");
        assertThat(scan(list, "reg.io/app")).isEqualTo("unknown");
        for (String nginx : List.of(
                "nginx", "nginx:latest", "library/nginx", "docker.io/nginx", "docker.io/library/nginx:latest")) {
            assertThat(scan(list, nginx)).as(nginx).isEqualTo("passed");
        }
        assertThat(scan(list, "nginx:1.27")).isEqualTo("unknown");
        assertThat(scan(list, "nginx@bad digest")).isEqualTo("unknown");
        assertThat(scan(list, "")).isEqualTo("unknown");
    }

    @Test
    void verdict_thatHasExpired_isNone_andWithoutAClockAllHave() {
        VerdictList list =
                verdicts("images: [{image: 'a:1', scan: passed, signedBy: [k], expires: '2030-01-01T00:00:00Z'}]");
        Instant end = Instant.parse("2030-01-01T00:00:00Z");
        assertThat(scan(list.asOf(() -> end.minusSeconds(1)), "a:1")).isEqualTo("passed");
        assertThat(list.asOf(() -> end).attest("a:1").signedBy()).isEmpty();
        assertThat(scan(list, "a:1")).isEqualTo("unknown");
        assertThat(ImageGate.scanned(list.asOf(() -> end)).review(set("a:1")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text())
                        .endsWith("has no scan verdict: the verdict on a:1 expired at 2030-01-01T00:00:00Z"));
    }

    @Test
    void rules_ofARepository_areOneListAndNameTheirFaultsInTheFile() {
        String first = """
                apiVersion: gitops4j.io/v1alpha1
                kind: ImageVerdicts
                metadata: {name: a}
                spec: {signers: [release]}
                images:
                - {image: 'a:1', scan: passed, signedBy: [release]}
                """;
        String second =
                first.replace("name: a}", "name: b}").replace("'a:1'", "'b:1'").replace("[release]}", "[other]}");
        assertThat(rules(first, second.replace("{signers: [other]}", "{}"))
                        .orThrow()
                        .gate(Enforcement.strict())
                        .review(set("b:1")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).endsWith("is not signed by any of release"));
        assertThat(rules(first, first).errors()).singleElement().satisfies(problem -> {
            assertThat(problem.text()).contains("is a second verdict on a:1");
            assertThat(problem.where().place()).isEqualTo("policies/1.yaml:6:3");
        });
        for (String[] bad : new String[][] {
            {"scan: passed", "scan: pass", "neither passed, failed nor unknown", "18"},
            {"scan: passed", "expires: soon", "is no time", "18"},
            {"scan: passed", "expire: soon", "unknown field", "18"},
            {"scan: passed", "scan: [passed]", "neither passed", "18"},
            {"[release]}\n", "release}\n", "must be a list of names", "32"},
            {"'a:1'", "'a@1'", "is no digest", "4"},
        }) {
            assertThat(rules(first.replace(bad[0], bad[1])).errors()).as(bad[1]).anySatisfy(problem -> {
                assertThat(problem.code()).isEqualTo("VERDICTS_INVALID");
                assertThat(problem.text()).contains(bad[2]);
                assertThat(problem.where().file()).isEqualTo("policies/0.yaml");
                assertThat(problem.where().line()).isBetween(4, 6);
            });
        }
        assertThat(rules(first.replace("{signers: [release]}", "{scan: maybe}")).errors())
                .hasSize(1);
    }

    private static Outcome<ImageRules> rules(String... texts) {
        List<Manifest> manifests = new ArrayList<>();
        Map<String, String> byFile = new LinkedHashMap<>();
        for (String text : texts) {
            String file = "policies/" + manifests.size() + ".yaml";
            manifests.add(Manifest.trusted(object(text), Origin.file(file, 0)));
            byFile.put(file, text);
        }
        return ImageRules.parse(manifests, new PolicyTexts(byFile), () -> Instant.EPOCH);
    }

    private static String scan(ImageAttestor attestor, String image) {
        return attestor.attest(image).scan().wire();
    }

    private static VerdictList verdicts(String yaml) {
        return VerdictList.parse(object(yaml)).orThrow();
    }

    private static ManifestSet set(String image) {
        return ManifestSet.of(List.of(Manifest.trusted(deployment(image), Origin.file("apps/d.yaml", 0))))
                .orThrow();
    }

    private static JsonObject deployment(String image) {
        return object(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers:"
                        + " [{name: a, image: '" + image + "'}]}}}}");
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
