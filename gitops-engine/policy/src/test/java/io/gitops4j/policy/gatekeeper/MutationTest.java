package io.gitops4j.policy.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MutationTest {
    private static final String POD =
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: app}, spec: {containers: ["
                    + "{name: a, image: 'nginx:1', args: [x]}, {name: b, image: 'reg.io/lib/b@sha256:00'}]}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Assign|spec.containers[name: *].imagePullPolicy|assign: {value: Always}|spec.containers.1.imagePullPolicy|\"Always\"",
                "Assign|spec.containers[name:b].tty|assign: {value: true}|spec.containers.1.tty|true",
                "Assign|spec.containers[name:b].tty|assign: {value: true}|spec.containers.0.tty|none",
                "Assign|spec.containers[name: new].image|assign: {value: i}|spec.containers.2|{\"image\":\"i\",\"name\":\"new\"}",
                "Assign|spec.containers[name: new]|assign: {value: {name: new, image: j}}|spec.containers.2|{\"name\":\"new\",\"image\":\"j\"}",
                "Assign|spec.initContainers[name: *].image|assign: {value: i}|spec.initContainers|none",
                "Assign|spec.dnsConfig.options.\"a.b\"|assign: {value: 1}|spec.dnsConfig.options|{\"a.b\":1}",
                "Assign|spec.ns|assign: {fromMetadata: {field: namespace}}|spec.ns|\"app\"",
                "Assign|spec.containers[name: *].image|{assign: {value: z}, assignIf: {in: ['nginx:1']}}|spec.containers.0.image|\"z\"",
                "Assign|spec.containers[name: *].image|{assign: {value: z}, assignIf: {in: ['nginx:1']}}|spec.containers.1.image|\"reg.io/lib/b@sha256:00\"",
                "Assign|spec.containers[name: *].image|{assign: {value: z}, assignIf: {notIn: ['nginx:1']}}|spec.containers.0.image|\"nginx:1\"",
                "Assign|spec.containers[name: *].args|{assign: {value: [w]}, pathTests: [{subPath: 'spec.containers[name: *].args', condition: MustNotExist}]}|spec.containers.0.args|[\"x\"]",
                "Assign|spec.containers[name: *].args|{assign: {value: [w]}, pathTests: [{subPath: 'spec.containers[name: *].args', condition: MustNotExist}]}|spec.containers.1.args|[\"w\"]",
                "Assign|spec.a.b|{assign: {value: 1}, pathTests: [{subPath: spec.a, condition: MustExist}]}|spec.a|none",
                "AssignMetadata|metadata.labels.owner|assign: {value: me}|metadata.labels|{\"owner\":\"me\"}",
                "AssignMetadata|metadata.annotations.\"a.b/c\"|assign: {value: me}|metadata.annotations|{\"a.b/c\":\"me\"}",
                "ModifySet|spec.containers[name: a].args|{operation: merge, values: {fromList: [x, w]}}|spec.containers.0.args|[\"x\",\"w\"]",
                "ModifySet|spec.containers[name: a].args|{operation: prune, values: {fromList: [x]}}|spec.containers.0.args|[]",
                "ModifySet|spec.containers[name: b].args|{operation: prune, values: {fromList: [x]}}|spec.containers.1.args|none",
                "ModifySet|spec.containers[name: b].args|{values: {fromList: [x]}}|spec.containers.1.args|[\"x\"]",
                "AssignImage|spec.containers[name: *].image|assignTag: ':2'|spec.containers.0.image|\"nginx:2\"",
                "AssignImage|spec.containers[name: *].image|assignTag: ':2'|spec.containers.1.image|\"reg.io/lib/b:2\"",
                "AssignImage|spec.containers[name: *].image|assignDomain: localhost|spec.containers.0.image|\"localhost/nginx:1\"",
                "AssignImage|spec.containers[name: *].image|{assignDomain: 'r:5000', assignPath: o/p}|spec.containers.1.image|\"r:5000/o/p@sha256:00\"",
            })
    void mutator_ofEachKind_writesAtItsLocation(
            String kind, String location, String parameters, String place, String expected) {
        Mutation mutation =
                Mutation.builder().add(mutator(kind, "m", location, parameters)).build();
        assertThat(mutation.problems()).isEmpty();
        Json value = mutation.mutate(object(POD)).orThrow().find(place.split("[.]", -1));
        assertThat(value == null ? "none" : value.toJson()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Assign|spec.containers[name *].x|assign: {value: 1}|':' expected at column 22",
                "Assign|spec..x|assign: {value: 1}|a name expected at column 6",
                "Assign|spec.\"x|assign: {value: 1}|the quote is not closed",
                "Assign|spec.x[a: b][c: d]|assign: {value: 1}|a list within a list",
                "Assign|metadata.labels.x|assign: {value: 1}|may not change metadata",
                "Assign|spec.x|assign: {externalData: {provider: p}}|externalData asks a service",
                "Assign|spec.x|{}|needs either value or fromMetadata",
                "Assign|spec.x|assign: {fromMetadata: {field: uid}}|must be name or namespace",
                "Assign|spec.x[name: *]|assign: {value: 1}|must not be a glob",
                "Assign|spec.x[name: a]|assign: {value: {name: b}}|an object with name: a",
                "Assign|spec.x|{assign: {value: 1}, pathTests: [{subPath: spec.y, condition: MustExist}]}|no beginning of the location",
                "Assign|spec.x|{assign: {value: 1}, pathTests: [{subPath: spec, condition: May}]}|neither MustExist nor MustNotExist",
                "AssignMetadata|metadata.name|assign: {value: x}|metadata.labels.x and metadata.annotations.x only",
                "AssignMetadata|metadata.labels.x|assign: {value: 1}|must be a string",
                "ModifySet|spec.x|{operation: add, values: {fromList: []}}|neither merge nor prune",
                "ModifySet|spec.x|{}|fromList must be a list",
                "AssignImage|spec.x|{}|is needed",
                "AssignImage|spec.x|assignDomain: plain|is not a domain",
                "AssignImage|spec.x|assignPath: 'a.io/b'|begins with a domain",
                "AssignImage|spec.x|assignTag: latest|neither :tag nor @digest",
            })
    void mutator_thatMakesNoSense_isRefused(String kind, String location, String parameters, String why) {
        Mutation mutation = Mutation.builder()
                .add(Manifest.trusted(mutator(kind, "m", location, parameters), Origin.file("policies/m.yaml", 0)))
                .build();
        assertThat(mutation.size()).isZero();
        assertThat(mutation.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("MUTATOR_INVALID");
            assertThat(problem.text()).contains(why);
            assertThat(problem.where().file()).isEqualTo("policies/m.yaml");
        });
    }

    @Test
    void metadata_thatIsThere_isNeverChanged() {
        JsonObject labelled = object("{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {owner: you}}}");
        assertThat(Mutation.builder()
                        .add(mutator("AssignMetadata", "m", "metadata.labels.owner", "assign: {value: me}"))
                        .build()
                        .mutate(labelled)
                        .orThrow())
                .isSameAs(labelled);
    }

    @Test
    void order_isByKindAndName_andRepeatsUntilNothingChanges() {
        Mutation mutation = Mutation.builder()
                .add(mutator("Assign", "b", "spec.one", "assign: {value: 1}"))
                .add(mutator(
                        "Assign",
                        "a",
                        "spec.two",
                        "{assign: {value: 2}, pathTests: [{subPath: spec.two, condition: MustNotExist}]}"))
                .add(mutator(
                        "Assign",
                        "0",
                        "spec.one.deep",
                        "{assign: {value: 3}, pathTests: [{subPath: spec.one, condition: MustExist}]}"))
                .build();
        assertThat(mutation.problems()).isEmpty();
        assertThat(mutation.mutate(object(POD)).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.text()).contains("spec.one is not an object"));
    }

    @Test
    void mutators_thatUndoEachOther_doNotConverge() {
        Mutation mutation = Mutation.builder()
                .add(mutator("Assign", "a", "spec.x", "assign: {value: 1}"))
                .add(mutator("Assign", "b", "spec.x", "assign: {value: 2}"))
                .add(mutator("ModifySet", "c", "spec.l", "{operation: merge, values: {fromList: [1]}}"))
                .add(mutator("ModifySet", "d", "spec.l", "{operation: prune, values: {fromList: [1]}}"))
                .build();
        // Two assignments end each round alike, so they converge; so do a merge and a prune, though they cancel out.
        assertThat(mutation.mutate(object(POD)).orThrow().find("spec", "x")).isEqualTo(Json.of(2));
        Mutation flips = Mutation.builder()
                .add(mutator("Assign", "a", "spec.x", "{assign: {value: 1}, assignIf: {in: [2]}}"))
                .add(mutator("Assign", "b", "spec.x", "{assign: {value: 2}, assignIf: {in: [3]}}"))
                .add(mutator("Assign", "c", "spec.x", "{assign: {value: 3}, assignIf: {in: [1]}}"))
                .build();
        assertThat(flips.mutate(object("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {x: 2}}"))
                        .problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("MUTATION_DIVERGES"));
    }

    @Test
    void mutators_thatDisagreeAboutTheShape_areAllOff() {
        Mutation mutation = Mutation.builder()
                .add(Manifest.trusted(
                        mutator("Assign", "list", "spec.x[name: a].y", "assign: {value: 1}"),
                        Origin.file("policies/list.yaml", 0)))
                .add(mutator("Assign", "object", "spec.x.y", "assign: {value: 1}"))
                .add(mutator("Assign", "fine", "spec.z", "assign: {value: 1}"))
                .build();
        assertThat(mutation.size()).isEqualTo(1);
        assertThat(mutation.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("MUTATOR_CONFLICT");
            assertThat(problem.text())
                    .isEqualTo("v1 Pod .spec.x is a list by name for Assign/list (policies/list.yaml) and an object for"
                            + " Assign/object");
            assertThat(problem.where().file()).isEqualTo("policies/list.yaml");
        });
    }

    @Test
    void set_isMutatedWithItsOrigin_andFailsClosed() {
        ManifestSet objects = ManifestSet.of(List.of(Manifest.trusted(object(POD), Origin.file("apps/p.yaml", 0))))
                .orThrow();
        Mutation good = Mutation.builder()
                .add(mutator("AssignMetadata", "m", "metadata.labels.owner", "assign: {value: me}"))
                .build();
        Manifest changed = good.mutate(objects).orThrow().manifests().get(0);
        assertThat(changed.labels().text("owner")).isEqualTo("me");
        assertThat(changed.origin().transformations()).containsExactly("gatekeeper mutation");
        Outcome<ManifestSet> bad = Mutation.builder()
                .add(mutator("Assign", "m", "spec.containers.x", "assign: {value: me}"))
                .build()
                .mutate(objects);
        assertThat(bad.errors()).extracting(Problem::code).containsExactly("MUTATION_FAILED");
        assertThat(bad.errors().get(0).where().file()).isEqualTo("apps/p.yaml");
        assertThat(Mutation.builder()
                        .add(mutator("Assign", "m", "", "{}"))
                        .build()
                        .mutate(objects)
                        .ok())
                .isFalse();
    }

    @Test
    void admission_mutatesWritesOnly() {
        Mutation mutation = Mutation.builder()
                .add(mutator("Assign", "m", "spec.x", "assign: {value: 1}"))
                .build();
        JsonObject pod = object(POD);
        assertThat(mutation.review(new AdmissionHook.Request("CREATE", pod, null, "", "u", null))
                        .mutated())
                .isPresent();
        assertThat(mutation.review(new AdmissionHook.Request("CREATE", pod, null, "status", "u", null))
                        .mutated())
                .isEmpty();
        assertThat(mutation.review(new AdmissionHook.Request("DELETE", null, pod, "", "u", null)))
                .isEqualTo(AdmissionHook.Review.allowed());
    }

    @Test
    void expansion_isMutatedAsGenerated() {
        JsonObject template =
                object("{apiVersion: expansion.gatekeeper.sh/v1beta1, kind: ExpansionTemplate, metadata: {name: e},"
                        + " spec: {applyTo: [{groups: [apps], versions: [v1], kinds: [Deployment]}], templateSource: spec.template,"
                        + " generatedGVK: {group: '', version: v1, kind: Pod}}}");
        JsonObject mutator =
                mutator("Assign", "m", "spec.containers[name: *].imagePullPolicy", "assign: {value: Always}");
        JsonObject generated = mutator.with(
                "spec", mutator.object("spec").with("match", object("{source: Generated, scope: Namespaced}")));
        Gatekeeper client =
                Gatekeeper.builder().addAll(List.of(template, generated)).build();
        assertThat(client.problems()).isEmpty();
        List<JsonObject> pods = new ArrayList<>(client.expand(object(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers:"
                        + " [{name: a}]}}}}")));
        assertThat(pods)
                .singleElement()
                .satisfies(pod -> assertThat(pod.find("spec", "containers", "0", "imagePullPolicy"))
                        .isEqualTo(Json.of("Always")));
    }

    private static JsonObject mutator(String kind, String name, String location, String parameters) {
        String shown = parameters.startsWith("{") ? parameters : "{" + parameters + "}";
        JsonObject spec = JsonObject.builder()
                .put(
                        "applyTo",
                        object("{a: [{groups: [''], versions: [v1], kinds: [Pod]}]}")
                                .array("a"))
                .put("location", location)
                .put("parameters", object(shown))
                .build();
        return object("{apiVersion: mutations.gatekeeper.sh/v1, kind: " + kind + ", metadata: {name: '" + name + "'}}")
                .with("spec", spec);
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
