package io.gitops4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.Health.Status;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import org.junit.jupiter.api.Test;

class HealthRulesTest {
    private static final HealthRules WIDGET = HealthRules.parse("""
                    - kinds: [example.io/Widget, "*.example.io/*"]
                      rules: |
                        # a comment
                        spec.paused => Suspended {metadata.name} is paused
                        ready = condition('Ready')
                        ready.status == 'True' && size(status.parts) >= 2 => Healthy {ready.message}
                        for part in status.parts
                          part.state in ['broken', 'lost'] => Degraded part {part.name}: {part.state ?? 'unknown'}
                        when ready.status != null
                          names = list(status.parts).filter(p, !p.done).map(p, p.name)
                          => Progressing waiting for {names.join(', ')}
                    """).orThrow();

    @Test
    void assess_lineThatHolds_decides() {
        assertThat(WIDGET.assess(widget("spec: {paused: true}"))).contains(new Health(Status.SUSPENDED, "w is paused"));
    }

    @Test
    void assess_firstItemOfLoopThatDecides_wins() {
        assertThat(WIDGET.assess(widget("status: {parts: [{name: a, state: ok}, {name: b, state: lost}]}")))
                .contains(new Health(Status.DEGRADED, "part b: lost"));
    }

    @Test
    void assess_listMacros_filterAndJoin() {
        JsonObject object = widget("""
                status:
                  conditions: [{type: Ready, status: "False"}]
                  parts: [{name: a, done: true}, {name: b}, {name: c}]
                """);
        assertThat(WIDGET.assess(object)).contains(new Health(Status.PROGRESSING, "waiting for b, c"));
    }

    @Test
    void assess_noLineHolds_saysNothing() {
        assertThat(WIDGET.assess(widget("spec: {}"))).isEmpty();
    }

    @Test
    void assess_patternOfGroup_countsWhereNoExactNameIs() {
        JsonObject other =
                read("apiVersion: a.example.io/v1\nkind: Other\nmetadata: {name: o}\nspec: {paused: true}\n");
        assertThat(WIDGET.assess(other)).contains(new Health(Status.SUSPENDED, "o is paused"));
        assertThat(WIDGET.assess(read("apiVersion: v1\nkind: Other\nspec: {paused: true}\n")))
                .isEmpty();
    }

    @Test
    void parse_unknownName_isAProblemWithItsLine() {
        assertThat(HealthRules.parse("- kinds: [Pod]\n  rules: |\n    => Healthy\n    stats.x => Healthy\n")
                        .problems())
                .extracting(Problem::code, Problem::text)
                .containsExactly(
                        tuple("HEALTH_RULE_SYNTAX", "the rule for Pod, line 2: unknown name 'stats' at column 1"));
    }

    @Test
    void parse_wrongStatus_isAProblem() {
        assertThat(HealthRules.parse("- kinds: [Pod]\n  rules: '=> Fine'\n").problems())
                .extracting(Problem::text)
                .containsExactly("the rule for Pod, line 1: 'Fine' is no health status");
    }

    @Test
    void parse_notAList_isAProblem() {
        assertThat(HealthRules.parse("kinds: [Pod]").problems())
                .extracting(Problem::code)
                .containsExactly("HEALTH_RULE_FORM");
    }

    @Test
    void standard_ownRule_replacesTheOneThatComesWithTheLibrary() {
        HealthRules own = HealthRules.parse("- kinds: [apps/Deployment]\n  rules: '=> Healthy mine'\n")
                .orThrow();
        JsonObject paused = read("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {paused: true}\n");
        assertThat(HealthChecks.standard().assess(paused))
                .contains(new Health(Status.SUSPENDED, "Deployment is paused"));
        assertThat(HealthChecks.standard(own).assess(paused)).contains(new Health(Status.HEALTHY, "mine"));
    }

    @Test
    void standard_objectBeingDeleted_isProgressing_unlessAHookFinalizerHoldsIt() {
        String text =
                "apiVersion: v1\nkind: Service\nmetadata: {name: s, deletionTimestamp: '2024-01-01T00:00:00Z'%s}\n";
        assertThat(HealthChecks.standard().assess(read(String.format(text, ""))))
                .contains(new Health(Status.PROGRESSING, "Pending deletion"));
        assertThat(HealthChecks.standard()
                        .assess(read(String.format(text, ", finalizers: [argocd.argoproj.io/hook-finalizer]"))))
                .contains(new Health(Status.HEALTHY, ""));
    }

    private static JsonObject widget(String rest) {
        return read("apiVersion: example.io/v1\nkind: Widget\nmetadata: {name: w}\n" + rest + "\n");
    }

    private static JsonObject read(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("test", yaml).orThrow();
    }
}
