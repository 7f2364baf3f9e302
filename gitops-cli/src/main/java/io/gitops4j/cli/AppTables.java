package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.ResourceView;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.FieldChange;
import io.gitops4j.sync.PlanStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applications as text for people, laid out as the argocd command line does. */
final class AppTables {
    private AppTables() {}

    static String list(List<ApplicationView> views) {
        Table table = new Table("NAME", "CLUSTER", "NAMESPACE", "PROJECT", "STATUS", "HEALTH", "REVISION");
        for (ApplicationView view : views) {
            Application application = view.application();
            table.row(
                    application.qualifiedName(),
                    application.destination().cluster(),
                    application.destination().namespace(),
                    application.project(),
                    view.sync(),
                    view.health().status().wire(),
                    shortRevision(view.revision()));
        }
        return table.toString();
    }

    static String detail(ApplicationView view) {
        Application application = view.application();
        StringBuilder out = new StringBuilder();
        line(out, "Name", application.qualifiedName());
        line(out, "Project", application.project());
        line(out, "Server", application.destination().cluster());
        line(out, "Namespace", application.destination().namespace());
        for (ApplicationSource source : application.sources()) {
            line(out, "Source", source.repoUrl());
            line(out, "  Target", source.targetRevision().isEmpty() ? "HEAD" : source.targetRevision());
            line(out, "  Path", source.path());
        }
        line(out, "Sync Policy", policy(application));
        line(out, "Sync Status", view.sync() + " (" + shortRevision(view.revision()) + ")");
        line(out, "Health Status", view.health().status().wire());
        for (Problem problem : view.problems()) {
            line(out, "Condition", problem.toString());
        }
        out.append('\n');
        Table table = new Table("GROUP", "KIND", "NAMESPACE", "NAME", "STATUS", "HEALTH", "MESSAGE");
        for (ResourceView resource : view.resources()) {
            table.row(
                    resource.key().group(),
                    resource.key().kind(),
                    resource.key().namespace(),
                    resource.key().name(),
                    resource.sync(),
                    resource.health().status().wire(),
                    resource.requiresPruning() ? "requires pruning" : "");
        }
        return out.append(table).toString();
    }

    /** Parameters and overrides of the sources. */
    static String parameters(Application application) {
        Table table = new Table("SOURCE", "NAME", "VALUE");
        int number = 0;
        for (ApplicationSource source : application.sources()) {
            number++;
            String at = application.isMultiSource() ? String.valueOf(number) : source.path();
            for (String type : List.of("helm", "kustomize", "directory", "plugin")) {
                JsonObject options = source.body().object(type);
                for (String key : options.keys()) {
                    Json value = options.get(key);
                    if (key.equals("parameters") && value instanceof JsonArray parameters) {
                        for (Json each : parameters) {
                            if (each instanceof JsonObject parameter) {
                                table.row(at, parameter.text("name", ""), text(parameter.get("value")));
                            }
                        }
                    } else {
                        table.row(at, type + "." + key, text(value));
                    }
                }
            }
        }
        return "\n" + table;
    }

    /** The operation that the Application records. */
    static String operation(Application application) {
        JsonObject state = application.status().object("operationState");
        StringBuilder out = new StringBuilder("\n");
        line(out, "Operation", state.isEmpty() ? "none" : "Sync");
        for (String field : List.of("phase", "startedAt", "finishedAt", "message")) {
            if (!state.text(field, "").isEmpty()) {
                line(out, Character.toUpperCase(field.charAt(0)) + field.substring(1), state.text(field, ""));
            }
        }
        return out.toString();
    }

    /** The differing fields of each object, in the order of the plan. */
    static String diff(ApplicationView view) {
        StringBuilder out = new StringBuilder();
        for (ResourceView resource : view.resources()) {
            PlanStep step = resource.step();
            if (resource.sync().equals("Synced")) {
                continue;
            }
            out.append("===== ")
                    .append(resource.key().group())
                    .append('/')
                    .append(resource.key().kind())
                    .append(' ')
                    .append(resource.key().namespace())
                    .append('/')
                    .append(resource.key().name())
                    .append(" ======\n");
            if (step.changes().isEmpty()) {
                out.append(step.reason()).append('\n');
            }
            for (FieldChange change : step.changes()) {
                out.append("  ")
                        .append(change.path())
                        .append(": ")
                        .append(text(change.before()))
                        .append(" -> ")
                        .append(text(change.after()))
                        .append('\n');
            }
        }
        return out.toString();
    }

    static String shortRevision(String revision) {
        StringBuilder out = new StringBuilder();
        for (String one : revision.split(",", -1)) {
            out.append(out.length() == 0 ? "" : ",").append(one, 0, Math.min(7, one.length()));
        }
        return out.toString();
    }

    private static String text(@Nullable Json value) {
        return value == null ? "(none)" : value.toJson();
    }

    private static String policy(Application application) {
        if (!application.syncPolicy().automated()) {
            return "Manual";
        }
        return application.syncPolicy().prune() ? "Automated (Prune)" : "Automated";
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(name)
                .append(':')
                .append(" ".repeat(Math.max(1, 19 - name.length())))
                .append(value)
                .append('\n');
    }
}
