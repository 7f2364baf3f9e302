package io.gitops4j.rego.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private static final String REVIEW = """
            {"type": "object", "properties": {
              "kind": {"type": "object", "properties": {"kind": {"type": "string"}, "version": {"type": "string"}}},
              "object": {"type": "object"},
              "names": {"type": "array", "items": {"type": "string"}}}}
            """;
    private static final String POD = """
            {"$ref": "#/definitions/pod", "definitions": {"pod": {"allOf": [
              {"type": "object", "properties": {"name": {"type": "string"}}},
              {"properties": {"ports": {"type": "array", "items": {"type": "integer"}}}}]}}}
            """;

    private static Json json(String text) {
        return JsonReader.parse(text).orThrow();
    }

    private static List<String> errors(SchemaSet schemas, String module) {
        return Rego.compile(
                        List.of(new RegoModule("p.rego", module)),
                        RegoOptions.v1().schemas(schemas))
                .problems()
                .stream()
                .map(problem -> problem.where().line() + " " + problem.text())
                .toList();
    }

    @Test
    void schemaOfTheInput_holdsInEveryRule() {
        List<String> errors = errors(SchemaSet.ofInput(json(REVIEW)), """
                package p
                a if input.kind.kinds == "Pod"
                b if input.kind.kind == 7
                c if input.object.anything.at.all
                d contains x if some x in input.names
                e if { some x in input.names; x == 1 }
                """);
        assertThat(errors).hasSize(3);
        assertThat(errors.get(0))
                .isEqualTo(
                        "2 undefined ref: input.kind.kinds\n\tinput.kind.kinds\n\t           ^\n\t           have: \"kinds\""
                                + "\n\t           want (one of): [\"kind\" \"version\"]");
        assertThat(errors.get(1)).startsWith("3 match error");
        assertThat(errors.get(2)).startsWith("6 match error");
    }

    @Test
    void namedSchemas_comeByAnnotation_andNearerOnesOverride() {
        SchemaSet schemas = SchemaSet.ofNamed(Map.of("review", json(REVIEW), "kinds/pod-1", json(POD)));
        List<String> errors = errors(schemas, """
                # METADATA
                # scope: subpackages
                # schemas:
                # - input: schema.review
                package p

                a if input.nothing

                # METADATA
                # schemas:
                # - input.object: schema.kinds["pod-1"]
                # - data.acl: {type: object, properties: {ann: {type: string}}}
                b if {
                  input.object.name == "x"
                  input.object.ports[_] == 80
                  input.kind.kind == "Pod"
                  data.acl.ann == "x"
                  data.other.thing
                }

                # METADATA
                # schemas:
                # - input.object: schema.kinds["pod-1"]
                # - data.acl: {type: object, properties: {ann: {type: string}}}
                c if { input.object.nam; data.acl.bob }

                # METADATA
                # scope: document
                # schemas:
                # - input: {type: string}
                d if input == "x"

                d if input == 1
                """);
        assertThat(errors).hasSize(4);
        assertThat(errors.get(0)).startsWith("7 undefined ref: input.nothing");
        assertThat(errors.get(1)).startsWith("25 undefined ref: input.object.nam");
        assertThat(errors.get(2)).startsWith("25 undefined ref: data.acl.bob");
        assertThat(errors.get(3)).startsWith("33 match error");
    }

    @Test
    void unions_offerEveryBranch() {
        SchemaSet schemas = SchemaSet.ofInput(json("""
                {"type": "object", "properties": {"r": {"type": "object", "anyOf": [
                  {"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": ["number", "null"]}}}]}}}
                """));
        assertThat(errors(schemas, "package p\np if input.r.a == \"x\"\nq if input.r.b == null"))
                .isEmpty();
        assertThat(errors(schemas, "package p\np if input.r.c"))
                .singleElement()
                .asString()
                .contains("undefined ref");
    }

    @Test
    void namesWithoutSet_areLeftAside_andUnknownOnesAreErrors() {
        String module = """
                package p
                # METADATA
                # schemas:
                # - input: schema.none
                p if input.x
                """;
        assertThat(errors(SchemaSet.none(), module)).isEmpty();
        assertThat(errors(SchemaSet.ofNamed(Map.of()), module)).containsExactly("5 undefined schema: schema.none");
    }

    @Test
    void brokenSchemas_areSaidAtTheRule() {
        for (Map.Entry<String, String> fault : Map.of(
                        "{$ref: \"%s\"}", "parse \"%s\": invalid URL escape \"%s\"",
                        "{$ref: \"https://x.test/a\"}", "remote reference loading disabled: https://x.test/a",
                        "{type: strange}", "has a type that is NOT VALID -- given: /strange/")
                .entrySet()) {
            List<String> errors =
                    errors(SchemaSet.none(), """
                    package p
                    # METADATA
                    # schemas:
                    # - input: %s
                    p if input.x
                    """.replace("%s", "@").formatted().replace("@", fault.getKey()));
            assertThat(errors)
                    .singleElement()
                    .asString()
                    .startsWith("5 unable to compile the schema: " + fault.getValue());
        }
    }

    @Test
    void queries_areTypeChecked() {
        var rego = Rego.compile(
                        List.of(new RegoModule("p.rego", "package p\nq := 1")),
                        RegoOptions.v1().schemas(SchemaSet.ofInput(json(REVIEW))))
                .orThrow();
        assertThat(rego.query("input.kind.knid").problems())
                .extracting(Problem::code)
                .containsExactly("rego_type_error");
        assertThat(rego.query("data.p.q.r").ok()).isFalse();
        assertThat(rego.query("data.p.q == 2").ok()).isTrue();
    }

    @Test
    void recursionThroughKnownKeys_isRefusedOnlyWhereItHappens() {
        assertThat(errors(SchemaSet.none(), """
                package p
                r if {
                  some x in ["a", "b"]
                  data[x].r
                }
                """)).isEmpty();
        assertThat(errors(SchemaSet.none(), """
                package p
                r if {
                  some x in ["a", "p"]
                  data[x].r
                }
                """)).singleElement().asString().contains("recursive");
    }
}
