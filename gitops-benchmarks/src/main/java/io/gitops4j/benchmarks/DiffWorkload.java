package io.gitops4j.benchmarks;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Pairs of Deployments, target against live, made from two templates: system property {@code gitops4j.bench.diff}, else
 * {@code ../shared/bench/diff}. The README there defines them.
 */
final class DiffWorkload {
    private static final String[] TIERS = {"web", "batch", "data"};

    private final String targetTemplate;
    private final String liveTemplate;

    DiffWorkload() {
        Path folder = Path.of(System.getProperty("gitops4j.bench.diff", "../shared/bench/diff"));
        try {
            targetTemplate = Files.readString(folder.resolve("target-template.json"));
            liveTemplate = Files.readString(folder.resolve("live-template.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pair, read. */
    record Pair(JsonObject target, JsonObject live) {}

    /**
     * The pairs.
     *
     * @param drift every {@code drift}-th pair is drifted; 0: none
     */
    List<Pair> pairs(int count, int drift) {
        List<Pair> pairs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String target = target(i);
            pairs.add(new Pair(read(target), read(live(i, drift, target))));
        }
        return pairs;
    }

    private static JsonObject read(String text) {
        Json value = JsonReader.parse(text).orThrow();
        return (JsonObject) value;
    }

    /** How many of the pairs are drifted. */
    static int drifted(int count, int drift) {
        int drifted = 0;
        for (int i = 0; i < count; i++) {
            drifted += kind(i, drift) >= 0 ? 1 : 0;
        }
        return drifted;
    }

    private static int kind(int i, int drift) {
        return drift > 0 && i % drift == 3 % drift ? i / drift % 5 : -1;
    }

    String target(int i) {
        return common(targetTemplate, i)
                .replace("@TIER@", TIERS[i % 3])
                .replace("@REPLICAS@", String.valueOf(1 + i % 5))
                .replace("@CPU@", String.valueOf(500 + 100 * (i % 4)));
    }

    String live(int i, int drift, String target) {
        int kind = kind(i, drift);
        String image = "images.example/team-" + team(i) + "/app:" + version(i) + (kind == 1 ? "-hotfix" : "");
        String quoted = "\"" + target.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return common(liveTemplate, i)
                .replace("@LIVE_TIER@", kind == 3 ? "changed" : TIERS[i % 3])
                .replace("@LIVE_REPLICAS@", String.valueOf(1 + i % 5 + (kind == 0 ? 2 : 0)))
                .replace("@LIVE_CPU@", String.valueOf(500 + 100 * (i % 4) + (kind == 4 ? 1000 : 0)))
                .replace("@LIVE_IMAGE@", image)
                .replace("@EXTRA_ENV@", kind == 2 ? ",{\"name\":\"DEBUG\",\"value\":\"1\"}" : "")
                .replace("@TIER@", TIERS[i % 3])
                .replace("@REPLICAS@", String.valueOf(1 + i % 5))
                .replace("@CPU@", String.valueOf(500 + 100 * (i % 4)))
                .replace("@LAST_APPLIED@", quoted);
    }

    private static String common(String template, int i) {
        return template.replace("@I6@", String.format(Locale.ROOT, "%06d", i))
                .replace("@NS@", String.format(Locale.ROOT, "%03d", i % 100))
                .replace("@TEAM@", team(i))
                .replace("@VER@", version(i));
    }

    private static String team(int i) {
        return String.format(Locale.ROOT, "%02d", i % 40);
    }

    private static String version(int i) {
        return "1." + i % 20 + "." + i % 7;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
