package io.gitops4j.policy.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.Violation;
import io.gitops4j.spi.TaskRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SpreadAuditTest {
    /** Does the last task first, as threads may. */
    private static final TaskRunner BACKWARDS = new TaskRunner() {
        @Override
        public <T> void run(List<? extends Supplier<? extends T>> tasks, Consumer<? super T> results) {
            List<T> reversed = new ArrayList<>();
            for (int i = tasks.size() - 1; i >= 0; i--) {
                reversed.add(tasks.get(i).get());
            }
            for (int i = reversed.size() - 1; i >= 0; i--) {
                results.accept(reversed.get(i));
            }
        }
    };

    /** Two templates, one of which does not compile, and one that is there twice. */
    private static final String POLICIES = """
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: k8sname}
            spec:
              crd: {spec: {names: {kind: K8sName}}}
              targets:
              - target: admission.k8s.gatekeeper.sh
                rego: |
                  package k8sname
                  violation[{"msg": msg}] {
                    name := input.review.object.metadata.name
                    some suffix
                    suffix = ["1", "7"][_]
                    endswith(name, suffix)
                    msg := sprintf("%v ends in %v", [name, suffix])
                  }
            ---
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: k8sbroken}
            spec:
              crd: {spec: {names: {kind: K8sBroken}}}
              targets:
              - {target: admission.k8s.gatekeeper.sh, rego: "package k8sbroken\\nviolation[{"}
            ---
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: k8sname}
            spec:
              crd: {spec: {names: {kind: K8sName}}}
              targets:
              - {target: admission.k8s.gatekeeper.sh, rego: "package other\\nviolation[{\\"msg\\": \\"never\\"}] { true }"}
            ---
            {apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sName, metadata: {name: names}}
            """;

    private static Gatekeeper client(TaskRunner tasks) {
        return Gatekeeper.builder()
                .tasks(tasks)
                .addManifests(YamlReader.kubectl()
                        .readPlaced("policies.yaml", POLICIES)
                        .orThrow())
                .build();
    }

    private static ManifestSet objects(int changed) {
        List<Manifest> objects = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            JsonObject metadata = JsonObject.builder()
                    .put("name", "c" + (i == changed ? 1001 : i))
                    .put("namespace", "default")
                    .build();
            objects.add(Manifest.trusted(
                    JsonObject.builder()
                            .put("apiVersion", "v1")
                            .put("kind", "ConfigMap")
                            .put("metadata", metadata)
                            .build(),
                    Origin.memory()));
        }
        return ManifestSet.of(objects).orThrow();
    }

    @Test
    void templatesCompiledByTasks_areAcceptedAndRefusedInTheirOrder() {
        assertThat(client(BACKWARDS).problems())
                .hasSizeGreaterThan(1)
                .isEqualTo(client(TaskRunner.sequential()).problems());
        assertThat(client(BACKWARDS).constraints()).isOne();
    }

    @Test
    void audit_spreadOverTasksInAnyOrder_saysTheSameInTheSameOrder() {
        List<Violation> plain = client(TaskRunner.sequential()).audit(objects(-1));

        assertThat(client(BACKWARDS).audit(objects(-1), BACKWARDS)).hasSize(60).isEqualTo(plain);
        assertThat(plain.get(0).message()).isEqualTo("c1 ends in 1");
    }

    @Test
    void auditAgain_spreadOverTasks_looksAtWhatChangedOnly() {
        Gatekeeper client = client(TaskRunner.sequential());
        Audit audit = new Audit();
        assertThat(audit.run(client, objects(-1), BACKWARDS)).hasSize(60);
        assertThat(audit.reviewed()).isEqualTo(300);

        List<Violation> again = audit.run(client, objects(150), BACKWARDS);

        assertThat(audit.reviewed()).isOne();
        assertThat(again).hasSize(61).isEqualTo(client.audit(objects(150)));
    }
}
