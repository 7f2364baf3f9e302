package io.gitops4j.policy.psp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.TablePods;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table {@code pods.table}: a policy, a pod, and what the policy says. */
class PodSecurityPolicyTableTest {
    private static final String OPEN =
            "{volumes: ['*'], seLinux: {rule: RunAsAny}, runAsUser: {rule: RunAsAny}, fsGroup: {rule:"
                    + " RunAsAny}, supplementalGroups: {rule: RunAsAny}}";

    @Test
    void table_hasAHundredAndFiftyRows() throws IOException {
        assertThat(TablePods.rows(getClass(), "pods.table")).hasSizeGreaterThanOrEqualTo(150);
    }

    @ParameterizedTest(name = "{0} {3}")
    @MethodSource("rows")
    void row_isJudgedAsItSays(String rules, String annotations, String place, String change, String expected) {
        JsonObject spec = TablePods.yaml(OPEN);
        for (Map.Entry<String, Json> rule : TablePods.yaml(rules).asMap().entrySet()) {
            spec = spec.with(rule.getKey(), rule.getValue());
        }
        JsonObject policy = TablePods.yaml(
                        "{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: p, annotations: "
                                + annotations + "}}")
                .with("spec", spec);
        JsonObject pod = TablePods.changed(
                "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {}}", "{name: a, image: i}", place, change);
        List<String> violations = PodSecurityPolicy.parse(policy).orThrow().violations(pod);
        if (expected.equals("-")) {
            assertThat(violations).isEmpty();
        } else {
            assertThat(violations)
                    .isNotEmpty()
                    .allSatisfy(text -> assertThat(text).contains(expected));
        }
    }

    static Stream<Arguments> rows() throws IOException {
        return TablePods.rows(PodSecurityPolicyTableTest.class, "pods.table").stream()
                .map(Arguments::of);
    }
}
