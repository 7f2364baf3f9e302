package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * Which requests a policy or binding is about: {@code resourceRules}, {@code excludeResourceRules}, {@code matchPolicy},
 * {@code namespaceSelector}, {@code objectSelector}. Without rules, a binding narrows nothing and a policy is about nothing.
 *
 * <p>Source: rego §4.
 */
final class MatchResources {
    private final List<Rule> rules;
    private final List<Rule> excluded;
    private final LabelSelector namespaces;
    private final LabelSelector objects;
    private final boolean emptyRulesMatch;

    private MatchResources(
            List<Rule> rules,
            List<Rule> excluded,
            LabelSelector namespaces,
            LabelSelector objects,
            boolean emptyRulesMatch) {
        this.rules = rules;
        this.excluded = excluded;
        this.namespaces = namespaces;
        this.objects = objects;
        this.emptyRulesMatch = emptyRulesMatch;
    }

    /** Problems of selectors. */
    static Outcome<MatchResources> parse(JsonObject match, boolean emptyRulesMatch) {
        boolean exact = match.text("matchPolicy", "Equivalent").equals("Exact");
        Outcome<LabelSelector> namespaces = selector(match, "namespaceSelector");
        Outcome<LabelSelector> objects = selector(match, "objectSelector");
        if (!namespaces.ok() || !objects.ok()) {
            List<Problem> problems = new ArrayList<>(namespaces.problems());
            problems.addAll(objects.problems());
            return Outcome.failed(problems);
        }
        return Outcome.of(
                new MatchResources(
                        rules(match.array("resourceRules"), exact),
                        rules(match.array("excludeResourceRules"), exact),
                        namespaces.orThrow(),
                        objects.orThrow(),
                        emptyRulesMatch),
                List.of());
    }

    private static Outcome<LabelSelector> selector(JsonObject match, String member) {
        return match.has(member)
                ? LabelSelector.of(match.object(member))
                : Outcome.of(LabelSelector.everything(), List.of());
    }

    private static List<Rule> rules(JsonArray items, boolean exact) {
        List<Rule> rules = new ArrayList<>();
        for (Json item : items) {
            if (item instanceof JsonObject rule) {
                rules.add(new Rule(rule, exact));
            }
        }
        return rules;
    }

    boolean matches(AdmissionRequest request) {
        if (!(rules.isEmpty() && emptyRulesMatch) && rules.stream().noneMatch(rule -> rule.matches(request))) {
            return false;
        }
        if (excluded.stream().anyMatch(rule -> rule.matches(request))) {
            return false;
        }
        return inNamespace(request) && selected(request);
    }

    /** Cluster-scoped objects are always in; of a namespace that is not known, only the name is. */
    private boolean inNamespace(AdmissionRequest request) {
        boolean isNamespace = request.gvk().kind().equals("Namespace");
        if (namespaces.isEverything() || (request.isClusterScoped() && !isNamespace)) {
            return true;
        }
        JsonObject namespace = isNamespace ? request.subject() : request.namespace();
        JsonObject labels = namespace == null
                ? JsonObject.empty()
                : namespace.object("metadata").object("labels");
        String named = "kubernetes.io/metadata.name";
        return namespaces.matches(labels.has(named) ? labels : labels.with(named, request.namespaceName()));
    }

    /** The object before or after the write. */
    private boolean selected(AdmissionRequest request) {
        if (objects.isEverything()) {
            return true;
        }
        for (JsonObject object : new JsonObject[] {request.object(), request.oldObject()}) {
            if (object != null && objects.matches(object.object("metadata").object("labels"))) {
                return true;
            }
        }
        return false;
    }

    private record Rule(JsonObject rule, boolean exact) {
        /** The groups that serve the same events under one another's name; no server has another such pair any more. */
        private static final List<String> SAME = List.of("", "events.k8s.io");

        boolean matches(AdmissionRequest request) {
            return lists("operations", request.operation())
                    && group(request.gvk().group(), request.resource().equals("events"))
                    && (!exact || lists("apiVersions", request.gvk().version()) || !rule.has("apiVersions"))
                    && resource(request)
                    && scope(request)
                    && (rule.array("resourceNames").isEmpty() || lists("resourceNames", request.name()));
        }

        private boolean lists(String member, String value) {
            for (Json item : rule.array(member)) {
                String text = item.textOrNull();
                if ("*".equals(text) || value.equals(text)) {
                    return true;
                }
            }
            return false;
        }

        private boolean group(String group, boolean event) {
            if (lists("apiGroups", group)) {
                return true;
            }
            return !exact
                    && event
                    && SAME.contains(group)
                    && SAME.stream().anyMatch(other -> !other.equals(group) && named(other));
        }

        private boolean named(String group) {
            return rule.array("apiGroups").items().stream().anyMatch(item -> group.equals(item.textOrNull()));
        }

        private boolean resource(AdmissionRequest request) {
            String sub = request.subresource();
            for (Json item : rule.array("resources")) {
                String text = item.textOrNull();
                if (text == null) {
                    continue;
                }
                int slash = text.indexOf('/');
                String name = slash < 0 ? text : text.substring(0, slash);
                String part = slash < 0 ? "" : text.substring(slash + 1);
                boolean sameName = name.equals("*") || name.equals(request.resource());
                boolean samePart = part.equals("*") || part.equals(sub);
                if (sameName && samePart) {
                    return true;
                }
            }
            return false;
        }

        private boolean scope(AdmissionRequest request) {
            String scope = rule.text("scope", "*");
            return scope.equals("*") || scope.equals("Cluster") == request.isClusterScoped();
        }
    }
}
