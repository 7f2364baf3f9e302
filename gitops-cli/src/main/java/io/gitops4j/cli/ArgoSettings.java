package io.gitops4j.cli;

import io.gitops4j.cluster.Health;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.glob.Glob;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.lua.LuaScript;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.sync.ResourceTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is taken from Argo CD's configuration, {@code argocd-cm}: how objects are tracked, and health scripts, its entries
 * {@code resource.customizations.health.GROUP_KIND} and the older {@code resource.customizations}. An exact kind wins over a
 * pattern, of several patterns the first in alphabetical order, and what no script is for is judged by the usual rules.
 *
 * <p>Source: argocd §1, §6.1 and §6.4.
 */
final class ArgoSettings {
    private static final String NAME = "argocd-cm";
    private static final String OLD = "resource.customizations";
    private static final String HEALTH = OLD + ".health.";
    private static final String TRACKING = "application.resourceTrackingMethod";
    private static final String LABEL = "application.instanceLabelKey";
    private static final String INSTALLATION = "installationID";

    private final Map<String, LuaScript> exact = new LinkedHashMap<>();
    private final TreeMap<String, Pattern> patterns = new TreeMap<>();
    private final InstantSource time;
    private String tracking = "";
    private String label = ResourceTracking.DEFAULT_LABEL;
    private String installation = "";

    private record Pattern(Glob glob, LuaScript script) {}

    private ArgoSettings(InstantSource time) {
        this.time = time;
    }

    /** What the ConfigMaps of a repository say, and then those of the files, which win. */
    static ArgoSettings of(@Nullable SourceTree tree, List<Path> files, InstantSource time) {
        ArgoSettings settings = new ArgoSettings(time);
        if (tree != null) {
            settings.collect(tree, "");
        }
        for (Path file : files) {
            try {
                settings.read(file.toString(), Files.readString(file));
            } catch (IOException e) {
                throw new GitOpsException("NOT_FOUND", file + " cannot be read", e);
            }
        }
        return settings;
    }

    private void collect(SourceTree tree, String path) {
        for (String name : tree.list(path)) {
            String child = path.isEmpty() ? name : path + "/" + name;
            if (tree.entry(child) == SourceTree.Entry.DIRECTORY) {
                collect(tree, child);
            } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
                try {
                    tree.read(child).map(Bytes::utf8).ifPresent(text -> read(child, text));
                } catch (GitOpsException unreadable) {
                    continue;
                }
            }
        }
    }

    private void read(String file, String text) {
        if (!text.contains(NAME)) {
            return;
        }
        for (Json document : YamlReader.kubectl().readAll(file, text).value().orElse(List.of())) {
            if (document instanceof JsonObject map
                    && map.text("kind", "").equals("ConfigMap")
                    && map.object("metadata").text("name", "").equals(NAME)) {
                JsonObject data = map.object("data");
                customizations(file, data.text(OLD, ""));
                tracking = data.text(TRACKING, tracking);
                label = data.text(LABEL, label);
                installation = data.text(INSTALLATION, installation);
                for (String key : data.keys()) {
                    if (key.startsWith(HEALTH)) {
                        put(key.substring(HEALTH.length()).replace('_', '/'), data.text(key, ""));
                    }
                }
            }
        }
    }

    private void customizations(String file, String yaml) {
        if (!yaml.isBlank() && YamlReader.kubectl().read(file, yaml).orThrow() instanceof JsonObject kinds) {
            for (String kind : kinds.keys()) {
                String script = kinds.object(kind).text("health.lua", "");
                if (!script.isEmpty()) {
                    put(kind, script);
                }
            }
        }
    }

    private void put(String kind, String script) {
        LuaScript compiled = LuaScript.of(script, time);
        if (kind.indexOf('*') >= 0) {
            Glob.gobwas(kind, "").ifPresent(glob -> patterns.put(kind, new Pattern(glob, compiled)));
        } else {
            exact.put(kind, compiled);
        }
    }

    /**
     * How objects are tracked, by annotation where nothing is said.
     *
     * @throws GitOpsException {@code BAD_TRACKING} when there is no such method
     */
    ResourceTracking tracking() {
        ResourceTracking.Method method = ResourceTracking.Method.of(tracking);
        if (!tracking.isEmpty() && !method.wire().equals(tracking)) {
            throw new GitOpsException(
                    "BAD_TRACKING",
                    NAME + " says " + TRACKING + ": " + tracking
                            + "; it is one of annotation, label, annotation+label and inventory");
        }
        return new ResourceTracking(method, label, installation);
    }

    /** These scripts in front of the usual rules. */
    HealthCheck over(HealthCheck usual) {
        return exact.isEmpty() && patterns.isEmpty() ? usual : live -> assess(live, usual);
    }

    private Optional<Health> assess(JsonObject live, HealthCheck usual) {
        LuaScript script = live.object("metadata").has("deletionTimestamp") ? null : script(live);
        if (script == null) {
            return usual.assess(live);
        }
        Outcome<Health> outcome = script.health(live);
        return Optional.of(outcome.value()
                .orElseGet(() -> new Health(
                        Health.Status.UNKNOWN, outcome.errors().get(0).text())));
    }

    private @Nullable LuaScript script(JsonObject live) {
        String version = live.text("apiVersion", "");
        int slash = version.indexOf('/');
        String kind = live.text("kind", "");
        String key = slash < 0 ? kind : version.substring(0, slash) + "/" + kind;
        LuaScript known = exact.get(key);
        if (known != null) {
            return known;
        }
        for (Map.Entry<String, Pattern> pattern : patterns.entrySet()) {
            if (pattern.getValue().glob().matches(key)) {
                return pattern.getValue().script();
            }
        }
        return null;
    }
}
