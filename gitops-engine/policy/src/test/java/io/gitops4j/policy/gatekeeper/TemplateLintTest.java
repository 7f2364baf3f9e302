package io.gitops4j.policy.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplateLintTest {
    private static final String SEED = """
            apiVersion: templates.gatekeeper.sh/v1beta1
            kind: ConstraintTemplate
            metadata:
              name: k8srequiredlabels
            spec:
              crd:
                spec:
                  names:
                    kind: K8sRequiredLabels
                  validation:
                    openAPIV3Schema:
                      type: object
                      properties:
                        labels:
                          type: array
              targets:
                - target: admission.k8s.gatekeeper.sh
                  rego: |
                    package k8srequiredlabels
                    deny[msg] {
                      input.review.kind.kind == "Namespace"
                      input.review.object.metadata.labels[key] == ""
                      msg := "Namespace must have all required labels"
                    }
            """;

    private static List<Problem> lint(String text) {
        return TemplateLint.lint(
                (JsonObject) YamlReader.kubectl().read("t.yaml", text).orThrow(), "t.yaml", text);
    }

    @Test
    void seedsTemplate_hasAllThreeFaults_eachAtItsPlace() {
        assertThat(lint(SEED).stream()
                        .map(problem -> problem.code() + " " + problem.where().place()))
                .containsExactly(
                        "TEMPLATE_DENY_HEAD t.yaml:20:9",
                        "TEMPLATE_PARAMETER_UNREAD t.yaml:14:13",
                        "TEMPLATE_EMPTY_VALUE_ONLY t.yaml:22:31");
    }

    @Test
    void minimalMend_stillIgnoresItsParametersAndFlagsOnlyEmptyLabels() {
        String mended = SEED.replace("deny[msg]", "violation[{\"msg\": msg}]");
        assertThat(lint(mended))
                .extracting(Problem::code)
                .containsExactly("TEMPLATE_PARAMETER_UNREAD", "TEMPLATE_EMPTY_VALUE_ONLY");
    }

    @Test
    void templateThatRequiresItsLabels_isClean() {
        String good = SEED.replace("deny[msg]", "violation[{\"msg\": msg}]")
                .replace(
                        "input.review.object.metadata.labels[key] == \"\"",
                        "key := input.parameters.labels[_].key; not input.review.object.metadata.labels[key]");
        assertThat(lint(good)).isEmpty();
    }

    @Test
    void parametersReadAsAWholeOrByGet_areRead() {
        String violation = SEED.replace("deny[msg]", "violation[{\"msg\": msg}]");
        String line = "input.review.object.metadata.labels[key] == \"\"";
        assertThat(lint(violation.replace(line, "required(input.parameters)"))).isEmpty();
        assertThat(lint(violation.replace(line, "object.get(input.parameters, \"labels\", [])[_]")))
                .isEmpty();
    }

    @Test
    void otherObjects_haveNothingToSay() {
        assertThat(lint("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}"))
                .isEmpty();
    }
}
