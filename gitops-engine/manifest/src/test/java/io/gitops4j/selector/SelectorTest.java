package io.gitops4j.selector;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "", "n", "5", "x.io/y", "z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web | true",
                "app==web,n=5 | true",
                "app = api | false",
                "app!=api | true",
                "none!=api | true",
                "app in (api, web) | true",
                "app notin (api,web) | false",
                "none notin (a) | true",
                "app | true",
                "!app | false",
                "! none | true",
                "n>4 | true",
                "n<5 | false",
                "app>1 | false",
                "tier= | true",
                "tier in () | true",
                "x.io/y=z | true",
            })
    void matches_selectorText_asKubernetesDoes(String text, boolean expected) {
        assertThat(LabelSelector.parse(text).orThrow().matches(LABELS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=a",
                "a=b=c",
                "a in b",
                "a in (b",
                "a,,b",
                "a>x",
                "-a=b",
                "a=b!",
                "a b",
                "X.io/y=z",
                "a/b/c",
                "a,"
            })
    void parse_badText_isRefused(String text) {
        assertThat(LabelSelector.parse(text).problems()).extracting("code").containsExactly("SELECTOR");
    }

    @Test
    void of_object_needsBothParts() {
        LabelSelector selector = object("""
                matchLabels: {app: web}
                matchExpressions:
                - {key: "n", operator: In, values: ["5", "6"]}
                - {key: none, operator: DoesNotExist}
                - {key: tier, operator: Exists}
                - {key: app, operator: NotIn, values: [db]}
                """);
        assertThat(selector.matches(LABELS)).isTrue();
        assertThat(selector).hasToString("app=web,app!=db,n in (5,6),!none,tier");
        assertThat(LabelSelector.parse(selector.toString()).orThrow().matches(LABELS))
                .isTrue();
        assertThat(object("{}").isEverything()).isTrue();
        assertThat(LabelSelector.nothing().matches(LABELS)).isFalse();
        assertThat(LabelSelector.of(json("matchExpressions: [{key: a, operator: In}]"))
                        .ok())
                .isFalse();
        assertThat(LabelSelector.of(json("matchLabels: {a: 1}")).ok()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata.name=a | true",
                "metadata.name!=a | false",
                "metadata.name==a,status.phase=Running | true",
                "spec.nodeName= | true",
                "spec.unschedulable=true | true",
                "status.phase=a\\,b | false",
            })
    void fieldSelector_comparesText(String text, boolean expected) {
        JsonObject object = json("metadata: {name: a}\nstatus: {phase: Running}\nspec: {unschedulable: true}\n");
        assertThat(FieldSelector.parse(text).orThrow().matches(object)).isEqualTo(expected);
    }

    @Test
    void fieldSelector_text_roundTripsAndIsChecked() {
        FieldSelector selector = FieldSelector.parse("a.b=x\\=y\\,z,c!=d").orThrow();
        assertThat(selector).hasToString("a.b=x\\=y\\,z,c!=d");
        assertThat(selector.fields()).containsExactly("a.b", "c");
        assertThat(FieldSelector.parse("a").ok()).isFalse();
        assertThat(FieldSelector.parse("a=b=c").ok()).isFalse();
        assertThat(FieldSelector.parse("").orThrow().matches(JsonObject.empty()))
                .isTrue();
    }

    private static LabelSelector object(String yaml) {
        return LabelSelector.of(json(yaml)).orThrow();
    }

    private static JsonObject json(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("test", yaml).orThrow();
    }
}
