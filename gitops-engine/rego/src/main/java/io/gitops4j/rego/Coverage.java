package io.gitops4j.rego;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.eval.EvalListener;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which lines were evaluated, and how often: coverage and profile of one or more evaluations. The modules must be compiled with
 * {@link RegoOptions#watched}.
 */
public final class Coverage implements EvalListener {
    private final Map<String, TreeMap<Integer, Integer>> evaluations = new TreeMap<>();

    /** Counts nothing yet. */
    public Coverage() {}

    @Override
    public void on(Event event, String text, Location location, int depth) {
        if ((event == Event.EVAL || event == Event.EXIT) && location.row() > 0) {
            evaluations.computeIfAbsent(location.file(), any -> new TreeMap<>()).merge(location.row(), 1, Integer::sum);
        }
    }

    /** How often the expressions of each line were evaluated: file → row → count. */
    public Map<String, TreeMap<Integer, Integer>> profile() {
        return new TreeMap<>(evaluations);
    }

    /**
     * Covered and uncovered lines of the modules in OPA's form: {@code {"files": {F: {"covered": [{"start", "end"}], "not_covered",
     * "coverage"}}, "coverage": percent}}.
     */
    public JsonObject report(CompiledRego rego) {
        JsonObject.Builder files = JsonObject.builder();
        int covered = 0;
        int all = 0;
        for (Module module : rego.checked().modules()) {
            TreeSet<Integer> rows = rows(module);
            TreeSet<Integer> seen = new TreeSet<>(
                    evaluations.getOrDefault(module.file(), new TreeMap<>()).keySet());
            seen.retainAll(rows);
            TreeSet<Integer> unseen = new TreeSet<>(rows);
            unseen.removeAll(seen);
            covered += seen.size();
            all += rows.size();
            files.put(
                    module.file(),
                    JsonObject.builder()
                            .put("covered", ranges(seen))
                            .put("not_covered", ranges(unseen))
                            .put("coverage", percent(seen.size(), rows.size()))
                            .build());
        }
        return JsonObject.builder()
                .put("files", files.build())
                .put("coverage", percent(covered, all))
                .build();
    }

    private static Json percent(int part, int whole) {
        return Json.of(java.math.BigDecimal.valueOf(whole == 0 ? 100 : part * 100L)
                .divide(java.math.BigDecimal.valueOf(whole == 0 ? 1 : whole), 2, java.math.RoundingMode.HALF_UP));
    }

    private static TreeSet<Integer> rows(Module module) {
        TreeSet<Integer> rows = new TreeSet<>();
        for (Rule rule : module.rules()) {
            rows.add(rule.location().row());
            Walk.exprs(rule, expr -> {
                if (!expr.generated() && expr.location().row() > 0) {
                    rows.add(expr.location().row());
                }
            });
        }
        return rows;
    }

    private static JsonArray ranges(TreeSet<Integer> rows) {
        JsonArray.Builder out = JsonArray.builder();
        int start = -1;
        int last = -1;
        for (int row : rows) {
            if (start >= 0 && row != last + 1) {
                out.add(range(start, last));
                start = row;
            }
            start = start < 0 ? row : start;
            last = row;
        }
        if (start >= 0) {
            out.add(range(start, last));
        }
        return out.build();
    }

    private static JsonObject range(int start, int end) {
        return JsonObject.of("start", JsonObject.of("row", Json.of(start)), "end", JsonObject.of("row", Json.of(end)));
    }
}
