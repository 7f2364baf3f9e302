package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No refusal and no trace shows the value of a Secret. */
class SecretsTest {
    private static final String SECRET =
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: planted, list: [planted]}\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secretGenerator:\n- {name: g, literals: [k=planted, broken]}\n",
                "patches:\n- patch: |\n    kind: Secret\n    stringData: {a: planted}\n",
                "patches:\n- patch: |\n    {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: planted}\n",
                "replacements:\n- source: {kind: Secret, fieldPath: stringData.a, options: {delimiter: x, index: 3}}\n"
                        + "  targets: [{select: {kind: Secret}}]\n",
                "replacements:\n- sourceValue: x\n  targets: [{select: {kind: Secret}, fieldPaths: [stringData.list.x]}]\n",
                "resources: [s.yaml, s.yaml]\n",
                "namespace: n\n"
            })
    void refusals_showNoValue(String text) {
        String resources = text.startsWith("resources") ? "" : "resources: [s.yaml, t.yaml]\n";
        Problem problem = Trees.refusal(
                "",
                "s.yaml",
                SECRET,
                "t.yaml",
                SECRET.replace("name: s", "name: s, namespace: n"),
                "kustomization.yaml",
                resources + text);

        assertThat(problem.display()).doesNotContain("planted");
    }

    @Test
    void explain_masksValues() {
        KustomizeResult result = Kustomize.build(
                        Trees.tree("s.yaml", SECRET, "kustomization.yaml", "resources: [s.yaml]\n"),
                        "",
                        KustomizeOptions.builder().explaining().build())
                .orThrow();

        List<ResourceTrace.Change> changes =
                result.explain(ResourceKey.parse("Secret//s"), JsonPointer.parse("/stringData/a"));

        assertThat(changes).hasSize(1);
        assertThat(changes.toString()).doesNotContain("planted");
    }
}
