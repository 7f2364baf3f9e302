package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.health.internal.Condition;
import io.gitops4j.health.internal.RuleSyntaxException;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applications that need others: the annotation {@code gitops4j.io/depends-on} names them, separated by commas, as
 * {@code namespace/name} or as a name in the namespace of the Application itself. An automated sync waits until each of them is
 * ready: synced and healthy with nothing going on, or as the annotation {@code gitops4j.io/ready-when} says, a condition in the
 * language of health rules over the Application that is needed.
 *
 * <p>Source: argocd §11, dependencies between applications.
 */
public final class ApplicationDependencies {
    /** The names of the Applications that are needed. */
    public static final String ANNOTATION = "gitops4j.io/depends-on";

    /** When one that is needed is ready. */
    public static final String READY_WHEN = "gitops4j.io/ready-when";

    private ApplicationDependencies() {}

    /** The qualified names of the Applications that an application needs, in the order of the annotation. */
    public static List<String> of(Application application) {
        String named = application.annotation(ANNOTATION);
        if (named == null) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>();
        for (String name : Hooks.commaList(named)) {
            boolean qualified =
                    name.indexOf('/') >= 0 || application.namespace().isEmpty();
            names.add(qualified ? name : application.namespace() + "/" + name);
        }
        return List.copyOf(names);
    }

    /**
     * What an application waits for, in words; empty when all that it needs is ready. Errors, with which nothing is synced by
     * itself: {@code APP_DEPENDS_UNKNOWN}, {@code APP_DEPENDS_CYCLE}, {@code APP_DEPENDS_CONDITION}.
     *
     * @param known the Application of a qualified name
     */
    public static Outcome<Optional<String>> waitsFor(
            Application application, Function<String, Optional<Application>> known) {
        List<String> needed = of(application);
        if (needed.isEmpty()) {
            return Outcome.of(Optional.empty());
        }
        List<String> circle = circle(application, known);
        if (!circle.isEmpty()) {
            return Outcome.failed(
                    problem("APP_DEPENDS_CYCLE", application, "depends on itself: " + String.join(" -> ", circle)));
        }
        Condition condition;
        String text = application.annotation(READY_WHEN);
        try {
            condition = text == null ? null : Condition.parse(text);
        } catch (RuleSyntaxException e) {
            return Outcome.failed(problem(
                    "APP_DEPENDS_CONDITION",
                    application,
                    "the annotation " + READY_WHEN + " cannot be read: " + e.getMessage()));
        }
        String waits = "";
        for (String name : needed) {
            Application other = known.apply(name).orElse(null);
            if (other == null) {
                return Outcome.failed(
                        problem("APP_DEPENDS_UNKNOWN", application, "depends on " + name + ", which does not exist"));
            }
            if (waits.isEmpty() && !isReady(other, condition)) {
                waits = "waits for " + name + ", which is " + state(other.status());
            }
        }
        return Outcome.of(waits.isEmpty() ? Optional.empty() : Optional.of(waits));
    }

    private static boolean isReady(Application other, @Nullable Condition condition) {
        JsonObject status = other.status();
        if (condition != null) {
            return condition.holds(other.body());
        }
        String phase = status.object("operationState").text("phase", "");
        return status.object("sync").text("status", "").equals("Synced")
                && status.object("health").text("status", "").equals("Healthy")
                && !phase.equals("Running")
                && !phase.equals("Terminating")
                && other.operation().isEmpty();
    }

    private static String state(JsonObject status) {
        return status.object("sync").text("status", "Unknown") + " and "
                + status.object("health").text("status", "Unknown");
    }

    /** The way from the application back to itself, empty when there is none. */
    private static List<String> circle(Application application, Function<String, Optional<Application>> known) {
        List<String> way = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        return leadsTo(application.qualifiedName(), application, known, seen, way) ? way : List.of();
    }

    private static boolean leadsTo(
            String wanted,
            Application from,
            Function<String, Optional<Application>> known,
            Set<String> seen,
            List<String> way) {
        way.add(from.qualifiedName());
        for (String name : of(from)) {
            if (name.equals(wanted)) {
                way.add(name);
                return true;
            }
            Application next = seen.add(name) ? known.apply(name).orElse(null) : null;
            if (next != null && leadsTo(wanted, next, known, seen, way)) {
                return true;
            }
        }
        way.remove(way.size() - 1);
        return false;
    }

    /**
     * Applications in stages: each needs only what is in the stages before it, or not among them at all. Inside a stage the
     * order is that given. Error {@code APP_DEPENDS_CYCLE}.
     */
    public static Outcome<List<List<Application>>> stages(List<Application> applications) {
        Map<String, Application> byName = new LinkedHashMap<>();
        applications.forEach(application -> byName.put(application.qualifiedName(), application));
        List<List<Application>> stages = new ArrayList<>();
        Set<String> done = new LinkedHashSet<>();
        List<Application> left = new ArrayList<>(applications);
        while (!left.isEmpty()) {
            List<Application> stage = left.stream()
                    .filter(application ->
                            of(application).stream().allMatch(name -> done.contains(name) || !byName.containsKey(name)))
                    .toList();
            if (stage.isEmpty()) {
                return Outcome.failed(cycles(left, byName));
            }
            stage.forEach(application -> done.add(application.qualifiedName()));
            left.removeAll(stage);
            stages.add(stage);
        }
        return Outcome.of(List.copyOf(stages));
    }

    private static List<Problem> cycles(List<Application> left, Map<String, Application> byName) {
        List<Problem> problems = new ArrayList<>();
        for (Application application : left) {
            problems.addAll(waitsFor(application, name -> Optional.ofNullable(byName.get(name))).errors().stream()
                    .filter(problem -> problem.code().equals("APP_DEPENDS_CYCLE"))
                    .toList());
        }
        return problems;
    }

    private static Problem problem(String code, Application application, String text) {
        return Problem.error(code, application.qualifiedName() + " " + text)
                .at(application.origin().where())
                .hint("see the annotation " + ANNOTATION);
    }
}
