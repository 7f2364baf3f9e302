package io.gitops4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KStatusTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Healthy     | {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
            Progressing | {apiVersion: v1, kind: ConfigMap, metadata: {name: a, deletionTimestamp: '2026-01-01T00:00:00Z'}}
            Progressing | {apiVersion: x.io/v1, kind: A, metadata: {generation: 2}, status: {observedGeneration: 1}}
            Healthy     | {apiVersion: x.io/v1, kind: A, metadata: {generation: 2}, status: {observedGeneration: 2}}
            Degraded    | {apiVersion: x.io/v1, kind: A, status: {conditions: [{type: Stalled, status: 'True', message: m}]}}
            Progressing | {apiVersion: x.io/v1, kind: A, status: {conditions: [{type: Reconciling, status: 'True'}]}}
            Progressing | {apiVersion: x.io/v1, kind: A, status: {conditions: [{type: Ready, status: 'False'}]}}
            Healthy     | {apiVersion: x.io/v1, kind: A, status: {conditions: [{type: Ready, status: 'True'}]}}
            Progressing | {apiVersion: apps/v1, kind: Deployment, spec: {replicas: 2}, status: {replicas: 2, updatedReplicas: 1}}
            Progressing | {apiVersion: apps/v1, kind: Deployment, spec: {replicas: 1}, status: {replicas: 2, updatedReplicas: 1}}
            Progressing | {apiVersion: apps/v1, kind: Deployment, status: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1}}
            Healthy     | {apiVersion: apps/v1, kind: Deployment, status: {replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1, conditions: [{type: Available, status: 'True'}, {type: Progressing, reason: NewReplicaSetAvailable}]}}
            Degraded    | {apiVersion: apps/v1, kind: Deployment, status: {conditions: [{type: Progressing, reason: ProgressDeadlineExceeded}]}}
            Healthy     | {apiVersion: apps/v1, kind: StatefulSet, spec: {updateStrategy: {type: OnDelete}}}
            Progressing | {apiVersion: apps/v1, kind: StatefulSet, spec: {replicas: 1}, status: {replicas: 1, readyReplicas: 1, currentReplicas: 1, currentRevision: a, updateRevision: b}}
            Healthy     | {apiVersion: apps/v1, kind: StatefulSet, spec: {replicas: 1}, status: {replicas: 1, readyReplicas: 1, currentReplicas: 1, currentRevision: a, updateRevision: a}}
            Healthy     | {apiVersion: apps/v1, kind: StatefulSet, spec: {replicas: 2, updateStrategy: {rollingUpdate: {partition: 1}}}, status: {replicas: 2, readyReplicas: 2, updatedReplicas: 1}}
            Progressing | {apiVersion: apps/v1, kind: DaemonSet, status: {observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 1}}
            Healthy     | {apiVersion: apps/v1, kind: DaemonSet, status: {observedGeneration: 1, desiredNumberScheduled: 0}}
            Progressing | {apiVersion: apps/v1, kind: ReplicaSet, spec: {replicas: 1}, status: {fullyLabeledReplicas: 1}}
            Healthy     | {apiVersion: apps/v1, kind: ReplicaSet, spec: {replicas: 0}}
            Progressing | {apiVersion: batch/v1, kind: Job}
            Healthy     | {apiVersion: batch/v1, kind: Job, status: {startTime: '2026-01-01T00:00:00Z'}}
            Degraded    | {apiVersion: batch/v1, kind: Job, status: {conditions: [{type: Failed, status: 'True'}]}}
            Healthy     | {apiVersion: v1, kind: Pod, status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}}
            Degraded    | {apiVersion: v1, kind: Pod, status: {phase: Running, containerStatuses: [{name: c, state: {waiting: {reason: CrashLoopBackOff}}}]}}
            Degraded    | {apiVersion: v1, kind: Pod, status: {phase: Failed}}
            Progressing | {apiVersion: v1, kind: Pod}
            Healthy     | {apiVersion: v1, kind: PersistentVolumeClaim, status: {phase: Bound}}
            Progressing | {apiVersion: v1, kind: PersistentVolumeClaim, status: {phase: Pending}}
            Progressing | {apiVersion: v1, kind: Service, spec: {type: LoadBalancer}}
            Healthy     | {apiVersion: v1, kind: Service, spec: {type: ClusterIP}}
            Progressing | {apiVersion: policy/v1, kind: PodDisruptionBudget, status: {desiredHealthy: 2, currentHealthy: 1}}
            Healthy     | {apiVersion: policy/v1, kind: PodDisruptionBudget, status: {desiredHealthy: 1, currentHealthy: 1}}
            Healthy     | {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, status: {conditions: [{type: Established, status: 'True'}]}}
            Degraded    | {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, status: {conditions: [{type: NamesAccepted, status: 'False'}]}}
            """)
    void object_isJudgedByTheRulesOfKstatus(String status, String yaml) {
        JsonObject live = (JsonObject) YamlReader.kubectl().read("x.yaml", yaml).orThrow();

        assertThat(KStatus.check().assess(live).orElseThrow().status().wire()).isEqualTo(status);
    }
}
