package io.gitops4j.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.ActionEffect;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class LuaScriptTest {
    private static final InstantSource TIME = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
    private static final String CONDITIONS = """
            local hs = {status = "Progressing", message = "waiting"}
            if obj.status ~= nil and obj.status.conditions ~= nil then
              for i, condition in ipairs(obj.status.conditions) do
                if condition.type == "Ready" then
                  hs.message = condition.message
                  hs.status = condition.status == "True" and "Healthy" or "Degraded"
                end
              end
            end
            return hs
            """;

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("test", yaml).orThrow();
    }

    @Test
    void health_ofConditions_isTheScripts() {
        LuaHealth check = new LuaHealth("example.com", "Widget", LuaScript.of(CONDITIONS, TIME));
        String widget =
                "{apiVersion: example.com/v1, kind: Widget, status: {conditions: [{type: Ready, status: 'False', message: m}]}}";
        assertThat(check.assess(object(widget))).contains(new Health(Health.Status.DEGRADED, "m"));
        assertThat(check.assess(object("{apiVersion: example.com/v1, kind: Widget}")))
                .contains(new Health(Health.Status.PROGRESSING, "waiting"));
        assertThat(check.assess(object("{apiVersion: v1, kind: Widget}"))).isEmpty();
    }

    @Test
    void restart_setsTheTimeAndKeepsTheRest() {
        List<ActionEffect> effects = LuaScript.of("""
                if obj.spec.template.metadata == nil then obj.spec.template.metadata = {} end
                if obj.spec.template.metadata.annotations == nil then obj.spec.template.metadata.annotations = {} end
                obj.spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"] = os.date("!%Y-%m-%dT%XZ")
                return obj
                """, TIME)
                .action(object("{kind: Deployment, spec: {replicas: 2, args: [], template: {a: 1}}}"))
                .orThrow();
        assertThat(effects)
                .singleElement()
                .satisfies(
                        effect -> assertThat(effect.object().toJson())
                                .isEqualTo(
                                        "{\"kind\":\"Deployment\",\"spec\":{\"replicas\":2,\"args\":[],\"template\":{\"a\":1,"
                                                + "\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"2026-01-02T03:04:05Z\"}}}}}"));
    }

    @Test
    void createJob_ofACronJob_isACreate() {
        List<ActionEffect> effects = LuaScript.of("""
                local job = {apiVersion = "batch/v1", kind = "Job"}
                job.metadata = {name = obj.metadata.name .. "-" .. tostring(os.time()), namespace = obj.metadata.namespace}
                job.spec = obj.spec.jobTemplate.spec
                return {{operation = "create", resource = job}}
                """, TIME)
                .action(object("{metadata: {name: c, namespace: n}, spec: {jobTemplate: {spec: {x: [1]}}}}"))
                .orThrow();
        assertThat(effects.get(0).operation()).isEqualTo(ActionEffect.Operation.CREATE);
        assertThat(effects.get(0).object().toJson()).contains("c-1767323045").contains("\"x\":[1]");
    }

    @Test
    void endlessScript_isEnded_evenInsidePcall() {
        for (String endless : List.of(
                "while true do end",
                "while true do pcall(function() while true do end end) end",
                "return string.rep('x', 1e9)",
                "local function f() return 1 + f() end return f()")) {
            assertThat(LuaScript.of(endless, TIME).health(JsonObject.empty()).errors())
                    .as(endless)
                    .extracting(Problem::code)
                    .containsExactly("LUA_LIMIT");
        }
    }

    @Test
    void sandbox_hasNoWayOut() {
        for (String name :
                List.of("io", "os.execute", "require", "dofile", "load", "debug", "luajava", "math.random")) {
            Health health = LuaScript.of("return {status = " + name + " == nil and 'Healthy' or 'Degraded'}", TIME)
                    .health(JsonObject.empty())
                    .orThrow();
            assertThat(health.status()).as(name).isEqualTo(Health.Status.HEALTHY);
        }
    }

    @Test
    void brokenScript_isAProblem() {
        assertThat(LuaScript.of("return {", TIME).health(JsonObject.empty()).errors())
                .extracting(Problem::code)
                .containsExactly("LUA_SCRIPT");
        assertThat(LuaScript.of("return {status = 'Fine'}", TIME)
                        .health(JsonObject.empty())
                        .errors())
                .extracting(Problem::code)
                .containsExactly("LUA_RESULT");
        assertThat(LuaScript.of("return 1", TIME).action(JsonObject.empty()).ok())
                .isFalse();
    }
}
