package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The situations that Argo CD's cluster cache is tested with: owners said, owners meant, circles, and what comes and goes. */
class OwnershipGraphTest {
    private final OwnershipGraph graph = new OwnershipGraph();

    private static JsonObject of(String apiVersion, String kind, String place, String more) {
        int slash = place.indexOf('/');
        String namespace = slash < 0 ? "" : ", namespace: " + place.substring(0, slash);
        return Yaml.object("{apiVersion: " + apiVersion + ", kind: " + kind + ", metadata: {name: "
                + place.substring(slash + 1) + namespace + more + "}}");
    }

    private static String uid(String uid) {
        return ", uid: '" + uid + "'";
    }

    private static String owned(String uid, String... references) {
        return uid(uid) + ", ownerReferences: [" + String.join(", ", references) + "]";
    }

    private static String reference(String apiVersion, String kind, String name, String uid) {
        String tail = uid.isEmpty() ? "}" : ", uid: '" + uid + "'}";
        return "{apiVersion: " + apiVersion + ", kind: " + kind + ", name: " + name + tail;
    }

    private static ResourceKey key(String group, String kind, String place) {
        int slash = place.indexOf('/');
        return new ResourceKey(group, kind, slash < 0 ? "" : place.substring(0, slash), place.substring(slash + 1));
    }

    private List<String> tree(ResourceKey... roots) {
        List<String> seen = new ArrayList<>();
        graph.walk(List.of(roots), (key, depth) -> seen.add(depth + " " + key.kind() + " " + key.name()));
        return seen;
    }

    /** A Deployment with one ReplicaSet that two API groups serve, a pod that names it by uid and one that names it by name. */
    private void shop() {
        graph.put(of("apps/v1", "Deployment", "shop/web", uid("3")));
        graph.put(
                of("apps/v1", "ReplicaSet", "shop/web-1", owned("2", reference("apps/v1", "Deployment", "web", "3"))));
        graph.put(of(
                "extensions/v1beta1",
                "ReplicaSet",
                "shop/web-1",
                owned("2", reference("apps/v1", "Deployment", "web", "3"))));
        graph.put(of("v1", "Pod", "shop/p1", owned("1", reference("apps/v1", "ReplicaSet", "web-1", "2"))));
        graph.put(of("v1", "Pod", "shop/p2", owned("4", reference("apps/v1", "ReplicaSet", "web-1", ""))));
    }

    private static final ResourceKey WEB = key("apps", "Deployment", "shop/web");
    private static final ResourceKey SET = key("apps", "ReplicaSet", "shop/web-1");
    private static final ResourceKey OLD_SET = key("extensions", "ReplicaSet", "shop/web-1");

    // ---- owners that are named

    @Test
    void hierarchy_goesDownByUidAndByName() {
        shop();
        assertThat(tree(WEB)).containsExactly("0 Deployment web", "1 ReplicaSet web-1", "2 Pod p1", "2 Pod p2");
        assertThat(graph.children(WEB)).containsExactly(SET);
        assertThat(graph.children(SET)).doesNotContain(WEB).hasSize(2);
        assertThat(graph.owners(key("", "Pod", "shop/p2"))).containsExactly(SET);
    }

    @Test
    void objectOfTwoApiGroups_isOneChild_whicheverCameFirst() {
        shop();
        JsonObject preferred =
                of("apps/v1", "ReplicaSet", "shop/web-1", owned("2", reference("apps/v1", "Deployment", "web", "3")));
        for (int i = 0; i < 5; i++) {
            graph.remove(SET);
            assertThat(graph.children(WEB)).containsExactly(OLD_SET);
            graph.put(preferred);
            assertThat(graph.children(WEB)).containsExactly(SET);
        }
        assertThat(tree(OLD_SET)).containsExactly("0 ReplicaSet web-1", "1 Pod p1", "1 Pod p2");
    }

