package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyThreadsTest {
    @TempDir
    Path folder;

    private String run(String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>(List.of("policy", "test", "-f", folder.toString()));
        args.addAll(List.of(more));
        int code = GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), args.toArray(new String[0]));
        return code + "\n" + err + "\n" + out;
    }

    /** Rego and CEL over 300 pods in a file that is long enough to be read in pieces, and an exemption that has expired. */
    private void writeManyPods() throws IOException {
        Files.writeString(folder.resolve("policies.yaml"), """
                apiVersion: templates.gatekeeper.sh/v1
                kind: ConstraintTemplate
                metadata: {name: k8srepo}
                spec:
                  crd: {spec: {names: {kind: K8sRepo}, validation: {openAPIV3Schema: {type: object, properties: {repo: {type: string}}}}}}
                  targets:
                  - target: admission.k8s.gatekeeper.sh
                    rego: |
                      package k8srepo
                      violation[{"msg": msg}] {
                        c := input.review.object.spec.containers[_]
                        not startswith(c.image, input.parameters.repo)
                        msg := sprintf("%v is not of %v", [c.image, input.parameters.repo])
                      }
                ---
                apiVersion: templates.gatekeeper.sh/v1
                kind: ConstraintTemplate
                metadata: {name: k8shost}
                spec:
                  crd: {spec: {names: {kind: K8sHost}}}
                  targets:
                  - target: admission.k8s.gatekeeper.sh
                    code:
                    - engine: K8sNativeValidation
                      source:
                        validations:
                        - expression: "!has(variables.anyObject.spec.hostNetwork)"
                          messageExpression: "'host network in ' + variables.anyObject.metadata.name"
                ---
                {apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sRepo, metadata: {name: ours}, spec: {parameters: {repo: ours.io/}, match: {kinds: [{apiGroups: [""], kinds: [Pod]}]}}}
                ---
                {apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sHost, metadata: {name: none}, spec: {match: {kinds: [{apiGroups: [""], kinds: [Pod]}]}}}
                ---
                apiVersion: gitops4j.io/v1alpha1
                kind: PolicyExemption
                metadata: {name: old}
                spec: {policy: K8sHost/none, name: "pod-1*", reason: moves, expires: "2020-01-01T00:00:00Z"}
                """);
        StringBuilder pods = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            pods.append("---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: pod-")
                    .append(i)
                    .append("\n  namespace: ns-")
                    .append(i % 7)
                    .append("\nspec:\n")
                    .append(i % 5 == 0 ? "  hostNetwork: true\n" : "")
                    .append("  containers:\n  - name: a\n    image: ")
                    .append(i % 3 == 0 ? "ours.io/" : "theirs.io/")
                    .append("app-\u00e4\n    # ")
                    .append("a remark ".repeat(100))
                    .append('\n');
        }
        Files.writeString(folder.resolve("pods.yaml"), pods);
    }

    @Test
    void test_withOneAndManyThreads_printsTheSameBytes() throws IOException {
        writeManyPods();
        String one = run("--threads", "1");

        assertThat(one)
                .startsWith("1\n")
                .contains("exemption old of Pod/ns-3/pod-10 expired", "host network in pod-10", "is not of ours.io/");
        assertThat(run("--threads", "4")).isEqualTo(one);
        assertThat(run("-o", "json", "--threads", "4")).isEqualTo(run("-o", "json", "--threads", "1"));
    }

    @Test
    void tasks_whenOneFails_giveTheResultsBeforeItAndItsFailure() {
        List<Supplier<Integer>> work = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            work.add(() -> {
                if (number == 20) {
                    throw new IllegalArgumentException("twenty");
                }
                return number;
            });
        }
        List<Integer> results = new ArrayList<>();
        try (ProcessorTasks tasks = ProcessorTasks.of(3)) {
            assertThatThrownBy(() -> tasks.<Integer>run(work, results::add)).hasMessage("twenty");
            assertThat(results).hasSize(20).isSorted();
        }
    }

    @Test
    void tasks_thatHandOutTasks_doThoseThemselves() {
        try (ProcessorTasks tasks = ProcessorTasks.of(2)) {
            List<Supplier<Integer>> outer = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                outer.add(() -> {
                    List<Integer> inner = new ArrayList<>();
                    tasks.<Integer>run(List.of(() -> 1, () -> 2, () -> 3), inner::add);
                    return inner.size();
                });
            }
            List<Integer> results = new ArrayList<>();
            tasks.<Integer>run(outer, results::add);
            assertThat(results).hasSize(20).containsOnly(3);
        }
    }

    @Test
    void utf8_ofShortAndLongTexts_isThatOfTheWholeText() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String emoji = "\ud83d\ude00";
        String text = "\u00e4" + emoji + "x".repeat(70_000) + emoji;
        try (PrintWriter out = new PrintWriter(new Utf8Writer(bytes))) {
            out.print("a");
            out.print(text);
            out.write(emoji.charAt(0));
            out.write(emoji.charAt(1));
            out.println(emoji.toCharArray());
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("a" + text + emoji + emoji + System.lineSeparator());
    }
}
