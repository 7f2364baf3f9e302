package io.gitops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.controllers.PodPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
    private static final Gvk POD = new Gvk("", "v1", "Pod");
    private static final WriteOptions OPTIONS = WriteOptions.defaults();
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeCluster cluster = FakeCluster.builder()
            .workloads(PodPlan.images("broken", PodPlan.End.IMAGE_PULL_BACK_OFF))
            .build();

    @Test
    void aDeployment_becomesAvailable() {
        JsonObject deployment = create(workload("Deployment", 3, "web:1"));
        assertThat(cluster.settle(MINUTE)).isTrue();

        JsonObject status = live(deployment).object("status");
        assertThat(status.get("availableReplicas")).isEqualTo(Json.of(3));
        assertThat(status.get("updatedReplicas")).isEqualTo(Json.of(3));
        assertThat(status.find("conditions", "1", "reason")).isEqualTo(Json.of("NewReplicaSetAvailable"));
        assertThat(pods())
                .hasSize(3)
                .allMatch(pod -> pod.object("status").text("phase", "").equals("Running"));
    }

    @Test
    void aRollout_staysWithinItsBounds_andReplacesEveryPod() {
        JsonObject deployment = create(workload("Deployment", 4, "web:1"));
        cluster.settle(MINUTE);
        Watch watch = cluster.watch(ListQuery.of(Gvk.of("apps/v1", "Deployment")));
        image(deployment, "web:2");
        assertThat(cluster.settle(MINUTE)).isTrue();

        int least = 4;
        int most = 0;
        for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
            JsonObject status = event.get().object().object("status");
            least = Math.min(least, number(status, "availableReplicas"));
            most = Math.max(most, number(status, "replicas"));
        }
        assertThat(least).isGreaterThanOrEqualTo(3);
        assertThat(most).isEqualTo(5);
        assertThat(pods()).hasSize(4).allMatch(pod -> image(pod).equals("web:2"));
        assertThat(number(live(deployment).object("status"), "observedGeneration"))
                .isEqualTo(number(live(deployment).object("metadata"), "generation"));
    }

    @Test
    void aBrokenImage_stallsTheRollout_untilTheDeadline() {
        JsonObject deployment = create(workload("Deployment", 2, "web:1"));
        cluster.settle(MINUTE);
        image(deployment, "broken:1");
        cluster.settle(MINUTE);

        assertThat(number(live(deployment).object("status"), "availableReplicas"))
                .isEqualTo(2);
        cluster.settle(Duration.ofMinutes(15));
        assertThat(live(deployment).find("status", "conditions", "1", "reason"))
                .isEqualTo(Json.of("ProgressDeadlineExceeded"));
    }

    @Test
    void aStatefulSet_startsItsPodsInOrder_withTheirClaims() {
        JsonObject set = Yaml.object("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db, namespace: default}
                spec:
                  replicas: 2
                  serviceName: db
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec: {containers: [{name: db, image: 'db:1'}]}
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """);
        create(set);
        cluster.settle(MINUTE);

        assertThat(pods()).extracting(WorkloadsTest::name).containsExactly("db-0", "db-1");
        assertThat(cluster.list(ListQuery.of(new Gvk("", "v1", "PersistentVolumeClaim")))
                        .items())
                .extracting(WorkloadsTest::name)
                .containsExactly("data-db-0", "data-db-1");
        image(set, "db:2");
        cluster.settle(MINUTE);
        assertThat(pods()).allMatch(pod -> image(pod).equals("db:2"));
        assertThat(number(live(set).object("status"), "updatedReplicas")).isEqualTo(2);
    }

    @Test
    void aJob_completes_andADaemonSetRuns() {
        JsonObject job = create(Yaml.object("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: j, namespace: default}
                spec: {completions: 2, template: {spec: {restartPolicy: Never, containers: [{name: c, image: 'j:1'}]}}}
                """));
        JsonObject daemons = create(workload("DaemonSet", 0, "agent:1"));
        cluster.settle(MINUTE);

        assertThat(live(job).find("status", "conditions", "0", "type")).isEqualTo(Json.of("Complete"));
        assertThat(number(live(job).object("status"), "succeeded")).isEqualTo(2);
        assertThat(number(live(daemons).object("status"), "numberReady")).isEqualTo(1);
    }

    @Test
    void aService_hasItsPodsAsEndpoints_andDeletionTakesEverythingAlong() {
        create(Yaml.object("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec: {selector: {app: web}, ports: [{port: 80}]}
                """));
        JsonObject deployment = create(workload("Deployment", 2, "web:1"));
        cluster.settle(MINUTE);

        JsonObject slice = cluster.list(ListQuery.of(new Gvk("discovery.k8s.io", "v1", "EndpointSlice")))
                .items()
                .get(0);
        assertThat(slice.array("endpoints")).hasSize(2);
        cluster.delete(ObjectRef.of(deployment), DeleteOptions.defaults());
        cluster.settle(MINUTE);
        assertThat(pods()).isEmpty();
    }

    private JsonObject create(JsonObject object) {
        return cluster.create(object, OPTIONS);
    }

    private JsonObject live(JsonObject object) {
        return cluster.get(ObjectRef.of(object)).orElseThrow();
    }

    private List<JsonObject> pods() {
        return cluster.list(ListQuery.of(POD)).items();
    }

    private void image(JsonObject workload, String image) {
        JsonArray operations = JsonArray.of(JsonObject.builder()
                .put("op", "replace")
                .put("path", "/spec/template/spec/containers/0/image")
                .put("value", image)
                .build());
        cluster.patch(ObjectRef.of(workload), PatchType.JSON, operations, OPTIONS);
    }

    private static String image(JsonObject pod) {
        Json image = pod.find("spec", "containers", "0", "image");
        return image == null ? "" : String.valueOf(image.textOrNull());
    }

    private static String name(JsonObject object) {
        return object.object("metadata").text("name", "");
    }

    private static int number(JsonObject object, String key) {
        Json value = object.get(key);
        return value == null ? 0 : Integer.parseInt(value.toJson());
    }

    private static JsonObject workload(String kind, int replicas, String image) {
        return Yaml.object("""
                apiVersion: apps/v1
                kind: KIND
                metadata: {name: web, namespace: default}
                spec:
                  REPLICAS
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: 'IMAGE'}]}
                """.replace("KIND", kind)
                .replace("REPLICAS", replicas > 0 ? "replicas: " + replicas : "minReadySeconds: 0")
                .replace("IMAGE", image));
    }
}
