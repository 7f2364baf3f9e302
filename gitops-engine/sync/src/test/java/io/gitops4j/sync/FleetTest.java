package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.project.ProjectRules;
import io.gitops4j.project.RbacPolicy;
import io.gitops4j.spi.Authorizer.Access;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a controller of many applications needs: shards, owners, queues, rules of access, refresh levels, bounds. */
class FleetTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    // ---- sharding

    @Test
    void shards_areTheSameForEverybody_whateverTheOrder() {
        assertThat(Sharding.legacy("", 5)).isZero();
        assertThat(Sharding.legacy("cluster-a", 7)).isBetween(0, 6).isEqualTo(Sharding.legacy("cluster-a", 7));
        assertThat(Sharding.roundRobin(List.of("c", "a", "b"), 2))
                .containsEntry("a", 0)
                .containsEntry("b", 1)
                .containsEntry("c", 0);
        Map<String, Integer> one = new LinkedHashMap<>();
        Map<String, Integer> other = new LinkedHashMap<>();
        IntStream.range(0, 100).forEach(i -> one.put("c" + i, 1 + i % 7));
        IntStream.range(0, 100).forEach(i -> other.put("c" + (99 - i), 1 + (99 - i) % 7));
        assertThat(Sharding.consistent(one, 5)).isEqualTo(Sharding.consistent(other, 5));
    }

    @Test
    void consistentHashing_boundsTheLoadOfEachShard_andMovesLittle() {
        Map<String, Integer> loads = new LinkedHashMap<>();
        IntStream.range(0, 400).forEach(i -> loads.put("cluster-" + i, 1 + (i * 13) % 9));
        int total = loads.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Integer> five = Sharding.consistent(loads, 5);
        for (int shard = 0; shard < 5; shard++) {
            int at = shard;
            int load = loads.keySet().stream()
                    .filter(c -> five.get(c) == at)
                    .mapToInt(loads::get)
                    .sum();
            assertThat(load).isLessThanOrEqualTo((int) Math.ceil(1.25 * total / 5));
        }
        Map<String, Integer> six = Sharding.consistent(loads, 6);
        long moved = loads.keySet().stream()
                .filter(c -> !five.get(c).equals(six.get(c)))
                .count();
        assertThat(moved).isLessThan(200);
    }

    @Test
    void rendezvous_movesOnlyTheClustersOfAShardThatGoes() {
        List<String> three = List.of("x", "y", "z");
        List<String> two = List.of("x", "z");
        for (int i = 0; i < 200; i++) {
            String before = Sharding.rendezvous("c" + i, three);
            if (!before.equals("y")) {
                assertThat(Sharding.rendezvous("c" + i, two)).isEqualTo(before);
            }
        }
    }

    // ---- owners

    @Test
    void owners_areThoseThatAreNamed_andThoseThatAreMeant() {
        OwnershipGraph graph = new OwnershipGraph();
        graph.put(object("apps/v1", "Deployment", "d", "1"));
        graph.put(owned("apps/v1", "ReplicaSet", "rs", "2", "1"));
        graph.put(owned("v1", "Pod", "p", "3", "2"));
        graph.put(object("v1", "Service", "s", "4"));
        graph.put(object("v1", "Endpoints", "s", "5"));
        graph.put(object("apps/v1", "StatefulSet", "db", "6"));
        graph.put(object("v1", "PersistentVolumeClaim", "data-db-0", "7"));

        List<String> tree = new ArrayList<>();
        graph.walk(key("apps", "Deployment", "d"), (key, depth) -> tree.add(depth + " " + key.kind()));
        assertThat(tree).containsExactly("0 Deployment", "1 ReplicaSet", "2 Pod");
        assertThat(graph.children(key("", "Service", "s"))).containsExactly(key("", "Endpoints", "s"));
        assertThat(graph.owners(key("", "PersistentVolumeClaim", "data-db-0")))
                .containsExactly(key("apps", "StatefulSet", "db"));
        assertThat(graph.roots())
                .extracting(ResourceKey::kind)
                .containsExactlyInAnyOrder("Deployment", "Service", "StatefulSet");
        graph.remove(key("apps", "ReplicaSet", "rs"));
        assertThat(graph.children(key("apps", "Deployment", "d"))).isEmpty();
        assertThat(graph.node(key("", "Pod", "p")).orElseThrow().uid()).isEqualTo("3");
    }

    @Test
    void ownersInACircle_andOwnersThatComeLater_areNoTrouble() {
        OwnershipGraph graph = new OwnershipGraph();
        graph.put(owned("v1", "ConfigMap", "a", "1", "2"));
        graph.put(owned("v1", "ConfigMap", "b", "2", "1"));
        List<String> seen = new ArrayList<>();
        graph.walk(key("", "ConfigMap", "a"), (key, depth) -> seen.add(key.name()));
        assertThat(seen).containsExactly("a", "b");
        assertThat(graph.owners(key("", "ConfigMap", "a"))).containsExactly(key("", "ConfigMap", "b"));
    }

    @Test
    void orphans_areWhatBelongsToNobody_andIsNotLeftOut() {
        ResourceIndex index = new ResourceIndex(ResourceTracking.byAnnotation());
        index.put(object("v1", "ConfigMap", "lost", "1"));
        index.put(object("v1", "ConfigMap", "kube-root-ca.crt", "2"));
        index.put(object("v1", "ConfigMap", "ignored", "3"));
        index.put(owned("v1", "Pod", "p", "4", "9"));
        index.put(ResourceTracking.byAnnotation()
                .set(object("v1", "ConfigMap", "ours", "5"), "app", "ns")
                .orThrow());
        JsonObject ignore = JsonObject.builder()
                .put("kind", "ConfigMap")
                .put("name", "ign*")
                .build();
        AppProject project =
                AppProject.of("p", JsonObject.of("orphanedResources", JsonObject.of("ignore", JsonArray.of(ignore))));

        assertThat(OrphanDetection.in(index, ProjectRules.of(project), "ns"))
                .extracting(ResourceKey::name)
                .containsExactly("lost");
        assertThat(OrphanDetection.in(index, ProjectRules.of(project), "elsewhere"))
                .isEmpty();
    }

    // ---- queue

    @Test
    void tenants_takeTurns_andNoneHasMoreInWorkThanItMay() {
        FairQueue<String> queue = new FairQueue<>(2);
        IntStream.range(0, 1_000).forEach(i -> queue.add("big", "b" + i));
        queue.add("small", "s");
        queue.add("small", "s");
        FairQueue.Entry<String> first = queue.take().orElseThrow();
        assertThat(first.key()).isEqualTo("b0");
        assertThat(queue.take().orElseThrow().key()).isEqualTo("s");
        assertThat(queue.take().orElseThrow().key()).isEqualTo("b1");
        assertThat(queue.take()).isEmpty();
        queue.add("big", "b0");
        queue.done(first);
        assertThat(queue.take().orElseThrow().key()).isEqualTo("b2");
        assertThat(queue.size()).isEqualTo(998);
        assertThat(queue.tenants()).containsExactly("big");
    }

    // ---- access

    @Test
    void accessRules_denyWins_rolesAreInherited_andNothingIsAllowedByItself() {
        RbacPolicy policy = RbacPolicy.parse("rbac.csv", """
                # who may what
                p, role:dev, applications, sync, shop/*, allow
                p, role:dev, applications, sync, shop/payments, deny
                p, role:dev, applications, action/apps/Deployment/*, shop/*, allow
                g, ann, role:dev
                g, role:lead, role:dev
                g, bob, role:lead
                """, "").orThrow();

        assertThat(policy.permits(new Access("ann", "applications", "sync", "shop/web")))
                .isTrue();
        assertThat(policy.permits(new Access("bob", "applications", "sync", "shop/web")))
                .isTrue();
        assertThat(policy.permits(new Access("ann", "applications", "sync", "shop/payments")))
                .isFalse();
        assertThat(policy.permits(new Access("ann", "applications", "delete", "shop/web")))
                .isFalse();
        assertThat(policy.permits(new Access("ann", "applications", "action/apps/Deployment/restart", "shop/web")))
                .isTrue();
        assertThat(policy.permits(new Access("eve", "applications", "sync", "shop/web")))
                .isFalse();
        Outcome<RbacPolicy> broken = RbacPolicy.parse("rbac.csv", "p, a, b\n", "");
        assertThat(broken.errors()).extracting(Problem::code).containsExactly("RBAC_SYNTAX");
        assertThat(broken.errors().get(0).where().place()).isEqualTo("rbac.csv:1:1");
    }

    @Test
    void rolesOfAProject_speakOfThatProjectOnly() {
        JsonObject role = JsonObject.builder()
                .put("name", "ci")
                .put(
                        "policies",
                        JsonArray.of(List.of(
                                Json.of("p, proj:shop:ci, applications, sync, shop/*, allow"),
                                Json.of("p, proj:shop:ci, applications, sync, other/*, allow"))))
                .put("groups", JsonArray.of(List.of(Json.of("builders"))))
                .build();
        AppProject project = AppProject.of("shop", JsonObject.of("roles", JsonArray.of(role)));
        RbacPolicy policy = RbacPolicy.parse("", "", "").orThrow().with(project);

        assertThat(policy.permits(new Access("builders", "applications", "sync", "shop/web")))
                .isTrue();
        assertThat(policy.permits(new Access("builders", "applications", "sync", "other/web")))
                .isFalse();
    }

    // ---- refresh

    @Test
    void refresh_hasItsReasonsInOrder_andItsLevels() {
        Duration resync = Duration.ofSeconds(120);
        Application fresh = application("p");
        JsonObject compared = JsonObject.of(
                "sync",
                JsonObject.of(
                        "comparedTo",
                        JsonObject.builder()
                                .put("source", fresh.spec().object("source"))
                                .put("destination", fresh.spec().object("destination"))
                                .build()));
        Application known = fresh.withStatus(compared);

        assertThat(Refresh.due(fresh, null, resync, null, NOW).orElseThrow().level())
                .isEqualTo(Refresh.Level.LATEST);
        assertThat(Refresh.due(known, NOW, resync, null, NOW)).isEmpty();
        assertThat(Refresh.due(known, NOW, resync, Refresh.Level.RECENT, NOW)
                        .orElseThrow()
                        .level())
                .isEqualTo(Refresh.Level.RECENT);
        assertThat(Refresh.due(known, NOW.minusSeconds(120), resync, Refresh.Level.RECENT, NOW)
                        .orElseThrow()
                        .level())
                .isEqualTo(Refresh.Level.LATEST);
        Application moved = application("q").withStatus(compared);
        assertThat(Refresh.due(moved, NOW, resync, null, NOW).orElseThrow())
                .isEqualTo(new Refresh(Refresh.Level.FORCED, false, "the source has changed"));
        assertThat(Refresh.isComparedToSpec(moved)).isFalse();
        Application elsewhere = known.withSpec("destination", JsonObject.of("server", Json.of("t")));
        assertThat(Refresh.due(elsewhere, NOW, resync, null, NOW).orElseThrow().reason())
                .contains("destination");
        Application asked = known.withMetadata(known.body()
                .object("metadata")
                .with("annotations", JsonObject.of(Refresh.ANNOTATION, Json.of("hard"))));
        assertThat(Refresh.due(asked, NOW, resync, null, NOW).orElseThrow().hard())
                .isTrue();
    }

    private static Application application(String path) {
        return Application.trusted(Yaml.object("""
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: app}
                spec: {source: {repoURL: r, path: %s}, destination: {server: s, namespace: ns}}
                """.formatted(path)));
    }

    // ---- bounds

    @Test
    void status_isCutToItsSize_andWhatIsNotInOrderStays() {
        List<Json> resources = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            resources.add(JsonObject.builder()
                    .put("kind", "ConfigMap")
                    .put("name", "a-rather-long-name-of-an-object-" + i)
                    .put("status", i % 100 == 0 ? "OutOfSync" : "Synced")
                    .build());
        }
        JsonObject status = JsonObject.of("resources", JsonArray.of(resources));
        JsonObject bounded = ApplicationStatus.bounded(status, 64 * 1024);

        assertThat(bounded.toJson().length()).isLessThanOrEqualTo(64 * 1024);
        assertThat(bounded.array("resources").items().stream()
                        .filter(r -> ((JsonObject) r).text("status", "").equals("OutOfSync")))
                .hasSize(30);
        assertThat(ApplicationStatus.bounded(bounded, 64 * 1024)).isSameAs(bounded);
        assertThat(ApplicationStatus.shortened("x".repeat(10_000))).hasSize(ApplicationStatus.MAX_MESSAGE);
    }

    // ---- variables

    @Test
    void variables_areTyped_strict_andSwitchedOffByObject() {
        String yaml = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: "${name}", namespace: ns}
                spec: {replicas: "${count}", template: {spec: {containers: [{name: c, image: "r/${image:=web}:${tag:-1}", args: ["$${raw}"]}]}}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: plain, namespace: ns, annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}
                data: {script: "${HOME}"}
                """;
        Map<String, Json> values = new LinkedHashMap<>();
        values.put("name", Json.of("web"));
        values.put("count", Json.of(3));
        values.put("tag", Json.of("v2"));
        var replaced = VariableSubstitution.apply(Yaml.manifests(yaml), values).orThrow();

        assertThat(replaced.get(0).body().find("spec", "replicas")).isEqualTo(Json.of(3));
        assertThat(replaced.get(0).body().find("spec", "template", "spec", "containers", "0", "image"))
                .isEqualTo(Json.of("r/web:v2"));
        assertThat(replaced.get(0).body().find("spec", "template", "spec", "containers", "0", "args", "0"))
                .isEqualTo(Json.of("${raw}"));
        assertThat(replaced.get(1).body().object("data").text("script")).isEqualTo("${HOME}");
        values.remove("count");
        assertThat(VariableSubstitution.apply(Yaml.manifests(yaml), values).errors())
                .extracting(Problem::code)
                .containsExactly("SUBSTITUTE_UNKNOWN");
    }

    private static ResourceKey key(String group, String kind, String name) {
        return new ResourceKey(group, kind, "ns", name);
    }

    private static JsonObject object(String apiVersion, String kind, String name, String uid) {
        return Yaml.object("apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: " + name
                + ", namespace: ns, uid: '" + uid + "'}\n");
    }

    private static JsonObject owned(String apiVersion, String kind, String name, String uid, String owner) {
        JsonObject object = object(apiVersion, kind, name, uid);
        JsonObject reference = JsonObject.of("uid", Json.of(owner));
        return object.with(
                "metadata", object.object("metadata").with("ownerReferences", JsonArray.of(List.of(reference))));
    }

    @Test
    void serviceAccount_isThatOfTheFirstRuleThatFits() {
        JsonObject rules = Yaml.object("""
                apiVersion: v1
                kind: X
                metadata: {name: x}
                spec:
                  destinationServiceAccounts:
                  - {server: https://eu, namespace: 'team-*', defaultServiceAccount: deployer}
                  - {server: '*', namespace: '*', defaultServiceAccount: 'ops:fallback'}
                """).object("spec");
        ProjectRules project = ProjectRules.of(AppProject.of("p", rules));

        assertThat(project.serviceAccount("https://eu", "team-a"))
                .isEqualTo(Optional.of("system:serviceaccount:team-a:deployer"));
        assertThat(project.serviceAccount("https://us", "x"))
                .isEqualTo(Optional.of("system:serviceaccount:ops:fallback"));
        assertThat(ProjectRules.of(AppProject.of("q", JsonObject.empty())).serviceAccount("s", "n"))
                .isEmpty();
    }
}
