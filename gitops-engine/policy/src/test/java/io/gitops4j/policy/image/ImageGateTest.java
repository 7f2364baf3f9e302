package io.gitops4j.policy.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import java.util.List;
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