    @Test
    void walk_fromSeveralObjects_visitsEachOnce() {
        shop();
        assertThat(tree(SET, WEB)).containsExactly("0 ReplicaSet web-1", "1 Pod p1", "1 Pod p2", "0 Deployment web");
        assertThat(tree(WEB, SET)).hasSize(4).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"Deployment, 1", "ReplicaSet, 2", "Pod, 4", "Job, 4"})
    void walk_goesNoFurtherThanTheVisitorWants(String stopAt, int visited) {
        shop();
        List<ResourceKey> seen = new ArrayList<>();
        graph.walk(List.of(WEB), (key, depth) -> seen.add(key) && !key.kind().equals(stopAt));
        assertThat(seen).hasSize(visited);
    }

    @Test
    void sameKindOfAnotherGroupAndUid_isNoOwner() {
        shop();
        graph.put(of("example.com/v1", "ReplicaSet", "shop/web-1", uid("123")));
        assertThat(graph.children(key("example.com", "ReplicaSet", "shop/web-1")))
                .isEmpty();
        assertThat(graph.owners(key("", "Pod", "shop/p2"))).containsExactly(SET);
    }

    @Test
    void nameWithoutUid_isMeantInTheSameNamespace() {
        shop();
        graph.put(of("apps/v1", "ReplicaSet", "other/web-1", uid("9")));
        graph.put(of("v1", "Pod", "other/p3", owned("8", reference("apps/v1", "ReplicaSet", "web-1", ""))));
        assertThat(graph.children(SET)).extracting(ResourceKey::namespace).containsOnly("shop");
        assertThat(graph.owners(key("", "Pod", "other/p3"))).containsExactly(key("apps", "ReplicaSet", "other/web-1"));
    }

    // ---- across namespaces

    @Test
    void ownerInNoNamespace_hasChildrenInNoneAndInAny_threeLevelsDeep() {
        graph.put(of("v1", "Namespace", "root", uid("r")));
        graph.put(of(
                "rbac.authorization.k8s.io/v1",
                "ClusterRole",
                "middle",
                owned("m", reference("v1", "Namespace", "root", "r"))));
        graph.put(of(
                "v1",
                "Pod",
                "one/leaf",
                owned("l", reference("rbac.authorization.k8s.io/v1", "ClusterRole", "middle", "m"))));
        graph.put(of("v1", "Pod", "two/child", owned("c", reference("v1", "Namespace", "root", "r"))));
        ResourceKey root = key("", "Namespace", "root");

        assertThat(tree(root)).containsExactly("0 Namespace root", "1 Pod child", "1 ClusterRole middle", "2 Pod leaf");
        assertThat(tree(root, key("", "Pod", "two/child"), key("rbac.authorization.k8s.io", "ClusterRole", "middle")))
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    @Test
    void ownerInNoNamespace_isFoundByNameToo() {
        graph.put(of("v1", "Namespace", "root", uid("r")));
        graph.put(of("v1", "Pod", "one/child", owned("c", reference("v1", "Namespace", "root", ""))));
        assertThat(tree(key("", "Namespace", "root"), key("", "Pod", "one/child")))
                .containsExactly("0 Namespace root", "1 Pod child");
    }

    // ---- circles

    @Test
    void objectThatOwnsItself_isVisitedOnce_andIsARoot() {
        graph.put(of("v1", "Namespace", "a", owned("1", reference("v1", "Namespace", "a", "1"))));
        assertThat(tree(key("", "Namespace", "a"))).containsExactly("0 Namespace a");
        assertThat(graph.owners(key("", "Namespace", "a"))).isEmpty();
        assertThat(graph.roots()).containsExactly(key("", "Namespace", "a"));
    }

    @Test
    void ownersInACircle_areVisitedOnce_andTheFirstIsARoot() {
        graph.put(of("v1", "Namespace", "a", owned("1", reference("v1", "Namespace", "b", "2"))));
        graph.put(of("v1", "Namespace", "b", owned("2", reference("v1", "Namespace", "c", "3"))));
        graph.put(of("v1", "Namespace", "c", owned("3", reference("v1", "Namespace", "a", "1"))));
        graph.put(of("v1", "Pod", "ns/p", owned("4", reference("v1", "Namespace", "b", "2"))));
        assertThat(tree(key("", "Namespace", "b")))
                .containsExactly("0 Namespace b", "1 Namespace a", "2 Namespace c", "1 Pod p");
        assertThat(graph.roots()).containsExactly(key("", "Namespace", "a"));
    }

    @Test
    void chainOfManyOwners_needsNoStack() {
        JsonObject first = of("v1", "ConfigMap", "ns/c0", uid("u0"));
        graph.put(first);
        for (int i = 1; i < 20_000; i++) {
            JsonObject owner = JsonObject.of("uid", Json.of("u" + (i - 1)));
            graph.put(first.with(
                    "metadata",
                    first.object("metadata")
                            .with("name", "c" + i)
                            .with("uid", "u" + i)
                            .with("ownerReferences", JsonArray.of(owner))));
        }
        List<Integer> depths = new ArrayList<>();
        graph.walk(key("", "ConfigMap", "ns/c0"), (key, depth) -> depths.add(depth));
        assertThat(depths).hasSize(20_000).endsWith(19_999);
    }

    // ---- owners that are meant

    @Test
    void endpoints_belongToTheServiceOfTheirName_unlessTheySayOtherwise() {
        graph.put(of("v1", "Service", "shop/web", uid("4")));
        graph.put(of("v1", "Endpoints", "shop/web", uid("5")));
        graph.put(of("v1", "Endpoints", "shop/other", uid("6")));
        graph.put(of("v1", "Endpoints", "elsewhere/web", uid("7")));
        graph.put(of("example.com/v1", "Endpoints", "shop/web", uid("8")));
        ResourceKey service = key("", "Service", "shop/web");
        assertThat(graph.children(service)).containsExactly(key("", "Endpoints", "shop/web"));
        graph.put(of("v1", "Endpoints", "shop/web", owned("5", reference("v1", "ConfigMap", "leader", "77"))));
        assertThat(graph.children(service)).isEmpty();
    }

    static Stream<Arguments> secrets() {
        String both = "kubernetes.io/service-account.name: ci, kubernetes.io/service-account.uid: '123'";
        String token = "kubernetes.io/service-account-token";
        return Stream.of(
                Arguments.of(both, token, true),
                Arguments.of(both, "", true),
                Arguments.of(both, "Opaque", false),
                Arguments.of(both.replace("123", "124"), token, false),
                Arguments.of("kubernetes.io/service-account.name: ci", token, false),
                Arguments.of("kubernetes.io/service-account.uid: '123'", token, false));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void tokenSecret_belongsToItsServiceAccount(String annotations, String type, boolean belongs) {
        graph.put(of("v1", "ServiceAccount", "shop/ci", uid("123")));
        JsonObject secret = of("v1", "Secret", "shop/ci-token", uid("345") + ", annotations: {" + annotations + "}");
        graph.put(type.isEmpty() ? secret : secret.with("type", type));
        assertThat(graph.children(key("", "ServiceAccount", "shop/ci"))).hasSize(belongs ? 1 : 0);
    }

    @Test
    void operatorGroup_ownsItsClusterServiceVersions_besideWhatTheySay() {
        String csv = "operators.coreos.com/v1alpha1";
        graph.put(of("operators.coreos.com/v1", "OperatorGroup", "shop/group", uid("1")));
        graph.put(of("v1", "ConfigMap", "shop/catalog", uid("2")));
        graph.put(of(
                csv,
                "ClusterServiceVersion",
                "shop/op.v1",
                owned("3", reference("v1", "ConfigMap", "catalog", "2"))
                        + ", annotations: {olm.operatorGroup: group}"));
        graph.put(of(csv, "ClusterServiceVersion", "shop/op.v2", uid("4") + ", annotations: {olm.operatorGroup: ''}"));
        assertThat(graph.owners(key("operators.coreos.com", "ClusterServiceVersion", "shop/op.v1")))
                .containsExactly(
                        key("", "ConfigMap", "shop/catalog"),
                        key("operators.coreos.com", "OperatorGroup", "shop/group"));
        assertThat(graph.owners(key("operators.coreos.com", "ClusterServiceVersion", "shop/op.v2")))
                .isEmpty();
    }

    private static JsonObject set(String name, String template) {
        return of("apps/v1", "StatefulSet", "shop/" + name, uid(name))
                .with(
                        "spec",
                        JsonObject.of("volumeClaimTemplates", JsonArray.of(List.of(named("logs"), named(template)))));
    }

    private static Json named(String template) {
        return JsonObject.of("metadata", JsonObject.of("name", Json.of(template)));
    }

    @ParameterizedTest
    @CsvSource({
        "www-web-0, www, true",
        "www-web-12, www, true",
        "logs-web-0, www, true",
        "www1-web-0, www, false",
        "xwww-web-0, www, false",
        "www, www, false",
        "www-web-, www, false",
        "www-web-0a, www, false",
        "www-web-internal-0, www, false",
        "emqx-data-web-0, emqx-data, true",
        "emqx-data-web-internal-0, emqx-data, false"
    })
    void claim_belongsToTheStatefulSetWithItsTemplate(String claim, String template, boolean belongs) {
        // whichever of the two comes first
        for (boolean setFirst : new boolean[] {true, false}) {
            OwnershipGraph fresh = new OwnershipGraph();
            List<JsonObject> both = new ArrayList<>(
                    List.of(set("web", template), of("v1", "PersistentVolumeClaim", "shop/" + claim, uid("c"))));
            if (!setFirst) {
                java.util.Collections.reverse(both);
            }
            both.forEach(fresh::put);
            assertThat(fresh.children(key("apps", "StatefulSet", "shop/web"))).hasSize(belongs ? 1 : 0);
            assertThat(fresh.owners(key("", "PersistentVolumeClaim", "shop/" + claim)))
                    .hasSize(belongs ? 1 : 0);
        }
    }

    @Test
    void claim_ofSetsWithDashesInTheirNames_findsItsOwn() {
        graph.put(set("sw-broker", "emqx-data"));
        graph.put(set("sw-broker-internal", "emqx-data"));
        graph.put(set("broker", "other"));
        ResourceKey claim = key("", "PersistentVolumeClaim", "shop/emqx-data-sw-broker-internal-0");
        graph.put(of("v1", "PersistentVolumeClaim", "shop/" + claim.name(), uid("c")));
        assertThat(graph.owners(claim)).containsExactly(key("apps", "StatefulSet", "shop/sw-broker-internal"));
    }

    @Test
    void claim_ofSetsOfWhichOnlyMetadataIsKnown_goesToTheLongestName() {
        graph.put(of("apps/v1", "StatefulSet", "shop/broker", uid("1")));
        graph.put(of("apps/v1", "StatefulSet", "shop/sw-broker", uid("2")));
        graph.put(of("v1", "PersistentVolumeClaim", "shop/data-sw-broker-0", uid("c")));
        assertThat(graph.owners(key("", "PersistentVolumeClaim", "shop/data-sw-broker-0")))
                .containsExactly(key("apps", "StatefulSet", "shop/sw-broker"));
        assertThat(graph.children(key("apps", "StatefulSet", "shop/broker"))).isEmpty();
    }

    // ---- what comes and goes

    @Test
    void child_thatComesAndGoes_isFollowed() {
        shop();
        graph.remove(key("", "Pod", "shop/p1"));
        assertThat(graph.children(SET)).containsExactly(key("", "Pod", "shop/p2"));
        graph.put(of("v1", "Pod", "shop/p5", owned("5", reference("apps/v1", "ReplicaSet", "web-1", "2"))));
        assertThat(graph.children(SET)).containsExactly(key("", "Pod", "shop/p2"), key("", "Pod", "shop/p5"));
    }

    @Test
    void ownerReference_thatIsAddedAndTakenAway_isFollowed_andLeavesNothingBehind() {
        graph.put(of("v1", "Namespace", "root", uid("r")));
        graph.put(of("v1", "Pod", "ns/p", uid("p")));
        ResourceKey root = key("", "Namespace", "root");
        assertThat(graph.children(root)).isEmpty();
        graph.put(of("v1", "Pod", "ns/p", owned("p", reference("v1", "Namespace", "root", "r"))));
        assertThat(graph.children(root)).containsExactly(key("", "Pod", "ns/p"));
        graph.put(of("v1", "Pod", "ns/p", uid("p")));
        assertThat(graph.children(root)).isEmpty();
        assertThat(graph.indexed()).isZero();
    }

    @Test
    void childWhoseOwnerIsGone_isARoot_untilTheOwnerIsBack() {
        shop();
        graph.remove(WEB);
        assertThat(graph.roots()).contains(SET);
        graph.put(of("apps/v1", "Deployment", "shop/web", uid("another")));
        assertThat(graph.children(WEB)).isEmpty();
        graph.put(of("apps/v1", "Deployment", "shop/web", uid("3")));
        assertThat(graph.children(WEB)).containsExactly(SET);
        assertThat(graph.roots()).containsExactly(WEB);
    }
}
