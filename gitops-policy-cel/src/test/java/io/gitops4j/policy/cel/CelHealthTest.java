package io.gitops4j.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CelHealthTest {
    private static final String RULE = """
            apiVersion: x.io/v1
            kind: Certificate
            inProgress: status.conditions.exists(c, c.type == 'Issuing' && c.status == 'True')
            failed: status.conditions.exists(c, c.type == 'Ready' && c.status == 'False')
            current: status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')
            """;

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("x.yaml", yaml).orThrow();
    }

    private static CelHealth check() {
        return CelHealth.of(
                        List.of(object(RULE)), live -> Optional.of(new Health(Health.Status.SUSPENDED, "another's")))
                .orThrow();
    }

    private static String health(String yaml) {
        return check().assess(object(yaml)).orElseThrow().status().wire();
    }

    private static String certificate(String more) {
        return "apiVersion: x.io/v1\nkind: Certificate\nmetadata: {name: c, generation: 2}\n" + more;
    }

    @Test
    void expressions_areAskedInOrder() {
        assertThat(health(certificate("status: {conditions: [{type: Ready, status: 'True'}]}")))
                .isEqualTo("Healthy");
        assertThat(health(certificate("status: {conditions: [{type: Ready, status: 'False'}]}")))
                .isEqualTo("Degraded");
        assertThat(health(certificate(
                        "status: {conditions: [{type: Ready, status: 'False'}, {type: Issuing, status: 'True'}]}")))
                .isEqualTo("Progressing");
        assertThat(health(certificate("status: {conditions: []}"))).isEqualTo("Progressing");
        assertThat(health(certificate("status: {observedGeneration: 1, conditions: [{type: Ready, status: 'True'}]}")))
                .isEqualTo("Progressing");
    }

    @Test
    void expressionThatFails_makesTheObjectUnknown_andOtherKindsAreLeftToTheOther() {
        assertThat(health(certificate(""))).isEqualTo("Unknown");
        assertThat(health("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"))
                .isEqualTo("Suspended");
    }

    @Test
    void expressionThatDoesNotCompile_isRefusedWithItsPlace() {
        assertThat(CelHealth.of(
                                List.of(object(RULE.replace(
                                        "exists(c, c.type == 'Issuing'", "exists(c, d.type == 'Issuing'"))),
                                live -> Optional.empty())
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("healthCheckExprs[0].inProgress"));
        assertThat(CelHealth.of(List.of(object("{kind: A}")), live -> Optional.empty())
                        .problems())
                .extracting("code")
                .containsExactly("HEALTH_EXPRESSION");
    }
}
