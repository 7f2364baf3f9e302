package io.gitops4j.secrets.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.sealed.SecretTemplates;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.spi.SecretResolver;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretReferencesTest {
    private static final String CANARY = "CANARY-5d1e";
    private static final SecretReferences REFERENCES = SecretReferences.with(List.of(
            FileSecrets.in(
                            MemoryTree.ofText(Map.of(
                                    "team/db.yaml",
                                    "user: admin\npassword: " + CANARY + "\nport: 5432\nnested: {deep: below}\n",
                                    "team/all.json",
                                    "{\"a-one\": \"1\", \"a-two\": {\"x\": 2}}",
                                    "team/evil",
                                    "<path:team/db.yaml#password>",
                                    "team/a.env",
                                    "# c\nexport KEY=\"quoted\"\nOTHER=x=y\n")),
                            Limits.defaults())
                    .as("vault"),
            EnvFileSecrets.of(SecretValue.utf8("TOKEN=" + CANARY + "\n"))));

    @Test
    void resolve_placeholdersAnywhere_putsTheValuesInAndNamesThePlaces() {
        SecretReferences.Resolved resolved = REFERENCES.resolve(object("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: c}
                        data:
                          url: postgres://<path:team/db.yaml#user>:<path:team/db.yaml#password>@db
                          token: ref+env://TOKEN
                          deep: x ref+vault://team/db.yaml#/nested/deep+ y
                          html: <b>bold</b> <user>
                        """)).orThrow();
        JsonObject data = resolved.object().reveal().object("data");
        assertThat(data.text("url")).isEqualTo("postgres://admin:" + CANARY + "@db");
        assertThat(data.text("token")).isEqualTo(CANARY);
        assertThat(data.text("deep")).isEqualTo("x below y");
        assertThat(data.text("html")).isEqualTo("<b>bold</b> <user>");
        assertThat(resolved.places())
                .containsExactly(
                        JsonPointer.of("data", "url"), JsonPointer.of("data", "token"), JsonPointer.of("data", "deep"));
        assertThat(resolved.toString()).doesNotContain(CANARY);
    }

    @Test
    void resolve_base64OfASecret_isOpenedFilledAndClosed() {
        JsonObject data = REFERENCES
                .resolve(object("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  a: "
                        + base64("<path:team/db.yaml#password>") + "\n  b: <path:team/db.yaml#user>\n  c: "
                        + base64("plain") + "\n"))
                .orThrow()
                .object()
                .reveal()
                .object("data");
        assertThat(data.text("a")).isEqualTo(base64(CANARY));
        assertThat(data.text("b")).isEqualTo(base64("admin"));
        assertThat(data.text("c")).isEqualTo(base64("plain"));
    }

    @Test
    void resolve_annotations_giveAPathIgnoreOrRemove() {
        String named = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c, annotations: {avp.kubernetes.io/path: team/db.yaml, avp.kubernetes.io/%s: "true"}}
                data: {a: <user>, b: <nothing>}
                """;
        assertThat(REFERENCES
                        .resolve(object(named.formatted("remove-missing")))
                        .orThrow()
                        .object()
                        .reveal()
                        .object("data"))
                .isEqualTo(JsonObject.builder().put("a", "admin").build());
        assertThat(REFERENCES
                        .resolve(object(named.formatted("ignore")))
                        .orThrow()
                        .places())
                .isEmpty();
        assertThat(codes(REFERENCES.resolve(object(named.formatted("kv-version")))))
                .containsOnly("MISSING_SECRET");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<path:team/db.yaml#user | base64encode>; \"YWRtaW4=\"",
                "<path:team/db.yaml#user|base64encode|base64decode>; \"admin\"",
                "<path:team/all.json#a-two | jsonParse>; {\"x\":2}",
                "<path:team/all.json#a-two | jsonPath {.x}>; 2",
                "<path:team/db.yaml#nested | yamlParse>; {\"deep\":\"below\"}",
                "p <path:team/db.yaml#port>; \"p 5432\"",
                "<path:team/a.env#KEY>; \"quoted\"",
                "<path:team/db.yaml#user | sha256sum>; \"8c6976e5b5410415bde908bd4dee15dfb167a9c873fc4bb8a81f6f2ab448a918\"",
                "<path:team/evil#>; \"<path:team/db.yaml#password>\""
            })
    void resolve_modifiers_workInTurn_andAValueIsNeverSearched(String text, String expected) {
        JsonObject object = JsonObject.of("spec", Json.of(text));
        assertThat(REFERENCES
                        .resolve(object)
                        .orThrow()
                        .object()
                        .reveal()
                        .get("spec")
                        .toJson())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "<path:nowhere#a>, MISSING_SECRET",
        "<path:team/db.yaml#nothing>, MISSING_SECRET",
        "<path:../x#k>, REF_PATH",
        "<path:<path:a#b>>, REF_PATH",
        "<path:a>, REF_SYNTAX",
        "<path:a#b|rot13>, REF_SYNTAX",
        "ref+aws://a#/b, NO_RESOLVER",
        "<path:team/db.yaml#user|base64decode|jsonParse>, REF_MODIFIER"
    })
    void resolve_badReference_isACodeAndAPlace(String text, String code) {
        JsonObject object = JsonObject.of("spec", Json.of("before CANARY-5d1e " + text));
        Outcome<SecretReferences.Resolved> outcome = REFERENCES.resolve(object);
        assertThat(codes(outcome)).contains(code);
        assertThat(outcome.problems().get(0).text()).contains("/spec").doesNotContain("before", CANARY);
    }

    @Test
    void resolve_pathOutsideTheAllowed_isRefused() {
        JsonObject object = JsonObject.of("a", Json.of("<path:team/db.yaml#user>"));
        assertThat(REFERENCES.allowing(List.of("team/.*")).resolve(object).ok()).isTrue();
        assertThat(codes(REFERENCES.allowing(List.of("other/.*")).resolve(object)))
                .containsExactly("REF_PATH");
        assertThatThrownBy(() -> REFERENCES.allowing(List.of("("))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void resolve_resolverThatHangsOrFloods_isItsCodeAndNotItsWords() {
        SecretResolver slow = resolver(refs -> Outcome.failed(Problem.error("TIMEOUT", "gave up on " + CANARY)));
        SecretResolver huge = resolver(refs -> Outcome.of(Map.of(refs.get(0), SecretValue.of(new byte[20 << 20]))));
        JsonObject object = JsonObject.of("a", Json.of("<path:x#y>"));
        Outcome<SecretReferences.Resolved> late =
                SecretReferences.with(List.of(slow)).resolve(object);
        assertThat(codes(late)).containsExactly("TIMEOUT");
        assertThat(late.problems().toString()).doesNotContain(CANARY);
        assertThat(codes(SecretReferences.with(List.of(huge)).resolve(object))).containsExactly("VALUE_SIZE");
    }

    @Test
    void externalSecret_withItsStore_makesTheSecretThatTheOperatorWould() {
        ExternalSecret external = ExternalSecret.of(object("""
                        apiVersion: external-secrets.io/v1
                        kind: ExternalSecret
                        metadata: {name: e, namespace: n}
                        spec:
                          secretStoreRef: {name: s, kind: ClusterSecretStore}
                          target:
                            name: made
                            template: {type: kubernetes.io/basic-auth, metadata: {labels: {l: "1"}}, mergePolicy: Merge, data: {line: "u={{ .username }}"}}
                          data:
                            - {secretKey: username, remoteRef: {key: team/db.yaml, property: user}}
                          dataFrom:
                            - extract: {key: team/all.json}
                              rewrite: [{regexp: {source: "^a-", target: "b-"}}]
                        """)).orThrow();
        JsonObject store = object(
                "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: s}\nspec: {provider: {vault: {server: x}}}\n");
        SecretTemplates templates = (template, values) ->
                Outcome.of(SecretValue.utf8("u=" + values.get("username").revealUtf8()));
        SecretObject made = external.produce(store, REFERENCES, templates).orThrow();
        assertThat(made.reveal().object("data"))
                .isEqualTo(JsonObject.builder()
                        .put("b-one", base64("1"))
                        .put("b-two", base64("{\"x\":2}"))
                        .put("username", base64("admin"))
                        .put("line", base64("u=admin"))
                        .build());
        assertThat(made.reveal().text("type")).isEqualTo("kubernetes.io/basic-auth");
        assertThat(external.targetName()).isEqualTo("made");
        assertThat(external.creationPolicy()).isEqualTo("Owner");
        assertThat(external.references("vault")).hasSize(2);
        JsonObject other = store.with("kind", Json.of("SecretStore"));
        assertThat(codes(external.produce(other, REFERENCES, templates))).containsExactly("STORE_MISMATCH");
    }

    @Test
    void externalSecret_findSourcesAndTemplatesFromElsewhere_makeTheSecret() {
        SecretReferences references = SecretReferences.with(List.of(
                FileSecrets.in(
                                MemoryTree.ofText(Map.of(
                                        "app/db user", "admin", "app/db/pass", "sesame", "app/other", "x", "top", "y")),
                                Limits.defaults())
                        .as("vault"),
                EnvFileSecrets.of(SecretValue.utf8("TOKEN=t1\nTOKEN_OLD=t0\nELSE=e\n"))));
        List<JsonObject> around = List.of(
                object("kind: SecretStore\nmetadata: {name: s}\nspec: {provider: {vault: {}}}\n"),
                object("kind: ClusterSecretStore\nmetadata: {name: tokens}\nspec: {provider: {env: {}}}\n"),
                object(
                        "kind: ConfigMap\nmetadata: {name: t, namespace: n}\ndata: {file: '<db_user>', map: 'a: <db_pass>'}\n"),
                object("kind: Secret\nmetadata: {name: u, namespace: n}\ndata: {key: dDE6PHRfVE9LRU4+}\n"));
        ExternalSecret external = ExternalSecret.of(object("""
                        apiVersion: external-secrets.io/v1
                        kind: ExternalSecret
                        metadata: {name: e, namespace: n}
                        spec:
                          secretStoreRef: {name: s}
                          target:
                            template:
                              metadata: {labels: {l: "<t_ELSE>"}}
                              templateFrom:
                              - configMap: {name: t, items: [{key: file}, {key: map, templateAs: KeysAndValues}]}
                              - secret: {name: u, items: [{key: key}]}
                              - literal: "note: <db_user>"
                                target: Annotations
                              data: {own: "<t_ELSE>"}
                          data:
                          - {secretKey: t_ELSE, remoteRef: {key: ELSE}, sourceRef: {storeRef: {name: tokens, kind: ClusterSecretStore}}}
                          dataFrom:
                          - find: {path: app, name: {regexp: "^db"}}
                          - find: {name: {regexp: TOKEN}}
                            sourceRef: {storeRef: {name: tokens, kind: ClusterSecretStore}}
                            rewrite: [{regexp: {source: "^", target: "t_"}}]
                        """)).orThrow();
        SecretTemplates templates = (template, values) -> {
            String out = template;
            for (Map.Entry<String, SecretValue> each : values.entrySet()) {
                out = out.replace("<" + each.getKey() + ">", each.getValue().revealUtf8());
            }
            return Outcome.of(SecretValue.utf8(out));
        };
        JsonObject made =
                external.produce(around, references, templates).orThrow().reveal();
        assertThat(made.object("data"))
                .isEqualTo(JsonObject.builder()
                        .put("file", base64("admin"))
                        .put("a", base64("sesame"))
                        .put("key", base64("t1:t1"))
                        .put("own", base64("e"))
                        .build());
        assertThat(made.object("metadata").object("labels").text("l")).isEqualTo("e");
        assertThat(made.object("metadata").object("annotations").text("note")).isEqualTo("admin");
        assertThat(codes(external.produce(around.subList(0, 2), references, templates)))
                .containsExactly("MISSING_TEMPLATE");
        assertThat(codes(external.produce(around.subList(0, 1), references, templates)))
                .containsExactly("STORE_MISMATCH");
        ExternalSecret generated = ExternalSecret.of(
                        object(
                                "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\nspec: {dataFrom: [{sourceRef: {generatorRef: {kind: Password, name: p}}}]}\n"))
                .orThrow();
        assertThat(codes(generated.produce(around, references, templates))).containsExactly("UNSUPPORTED_REFERENCE");
    }

    @Test
    void externalSecret_malformed_namesTheField() {
        assertThat(ExternalSecret.of(object("""
                                apiVersion: external-secrets.io/v1
                                kind: ExternalSecret
                                metadata: {name: e}
                                spec: {refreshPolicy: Daily, target: {creationPolicy: Mine}, data: [{remoteRef: {decodingStrategy: Rot}}]}
                                """)).problems())
                .extracting(Problem::text)
                .anyMatch(t -> t.startsWith("spec.refreshPolicy "))
                .anyMatch(t -> t.startsWith("spec.target.creationPolicy "))
                .anyMatch(t -> t.startsWith("spec.data[0].secretKey "))
                .anyMatch(t -> t.startsWith("spec.data[0].remoteRef.key "))
                .anyMatch(t -> t.startsWith("spec.data[0].remoteRef.decodingStrategy "));
        ExternalSecret finding = ExternalSecret.of(
                        object(
                                "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\nspec: {secretStoreRef: {name: s}, dataFrom: [{find: {name: {regexp: x}}}]}\n"))
                .orThrow();
        JsonObject store = object("kind: SecretStore\nmetadata: {name: s}\nspec: {provider: {vault: {}}}\n");
        SecretResolver unlisted = new SecretResolver() {
            @Override
            public List<String> schemes() {
                return List.of("vault");
            }

            @Override
            public Outcome<Map<Ref, SecretValue>> resolve(List<Ref> refs) {
                return Outcome.of(Map.of());
            }
        };
        assertThat(codes(finding.produce(
                        store, SecretReferences.with(List.of(unlisted)), (t, v) -> Outcome.of(SecretValue.utf8("")))))
                .containsExactly("UNSUPPORTED_REFERENCE");
    }

    @Test
    void providerClass_ofVaultAndAzure_givesItsObjectsAndSecrets() {
        SecretProviderClass vault = SecretProviderClass.of(object("""
                        apiVersion: secrets-store.csi.x-k8s.io/v1
                        kind: SecretProviderClass
                        metadata: {name: c, namespace: n}
                        spec:
                          provider: vault
                          parameters:
                            objects: |
                              - {objectName: pw, secretPath: team/db.yaml, secretKey: password}
                          secretObjects:
                            - {secretName: made, type: Opaque, data: [{objectName: pw, key: password}]}
                        """)).orThrow();
        List<SecretObject> made = vault.produce(REFERENCES).orThrow();
        assertThat(made).hasSize(1);
        assertThat(made.get(0).reveal().object("data").text("password")).isEqualTo(base64(CANARY));
        assertThat(made.toString() + vault).doesNotContain(CANARY);
        SecretProviderClass azure = SecretProviderClass.of(object("""
                        kind: SecretProviderClass
                        spec:
                          provider: azure
                          parameters:
                            objects: |
                              array:
                                - |
                                  objectName: one
                                  objectVersion: "3"
                        """)).orThrow();
        assertThat(azure.objects()).containsExactly(Map.entry("one", new SecretResolver.Ref("azure", "one", "", "3")));
        assertThat(codes(SecretProviderClass.of(
                        object("kind: SecretProviderClass\nspec: {provider: x, parameters: {objects: '{}'}}\n"))))
                .containsExactly("BAD_PROVIDER_CLASS");
    }

    private static SecretResolver resolver(
            java.util.function.Function<List<SecretResolver.Ref>, Outcome<Map<SecretResolver.Ref, SecretValue>>>
                    answer) {
        return new SecretResolver() {
            @Override
            public List<String> schemes() {
                return List.of("vault");
            }

            @Override
            public Outcome<Map<Ref, SecretValue>> resolve(List<Ref> refs) {
                return answer.apply(refs).map(LinkedHashMap::new);
            }
        };
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("t.yaml", yaml).orThrow();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> codes(Outcome<?> outcome) {
        return outcome.problems().stream().map(Problem::code).toList();
    }
}
