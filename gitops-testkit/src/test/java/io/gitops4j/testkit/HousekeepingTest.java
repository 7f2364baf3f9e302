package io.gitops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.DeleteOptions.Propagation;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private final FakeCluster cluster = FakeCluster.create();

    @Test
    void aDeletedOwner_takesItsDependentsAlong() {
        owned();
        cluster.delete(ref("owner"), DeleteOptions.defaults());

        assertThat(cluster.get(ref("child"))).isEmpty();
        assertThat(cluster.get(ref("grandchild"))).isEmpty();
    }

    @Test
    void orphaning_leavesTheDependents_withoutTheReference() {
        owned();
        cluster.delete(ref("owner"), DeleteOptions.defaults().with(Propagation.ORPHAN));

        assertThat(cluster.get(ref("owner"))).isEmpty();
        assertThat(cluster.get(ref("child")).orElseThrow().object("metadata").has("ownerReferences"))
                .isFalse();
    }

    @Test
    void inForeground_theOwnerGoesLast() {
        owned();
        cluster.patch(
                ref("child"),
                PatchType.MERGE,
                Yaml.object("{metadata: {finalizers: [x.test/hold]}}"),
                WriteOptions.defaults());
        cluster.delete(ref("owner"), DeleteOptions.defaults().with(Propagation.FOREGROUND));

        assertThat(cluster.get(ref("owner"))).isPresent();
        cluster.patch(
                ref("child"), PatchType.MERGE, Yaml.object("{metadata: {finalizers: null}}"), WriteOptions.defaults());
        assertThat(cluster.get(ref("owner"))).isEmpty();
        assertThat(cluster.get(ref("child"))).isEmpty();
    }

    @Test
    void anOwnerThatNeverWas_countsAsGone() {
        create("stray", "c0ffee00-0000-4000-8000-000000000000");

        assertThat(cluster.get(ref("stray"))).isEmpty();
    }

    @Test
    void aDeletedNamespace_isEmptiedFirst_andTakesNothingNew() {
        cluster.ensureNamespace("shop");
        cluster.create(
                Yaml.object(
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, finalizers: [x.test/f]}}"),
                WriteOptions.defaults());
        ObjectRef namespace = ObjectRef.of(new Gvk("", "v1", "Namespace"), "", "shop");
        cluster.delete(namespace, DeleteOptions.defaults());

        assertThat(cluster.get(namespace).orElseThrow().object("status").text("phase"))
                .isEqualTo("Terminating");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(
                        Yaml.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: shop}}"),
                        WriteOptions.defaults()))
                .withMessageContaining("because it is being terminated");
        cluster.patch(
                ObjectRef.of(CONFIG_MAP, "shop", "a"),
                PatchType.MERGE,
                Yaml.object("{metadata: {finalizers: null}}"),
                WriteOptions.defaults());
        assertThat(cluster.get(namespace)).isEmpty();
    }

    @Test
    void aDefinition_isEstablished_andTakesItsObjectsAlong() {
        JsonObject crd = Yaml.object("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: shirts.shop.test}
                spec:
                  group: shop.test
                  names: {kind: Shirt, plural: shirts}
                  scope: Namespaced
                  versions:
                  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
                """);
        cluster.create(crd, WriteOptions.defaults());
        assertThat(cluster.get(ObjectRef.of(crd)).orElseThrow().find("status", "conditions", "1", "type"))
                .hasToString("\"Established\"");
        cluster.create(
                Yaml.object("{apiVersion: shop.test/v1, kind: Shirt, metadata: {name: s, namespace: default}}"),
                WriteOptions.defaults());
        cluster.delete(ObjectRef.of(crd), DeleteOptions.defaults());

        assertThat(cluster.get(ObjectRef.of(crd))).isEmpty();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.list(ListQuery.of(new Gvk("shop.test", "v1", "Shirt"))));
    }

    private void owned() {
        String owner = create("owner", null);
        String child = create("child", owner);
        create("grandchild", child);
    }

    private String create(String name, @org.jspecify.annotations.Nullable String owner) {
        String references = owner == null
                ? ""
                : ", ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: o, uid: " + owner
                        + ", blockOwnerDeletion: true}]";
        return cluster.create(
                        Yaml.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name
                                + ", namespace: default" + references + "}}"),
                        WriteOptions.defaults())
                .object("metadata")
                .text("uid", "");
    }

    private static ObjectRef ref(String name) {
        return ObjectRef.of(CONFIG_MAP, "default", name);
    }
}
