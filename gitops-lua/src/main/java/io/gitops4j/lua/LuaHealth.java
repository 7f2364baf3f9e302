package io.gitops4j.lua;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.spi.HealthCheck;
import java.util.Optional;

/** The health of one kind by a script. A script that fails gives Unknown with its problem as the message. */
public final class LuaHealth implements HealthCheck {
    private final String group;
    private final String kind;
    private final LuaScript script;

    /** A check for objects of {@code kind} in {@code group}, {@code ""} for the core group. */
    public LuaHealth(String group, String kind, LuaScript script) {
        this.group = group;
        this.kind = kind;
        this.script = script;
    }

    @Override
    public Optional<Health> assess(JsonObject live) {
        String version = live.text("apiVersion", "");
        int slash = version.indexOf('/');
        if (!kind.equals(live.text("kind", "")) || !group.equals(slash < 0 ? "" : version.substring(0, slash))) {
            return Optional.empty();
        }
        Outcome<Health> outcome = script.health(live);
        return Optional.of(outcome.value()
                .orElseGet(() -> new Health(
                        Health.Status.UNKNOWN, outcome.errors().get(0).text())));
    }
}
