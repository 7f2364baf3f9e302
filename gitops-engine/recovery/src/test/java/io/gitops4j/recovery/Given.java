package io.gitops4j.recovery;

import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.testkit.FakeCluster;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.List;

/** What the scenarios begin with. */
public final class Given {
    public static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    public static final Gvk SECRET = new Gvk("", "v1", "Secret");
    public static final Gvk SERVICE = new Gvk("", "v1", "Service");
    public static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");

    private Given() {}

    /** Creates the objects of a YAML text. */
    public static FakeCluster objects(FakeCluster cluster, String yaml) {
        YamlReader.kubectl()
                .readObjects("given.yaml", yaml)
                .orThrow()
                .forEach(
                        object -> cluster.create(object, WriteOptions.defaults().withFieldManager("kubectl")));
        return cluster;
    }

    /** One object. */
    public static JsonObject object(String yaml) {
        return YamlReader.kubectl().readObjects("given.yaml", yaml).orThrow().get(0);
    }

    public static JsonObject live(FakeCluster cluster, Gvk gvk, String namespace, String name) {
        return cluster.get(ObjectRef.of(gvk, namespace, name)).orElseThrow();
    }

    public static List<JsonObject> all(FakeCluster cluster, Gvk gvk) {
        return cluster.list(ListQuery.of(gvk)).items();
    }

    /** A small shop: a namespace with a bit of everything that Git might not hold. */
    public static FakeCluster shop(String name) {
        return objects(FakeCluster.create(name), """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {team: a}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings, namespace: shop}
                data: {colour: blue, url: "http://web.shop.svc:80/"}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: login, namespace: shop}
                stringData: {password: canary-7f3a-hunter2}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: web, namespace: shop}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop}
                spec: {selector: {app: web}, ports: [{port: 80}]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: shop}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      serviceAccountName: web
                      containers: [{name: web, image: "shop/web:1"}]
                """);
    }

    /** A key pair for age. */
    public static AgeIdentity identity() {
        return AgeIdentity.generate(new SecureRandom("recovery".getBytes(StandardCharsets.UTF_8)));
    }

    /** A key pair for signatures. */
    public static KeyPair signingKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
