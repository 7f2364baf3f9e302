package io.gitops4j.rollout.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.CanaryWeights.Destination;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.testkit.FakeCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficRouterTest {
    private final Map<String, JsonObject> objects = new LinkedHashMap<>();

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("test.yaml", text).orThrow();
    }

    private static RolloutSpec rollout(String routing) {
        return RolloutSpec.of(yaml("""
                metadata: {name: shop, namespace: prod}
                spec:
                  strategy:
                    canary:
                      canaryService: canary
                      stableService: stable
                      trafficRouting: %s
                """.formatted(routing)));
    }

    private JsonObject read(ObjectRef ref) {
        return objects.get(ref.gvk().kind() + "/" + ref.name());
    }

    private void store(String text) {
        JsonObject object = yaml(text);
        objects.put(object.text("kind") + "/" + object.object("metadata").text("name"), object);
    }

    private static CanaryWeights weights(int canary) {
        return new CanaryWeights(
                new Destination(canary, "new", "canary"),
                new Destination(100 - canary, "old", "stable"),
                List.of(),
                null);
    }

    private JsonObject weighted(RolloutSpec spec, int canary) {
        TrafficRouter router = TrafficRouter.of(spec).get(0);
        JsonObject first =
                router.weighted(spec, weights(canary), this::read).orThrow().get(0);
        objects.put(first.text("kind") + "/" + first.object("metadata").text("name"), first);
        JsonObject again =
                router.weighted(spec, weights(canary), this::read).orThrow().get(0);
        assertThat(again).as("applying twice changes nothing").isEqualTo(first);
        return first;
    }

    @Test
    void gatewayApi_setsTheBackendsWeights() {
        store("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop}
                spec:
                  rules:
                    - backendRefs: [{name: stable, port: 80}, {name: canary, port: 80}]
                    - backendRefs: [{name: other, port: 80}]
                """);
        JsonObject route = weighted(rollout("{plugins: {argoproj-labs/gatewayAPI: {httpRoute: shop}}}"), 20);
        assertThat(route.object("spec").toJson())
                .isEqualTo(
                        "{\"rules\":[{\"backendRefs\":[{\"name\":\"stable\",\"port\":80,\"weight\":80},{\"name\":\"canary\","
                                + "\"port\":80,\"weight\":20}]},{\"backendRefs\":[{\"name\":\"other\",\"port\":80}]}]}");
    }

    @Test
    void s36_istioHosts_splitByWeight() {
        store("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  http:
                    - name: primary
                      route:
                        - destination: {host: stable}
                          weight: 100
                        - destination: {host: canary.prod.svc.cluster.local}
                          weight: 0
                """);
        JsonObject service = weighted(rollout("{istio: {virtualService: {name: shop, routes: [primary]}}}"), 10);
        assertThat(service.toJson()).contains("\"weight\":90").contains("\"weight\":10");
    }

    @Test
    void s37_tlsRoutesAlone_areSplit() {
        store("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  tls:
                    - match: [{port: 443}]
                      route: [{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]
                  http:
                    - route: [{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]
                """);
        JsonObject service = weighted(rollout("{istio: {virtualService: {name: shop, tlsRoutes: [{port: 443}]}}}"), 30);
        assertThat(service.object("spec").array("tls").toJson()).contains("\"weight\":70", "\"weight\":30");
        assertThat(service.object("spec").array("http").toJson()).contains("\"weight\":100", "\"weight\":0");
    }

    @Test
    void s38_singleRoute_needsNoName() {
        store("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  http:
                    - route: [{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]
                """);
        assertThat(weighted(rollout("{istio: {virtualService: {name: shop}}}"), 40)
                        .toJson())
                .contains("\"weight\":60", "\"weight\":40");
    }

    private static CanaryWeights withExperiment(String service) {
        return new CanaryWeights(
                new Destination(10, "new", "canary"),
                new Destination(70, "old", "stable"),
                List.of(new Destination(20, "exp", service)),
                null);
    }

    @Test
    void s42_experimentDestination_comesAndGoes() {
        store("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  http:
                    - route: [{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]
                """);
        RolloutSpec spec = rollout("{istio: {virtualService: {name: shop}}}");
        TrafficRouter router = TrafficRouter.of(spec).get(0);
        JsonObject with = router.weighted(spec, withExperiment("shop-new-2-1-a"), this::read)
                .orThrow()
                .get(0);
        assertThat(with.toJson())
                .contains("\"weight\":70", "\"weight\":10")
                .contains("{\"destination\":{\"host\":\"shop-new-2-1-a\"},\"weight\":20}");
        objects.put("VirtualService/shop", with);
        assertThat(weighted(spec, 0).toJson()).contains("\"weight\":100").doesNotContain("shop-new-2-1-a");
    }

    @Test
    void s43_experimentSubset_comesAndGoes() {
        store("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: rule}
                spec: {subsets: [{name: stable, labels: {app: shop}}, {name: canary, labels: {app: shop}}]}
                """);
        store("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  http:
                    - route:
                        - destination: {host: shop, subset: stable}
                        - destination: {host: shop, subset: canary}
                """);
        RolloutSpec spec =
                rollout("{istio: {virtualService: {name: shop}, destinationRule: {name: rule, canarySubsetName: canary,"
                        + " stableSubsetName: stable}}}");
        TrafficRouter router = TrafficRouter.of(spec).get(0);
        List<JsonObject> with = router.weighted(spec, withExperiment("shop-new-2-1-a"), this::read)
                .orThrow();
        assertThat(with.get(0).object("spec").array("subsets").size()).isEqualTo(3);
        assertThat(with.get(1).toJson())
                .contains("{\"destination\":{\"host\":\"shop\",\"subset\":\"shop-new-2-1-a\"},\"weight\":20}");
        objects.put("DestinationRule/rule", with.get(0));
        objects.put("VirtualService/shop", with.get(1));
        List<JsonObject> without = router.weighted(spec, weights(0), this::read).orThrow();
        assertThat(without.get(0).object("spec").array("subsets").size()).isEqualTo(2);
        assertThat(without.get(1).toJson()).doesNotContain("shop-new-2-1-a");
    }

    @Test
    void s39_istioSubsets_carryTheHashes() {
        store("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: rule}
                spec: {subsets: [{name: stable, labels: {app: shop}}, {name: canary, labels: {app: shop}}]}
                """);
        store("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  http:
                    - route:
                        - destination: {host: shop, subset: stable}
                        - destination: {host: shop, subset: canary}
                """);
        RolloutSpec spec =
                rollout("{istio: {virtualService: {name: shop}, destinationRule: {name: rule, canarySubsetName: canary,"
                        + " stableSubsetName: stable}}}");
        List<JsonObject> changed = TrafficRouter.of(spec)
                .get(0)
                .weighted(spec, weights(25), this::read)
                .orThrow();
        assertThat(changed.get(0).toJson())
                .contains("\"name\":\"stable\",\"labels\":{\"app\":\"shop\",\"rollouts-pod-template-hash\":\"old\"}")
                .contains("\"rollouts-pod-template-hash\":\"new\"");
        assertThat(changed.get(1).toJson()).contains("\"subset\":\"stable\"},\"weight\":75");
    }

    @Test
    void s46_s47_istioManagedRoutes_comeAndGo() {
        store("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  http:
                    - name: primary
                      route: [{destination: {host: stable}, weight: 100}, {destination: {host: canary}, weight: 0}]
                """);
        RolloutSpec spec = rollout(
                "{managedRoutes: [{name: header}, {name: mirror}], istio: {virtualService: {name: shop, routes: [primary]}}}");
        TrafficRouter router = TrafficRouter.of(spec).get(0);
        JsonObject mirrored = router.routed(
                        spec,
                        "mirror",
                        yaml("{name: mirror, percentage: 50, match: [{method: {exact: GET}}]}"),
                        this::read)
                .orThrow()
                .get(0);
        objects.put("VirtualService/shop", mirrored);
        JsonObject both = router.routed(
                        spec,
                        "header",
                        yaml("{name: header, match: [{headerName: x-canary, headerValue: {exact: \"1\"}}]}"),
                        this::read)
                .orThrow()
                .get(0);
        objects.put("VirtualService/shop", both);
        assertThat(router.routes(spec, this::read)).containsExactly("header", "mirror");
        assertThat(both.toJson())
                .contains("\"headers\":{\"x-canary\":{\"exact\":\"1\"}}")
                .contains("\"mirrorPercentage\":{\"value\":50}");
        JsonObject none = router.withoutRoutes(spec, List.of("header", "mirror"), this::read)
                .orThrow()
                .get(0);
        assertThat(none.object("spec").array("http").size()).isEqualTo(1);
    }

    @Test
    void s49_nginx_makesACanaryIngress() {
        store("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: shop, annotations: {a: b}}
                spec:
                  ingressClassName: nginx
                  rules:
                    - host: shop.example
                      http:
                        paths:
                          - path: /
                            pathType: Prefix
                            backend: {service: {name: stable, port: {number: 80}}}
                """);
        JsonObject ingress = weighted(rollout("{nginx: {stableIngress: shop}}"), 30);
        assertThat(ingress.object("metadata").text("name")).isEqualTo("shop-shop-canary");
        assertThat(ingress.toJson())
                .contains("\"nginx.ingress.kubernetes.io/canary\":\"true\"")
                .contains("\"nginx.ingress.kubernetes.io/canary-weight\":\"30\"")
                .contains("\"service\":{\"name\":\"canary\"");
    }

    @Test
    void s49_albSmiAndTraefik_carryTheWeights() {
        store("{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: shop}, spec: {}}");
        assertThat(weighted(rollout("{alb: {ingress: shop, servicePort: 443}}"), 5)
                        .object("metadata")
                        .object("annotations")
                        .text("alb.ingress.kubernetes.io/actions.stable"))
                .isEqualTo(
                        "{\"Type\":\"forward\",\"ForwardConfig\":{\"TargetGroups\":[{\"ServiceName\":\"canary\","
                                + "\"ServicePort\":\"443\",\"Weight\":5},{\"ServiceName\":\"stable\",\"ServicePort\":\"443\",\"Weight\":95}]}}");
        assertThat(weighted(rollout("{smi: {}}"), 5).object("spec").toJson())
                .isEqualTo(
                        "{\"service\":\"stable\",\"backends\":[{\"service\":\"canary\",\"weight\":5},{\"service\":\"stable\","
                                + "\"weight\":95}]}");
        store("""
                apiVersion: traefik.io/v1alpha1
                kind: TraefikService
                metadata: {name: shop}
                spec: {weighted: {services: [{name: stable}, {name: canary}]}}
                """);
        assertThat(weighted(rollout("{traefik: {weightedTraefikServiceName: shop}}"), 5)
                        .toJson())
                .contains("{\"name\":\"stable\",\"weight\":95},{\"name\":\"canary\",\"weight\":5}");
    }

    private static final String HEADER = "{name: header, match: [{headerName: x-canary, headerValue: {exact: \"1\"}}]}";

    /** Sets a route, reads it back, removes it; the objects with the route and without. */
    private List<JsonObject> comesAndGoes(RolloutSpec spec, String kind, String route) {
        TrafficRouter router = TrafficRouter.of(spec).get(0);
        JsonObject with =
                router.routed(spec, kind, yaml(route), this::read).orThrow().get(0);
        String key = with.text("kind") + "/" + with.object("metadata").text("name");
        objects.put(key, with);
        assertThat(router.routed(spec, kind, yaml(route), this::read).orThrow()).containsExactly(with);
        String name = yaml(route).text("name", "");
        assertThat(router.routes(spec, this::read)).containsExactly(name);
        assertThat(weighted(spec, 20).toJson())
                .as("weights leave the route alone")
                .contains("x-canary");
        JsonObject without =
                router.withoutRoutes(spec, List.of(name), this::read).orThrow().get(0);
        objects.put(key, without);
        assertThat(router.routes(spec, this::read)).isEmpty();
        return List.of(with, without);
    }

    @Test
    void s48_apisix_splitsAndRoutesByHeader() {
        store("""
                apiVersion: apisix.apache.org/v2
                kind: ApisixRoute
                metadata: {name: shop}
                spec:
                  http:
                    - name: main
                      match: {hosts: [shop.example], paths: ["/*"]}
                      backends: [{serviceName: stable, servicePort: 80}, {serviceName: canary, servicePort: 80}]
                    - name: other
                      match: {paths: ["/other"]}
                      backends: [{serviceName: stable, servicePort: 80}, {serviceName: canary, servicePort: 80}]
                """);
        RolloutSpec spec = rollout("{managedRoutes: [{name: header}], apisix: {route: {name: shop, rules: [main]}}}");
        JsonObject split = weighted(spec, 20);
        assertThat(split.object("spec").array("http").get(0).toJson())
                .contains("{\"serviceName\":\"stable\",\"servicePort\":80,\"weight\":80}")
                .contains("{\"serviceName\":\"canary\",\"servicePort\":80,\"weight\":20}");
        assertThat(split.object("spec").array("http").get(1).toJson()).doesNotContain("weight");
        List<JsonObject> steps = comesAndGoes(spec, "header", HEADER);
        assertThat(steps.get(0).object("spec").array("http").get(0).toJson())
                .isEqualTo(
                        "{\"name\":\"header-main\",\"match\":{\"hosts\":[\"shop.example\"],\"paths\":[\"/*\"],\"exprs\":"
                                + "[{\"subject\":{\"scope\":\"Header\",\"name\":\"x-canary\"},\"op\":\"Equal\",\"value\":\"1\"}]},"
                                + "\"backends\":[{\"serviceName\":\"canary\",\"servicePort\":80,\"weight\":100}],\"priority\":1}");
        assertThat(steps.get(1).object("spec").array("http").size()).isEqualTo(2);
    }

    @Test
    void albHeaderRoute_isAnActionAConditionAndAPath() {
        store("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: shop}
                spec:
                  rules:
                    - http:
                        paths:
                          - path: /
                            pathType: Prefix
                            backend: {service: {name: stable, port: {name: use-annotation}}}
                """);
        JsonObject before = weighted(rollout("{alb: {ingress: shop, servicePort: 80}}"), 20);
        RolloutSpec spec = rollout("{managedRoutes: [{name: header}], alb: {ingress: shop, servicePort: 80}}");
        List<JsonObject> steps = comesAndGoes(spec, "header", HEADER);
        JsonObject annotations = steps.get(0).object("metadata").object("annotations");
        assertThat(annotations.text("alb.ingress.kubernetes.io/conditions.header"))
                .isEqualTo(
                        "[{\"Field\":\"http-header\",\"HttpHeaderConfig\":{\"HttpHeaderName\":\"x-canary\",\"Values\":[\"1\"]}}]");
        assertThat(annotations.text("alb.ingress.kubernetes.io/actions.header"))
                .isEqualTo("{\"Type\":\"forward\",\"ForwardConfig\":{\"TargetGroups\":[{\"ServiceName\":\"canary\","
                        + "\"ServicePort\":\"80\",\"Weight\":100}]}}");
        assertThat(steps.get(0).object("spec").toJson())
                .contains(
                        "[{\"path\":\"/\",\"pathType\":\"Prefix\",\"backend\":{\"service\":{\"name\":\"header\",\"port\":"
                                + "{\"name\":\"use-annotation\"}}}},{\"path\":\"/\"");
        assertThat(steps.get(1)).isEqualTo(before);
        assertThat(TrafficRouter.of(spec)
                        .get(0)
                        .routed(
                                spec,
                                "header",
                                yaml("{name: header, match: [{headerName: a, headerValue: {regex: b}}]}"),
                                this::read)
                        .problems()
                        .get(0)
                        .text())
                .isEqualTo("alb header routes match exact values only");
    }

    @Test
    void gatewayApi_headerAndMirrorRoutes_areRulesThatComeFirst() {
        store("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop}
                spec:
                  rules:
                    - backendRefs: [{name: stable, port: 80, weight: 80}, {name: canary, port: 80, weight: 20}]
                """);
        RolloutSpec spec = rollout(
                "{managedRoutes: [{name: header}, {name: mirror}], plugins: {argoproj-labs/gatewayAPI: {httpRoute: shop}}}");
        List<JsonObject> header = comesAndGoes(
                spec, "header", "{name: header, match: [{headerName: x-canary, headerValue: {prefix: a.b}}]}");
        assertThat(header.get(0).object("spec").array("rules").get(0).toJson())
                .isEqualTo(
                        "{\"matches\":[{\"headers\":[{\"type\":\"RegularExpression\",\"name\":\"x-canary\",\"value\":"
                                + "\"^a\\\\.b.*\"}]}],\"backendRefs\":[{\"name\":\"canary\",\"port\":80}]}");
        assertThat(header.get(1).object("spec").array("rules").size()).isEqualTo(1);
        List<JsonObject> mirror = comesAndGoes(
                spec,
                "mirror",
                "{name: mirror, percentage: 50, match: [{method: {exact: GET}, path: {prefix: /a}, headers: {x-canary: {exact: b}}}]}");
        assertThat(mirror.get(0).object("spec").array("rules").get(0).toJson())
                .startsWith(
                        "{\"matches\":[{\"method\":\"GET\",\"path\":{\"type\":\"PathPrefix\",\"value\":\"/a\"},\"headers\":"
                                + "[{\"type\":\"Exact\",\"name\":\"x-canary\",\"value\":\"b\"}]}],\"filters\":[{\"type\":\"RequestMirror\","
                                + "\"requestMirror\":{\"backendRef\":{\"name\":\"canary\",\"port\":80},\"percent\":50}}]");
        assertThat(mirror.get(1).toJson()).doesNotContain("RequestMirror", "managed-routes");
    }

    @Test
    void verified_istioByItsStatus_whereItWritesOne() {
        RolloutSpec spec = rollout("{istio: {virtualService: {name: shop}}}");
        FakeCluster cluster = FakeCluster.builder().namespaces("prod").build();
        define(cluster, "networking.istio.io", "v1", "VirtualService");
        JsonObject service = yaml("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop, namespace: prod}
                spec: {http: []}
                """);
        cluster.create(service, WriteOptions.defaults());
        TrafficRouter router = TrafficRouter.of(spec).get(0);
        assertThat(router.verified(spec, weights(5), cluster)).isNull();
        status(cluster, service, "{observedGeneration: \"1\", conditions: [{type: Reconciled, status: \"True\"}]}");
        assertThat(router.verified(spec, weights(5), cluster)).isTrue();
        status(cluster, service, "{observedGeneration: \"1\", conditions: [{type: Reconciled, status: \"False\"}]}");
        assertThat(router.verified(spec, weights(5), cluster)).isFalse();
    }

    @Test
    void verified_albByTheTargetGroupsThatItsControllerMade() {
        RolloutSpec spec = rollout("{alb: {ingress: shop, servicePort: 80}}");
        FakeCluster cluster = FakeCluster.builder().namespaces("prod").build();
        TrafficRouter router = TrafficRouter.of(spec).get(0);
        assertThat(router.verified(spec, weights(5), cluster))
                .as("no such kind")
                .isNull();
        define(cluster, "elbv2.k8s.aws", "v1beta1", "TargetGroupBinding");
        assertThat(router.verified(spec, weights(5), cluster)).isFalse();
        for (String name : List.of("stable", "canary")) {
            assertThat(router.verified(spec, weights(5), cluster)).isFalse();
            cluster.create(
                    yaml("{apiVersion: elbv2.k8s.aws/v1beta1, kind: TargetGroupBinding, metadata: {name: k8s-" + name
                            + ", namespace: prod}, spec: {serviceRef: {name: " + name + ", port: 80}}}"),
                    WriteOptions.defaults());
        }
        assertThat(router.verified(spec, weights(5), cluster)).isTrue();
    }

    private static void define(FakeCluster cluster, String group, String version, String kind) {
        String plural = kind.toLowerCase(java.util.Locale.ROOT) + "s";
        cluster.create(yaml("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %1$s.%2$s}
                spec:
                  group: %2$s
                  scope: Namespaced
                  names: {plural: %1$s, singular: %1$s, kind: %3$s, listKind: %3$sList}
                  versions:
                    - name: %4$s
                      served: true
                      storage: true
                      subresources: {status: {}}
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """.formatted(plural, group, kind, version)), WriteOptions.defaults());
    }

    private static void status(FakeCluster cluster, JsonObject object, String status) {
        cluster.patch(
                ObjectRef.of(object).sub("status"),
                PatchType.MERGE,
                JsonObject.of("status", yaml(status)),
                WriteOptions.defaults());
    }

    @Test
    void missingObjects_areNamed() {
        RolloutSpec spec = rollout("{nginx: {stableIngress: nowhere}}");
        assertThat(TrafficRouter.of(spec)
                        .get(0)
                        .weighted(spec, weights(1), this::read)
                        .problems()
                        .get(0)
                        .text())
                .isEqualTo("Ingress \"nowhere\" does not exist in namespace \"prod\"");
    }
}
