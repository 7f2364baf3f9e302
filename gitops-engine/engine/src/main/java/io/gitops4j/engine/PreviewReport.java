package io.gitops4j.engine;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.FieldChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a repository does.
 *
 * @param base commit before
 * @param head commit after
 * @param applications how many Applications were looked at
 * @param changes those that change or fail, by name
 */
public record PreviewReport(String base, String head, int applications, List<AppChange> changes) {
    /** The bound of a comment on a pull request. */
    public static final int COMMENT = 65_536;

    /** A report of these parts. */
    public PreviewReport {
        changes = List.copyOf(changes);
    }

    /**
     * One Application.
     *
     * @param name its qualified name
     * @param cluster where it goes
     * @param objects what changes, by key
     * @param problems why it cannot be rendered at the head
     * @param violations of policies at the head that there were none of at the base
     * @param rollouts that would start, each with its way
     */
    public record AppChange(
            String name,
            String cluster,
            List<ObjectChange> objects,
            List<Problem> problems,
            List<Problem> violations,
            List<String> rollouts) {

        /** A change of these parts. */
        public AppChange {
            objects = List.copyOf(objects);
            problems = List.copyOf(problems);
            violations = List.copyOf(violations);
            rollouts = List.copyOf(rollouts);
        }

        /** Whether nothing happens to it. */
        public boolean isEmpty() {
            return objects.isEmpty() && problems.isEmpty() && violations.isEmpty();
        }
    }

    /**
     * One object.
     *
     * @param key which
     * @param act {@code create}, {@code change} or {@code delete}
     * @param fields what changes, by path; values of Secrets hidden
     */
    public record ObjectChange(ResourceKey key, String act, List<FieldChange> fields) {

        /** A change of these parts. */
        public ObjectChange {
            fields = List.copyOf(fields);
        }
    }

    /** Whether nothing changes and nothing fails. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The report as JSON. */
    public JsonObject toJson() {
        JsonArray.Builder apps = JsonArray.builder();
        for (AppChange app : changes) {
            JsonArray.Builder objects = JsonArray.builder();
            for (ObjectChange object : app.objects()) {
                objects.add(JsonObject.builder()
                        .put("key", object.key().toString())
                        .put("act", object.act())
                        .put(
                                "fields",
                                JsonArray.of(object.fields().stream()
                                        .map(FieldChange::toJson)
                                        .toList()))
                        .build());
            }
            JsonArray.Builder problems = JsonArray.builder();
            app.problems().forEach(problem -> problems.add(problem.toString()));
            JsonArray.Builder violations = JsonArray.builder();
            app.violations().forEach(violation -> violations.add(violation.toString()));
            JsonArray.Builder rollouts = JsonArray.builder();
            app.rollouts().forEach(rollouts::add);
            apps.add(JsonObject.builder()
                    .put("application", app.name())
                    .put("cluster", app.cluster())
                    .put("objects", objects.build())
                    .put("problems", problems.build())
                    .put("violations", violations.build())
                    .put("rollouts", rollouts.build())
                    .build());
        }
        return JsonObject.builder()
                .put("base", base)
                .put("head", head)
                .put("applications", applications)
                .put("changes", apps.build())
                .build();
    }

    /** Markdown for a pull request within {@code bound} characters; sections that do not fit are counted instead. */
    public String toMarkdown(int bound) {
        StringBuilder out = new StringBuilder("### What this change does\n\n");
        out.append(changes.size()).append(" of ").append(applications).append(" Applications change, ");
        out.append(shortened(base)).append(" → ").append(shortened(head)).append("\n");
        int left = 0;
        for (AppChange app : changes) {
            String section = section(app);
            if (left > 0 || out.length() + section.length() + 80 > bound) {
                left++;
            } else {
                out.append(section);
            }
        }
        if (left > 0) {
            out.append("\n… and ").append(left).append(" more Applications; see the full report\n");
        }
        return out.toString();
    }

    private static String section(AppChange app) {
        StringBuilder out =
                new StringBuilder("\n<details><summary><b>").append(app.name()).append("</b> on ");
        out.append(app.cluster()).append(": ").append(summary(app)).append("</summary>\n\n");
        for (Problem problem : app.problems()) {
            out.append("- **").append(problem).append("**\n");
        }
        for (Problem violation : app.violations()) {
            out.append(violation.isError() ? "- newly denied: " : "- newly warned: ")
                    .append(violation.text())
                    .append('\n');
        }
        for (String rollout : app.rollouts()) {
            out.append("- rollout starts: ").append(rollout).append('\n');
        }
        for (ObjectChange object : app.objects()) {
            out.append("- ")
                    .append(object.act())
                    .append(" `")
                    .append(object.key())
                    .append("`\n");
            for (FieldChange field : object.fields()) {
                out.append("  - `").append(field.path()).append("`: `").append(text(field.before()));
                out.append("` → `").append(text(field.after())).append("`\n");
            }
        }
        return out.append("\n</details>\n").toString();
    }

    private static String summary(AppChange app) {
        if (!app.problems().isEmpty()) {
            return "cannot be rendered";
        }
        long created =
                app.objects().stream().filter(o -> o.act().equals("create")).count();
        long changed =
                app.objects().stream().filter(o -> o.act().equals("change")).count();
        long deleted =
                app.objects().stream().filter(o -> o.act().equals("delete")).count();
        String more = (app.violations().isEmpty() ? "" : ", " + app.violations().size() + " newly failing policies")
                + (app.rollouts().isEmpty() ? "" : ", " + app.rollouts().size() + " rollouts start");
        return created + " created, " + changed + " changed, " + deleted + " deleted" + more;
    }

    private static String text(@Nullable Json value) {
        String text = value == null ? "(none)" : value.toJson();
        String cut = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return cut.replace("`", "'");
    }

    private static String shortened(String commit) {
        return commit.substring(0, Math.min(7, commit.length()));
    }
}
