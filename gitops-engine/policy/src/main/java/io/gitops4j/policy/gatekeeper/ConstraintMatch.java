package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which objects a constraint looks at: all parts must match. Source: rego §2.3. */
final class ConstraintMatch {
    private final JsonObject body;
    private final @Nullable LabelSelector labels;
    private final @Nullable LabelSelector namespaces;

    private final boolean everyKind;
    private final Set<String> namedKinds;
    private final String source;
    private final String scope;
    private final String namePattern;
    private final JsonArray wanted;
    private final JsonArray excluded;

    private ConstraintMatch(JsonObject body, @Nullable LabelSelector labels, @Nullable LabelSelector namespaces) {
        this.body = body;
        this.labels = labels;
        this.namespaces = namespaces;
        this.namedKinds = Collections.unmodifiableSet(namedKinds(body.array("kinds")));
        this.everyKind = everyKind(body.array("kinds"));
        this.source = body.text("source", "All");
        this.scope = body.text("scope", "*");
        this.namePattern = body.text("name", "");
        this.wanted = body.array("namespaces");
        this.excluded = body.array("excludedNamespaces");
    }

    private static Set<String> namedKinds(JsonArray entries) {
        Set<String> names = new LinkedHashSet<>();
        for (Json item : entries) {
            JsonArray kinds = item instanceof JsonObject entry ? entry.array("kinds") : JsonArray.empty();
            boolean all = item instanceof JsonObject && kinds.isEmpty();
            for (Json kind : kinds) {
                String text = kind.textOrNull();
                names.add(text == null ? "" : text);
            }
            if (all) {
                names.add("*");
            }
        }
        if (entries.isEmpty()) {
            names.add("*");
        }
        return names;
    }

    private static boolean everyKind(JsonArray entries) {
        for (Json item : entries) {
            if (item instanceof JsonObject entry
                    && lists(entry.array("kinds"), "*")
                    && lists(entry.array("apiGroups"), "*")) {
                return true;
            }
        }
        return entries.isEmpty();
    }

    /** The kinds that it names, {@code *} for all. */
    Set<String> namedKinds() {
        return namedKinds;
    }

    /** Problem: {@code MATCH_INVALID}. */
    static Outcome<ConstraintMatch> parse(JsonObject match) {
        Outcome<LabelSelector> labels = selector(match, "labelSelector");
        Outcome<LabelSelector> namespaces = selector(match, "namespaceSelector");
        List<Problem> problems = new ArrayList<>();
        for (Problem problem : labels.errors()) {
            problems.add(Problem.error("MATCH_INVALID", "match.labelSelector: " + problem.text())
                    .at(Where.file("spec.match.labelSelector")));
        }
        for (Problem problem : namespaces.errors()) {
            problems.add(Problem.error("MATCH_INVALID", "match.namespaceSelector: " + problem.text())
                    .at(Where.file("spec.match.namespaceSelector")));
        }
        for (String field : List.of("namespaces", "excludedNamespaces")) {
            JsonArray globs = match.array(field);
            for (int i = 0; i < globs.size(); i++) {
                checkGlob("match." + field, "[" + i + "]", globs.get(i).textOrNull(), problems);
            }
        }
        checkGlob("match.name", "", match.text("name", ""), problems);
        return problems.isEmpty()
                ? Outcome.of(new ConstraintMatch(
                        match,
                        match.has("labelSelector") ? labels.orThrow() : null,
                        match.has("namespaceSelector") ? namespaces.orThrow() : null))
                : Outcome.failed(problems);
    }

    private static void checkGlob(String place, String index, @Nullable String pattern, List<Problem> problems) {
        if (pattern == null || !pattern.matches("\\*?[^*?\\[\\]{}]*\\*?")) {
            problems.add(Problem.error(
                            "MATCH_INVALID",
                            place + ": \"" + pattern
                                    + "\" is no glob: an asterisk may stand at its beginning and its end")
                    .at(Where.file("spec." + place + index)));
        }
    }

    private static Outcome<LabelSelector> selector(JsonObject match, String name) {
        return match.has(name) ? LabelSelector.of(match.object(name)) : Outcome.of(LabelSelector.everything());
    }

    /** Whether objects of this kind are looked at. */
    private boolean concernsKind(String group, String kind) {
        if (everyKind) {
            return true;
        }
        JsonArray kinds = body.array("kinds");
        if (kinds.isEmpty()) {
            return true;
        }
        for (Json item : kinds) {
            if (item instanceof JsonObject entry
                    && lists(entry.array("kinds"), kind)
                    && lists(entry.array("apiGroups"), group)) {
                return true;
            }
        }
        return false;
    }

    /** The verdict of a match: it holds, it does not, or it cannot be told. */
    record Verdict(boolean matches, @Nullable String error) {
        private static final Verdict YES = new Verdict(true, null);
        private static final Verdict NO = new Verdict(false, null);
    }

    /** Whether the review is looked at; on an update either of the two objects is enough. */
    Verdict matches(Review review) {
        Verdict verdict = review.object().isEmpty() ? Verdict.NO : matches(review, review.object());
        if (verdict.matches() || review.oldObject().isEmpty()) {
            return verdict;
        }
        Verdict before = matches(review, review.oldObject());
        return before.matches() || before.error() != null ? before : verdict;
    }

    private Verdict matches(Review review, JsonObject object) {
        boolean matches = concernsKind(review.group(), review.kindName())
                && matchesSource(review)
                && matchesScope(review, object)
                && matchesNamespaces(review, object)
                && (labels == null || labels.matches(object.object("metadata").object("labels")))
                && matchesName(object);
        return matches ? matchesNamespaceLabels(review, object) : Verdict.NO;
    }

    private boolean matchesSource(Review review) {
        return switch (source) {
            case "Original" -> !review.isGenerated();
            case "Generated" -> review.isGenerated();
            default -> true;
        };
    }

    private static boolean isNamespace(Review review) {
        return review.group().isEmpty() && review.kindName().equals("Namespace");
    }

    private static String namespaceOf(Review review, JsonObject object) {
        String own = object.object("metadata").text("namespace", "");
        return own.isEmpty() ? review.request().text("namespace", "") : own;
    }

    private boolean matchesScope(Review review, JsonObject object) {
        boolean hasNamespace = !namespaceOf(review, object).isEmpty();
        return switch (scope) {
            case "Cluster" -> isNamespace(review) || !hasNamespace;
            case "Namespaced" -> hasNamespace && !isNamespace(review);
            default -> true;
        };
    }

    private boolean matchesNamespaces(Review review, JsonObject object) {
        String namespace =
                isNamespace(review) ? object.object("metadata").text("name", "") : namespaceOf(review, object);
        if (namespace.isEmpty()) {
            return true;
        }
        return (wanted.isEmpty() || globs(wanted, namespace)) && !globs(excluded, namespace);
    }

    private boolean matchesName(JsonObject object) {
        String pattern = namePattern;
        if (pattern.isEmpty()) {
            return true;
        }
        JsonObject metadata = object.object("metadata");
        String generated = metadata.text("generateName", "");
        return glob(pattern, metadata.text("name", ""))
                || (pattern.endsWith("*") && !generated.isEmpty() && glob(pattern, generated));
    }

    private Verdict matchesNamespaceLabels(Review review, JsonObject object) {
        LabelSelector selector = namespaces;
        if (selector == null) {
            return Verdict.YES;
        }
        if (isNamespace(review)) {
            return selector.matches(object.object("metadata").object("labels")) ? Verdict.YES : Verdict.NO;
        }
        String name = namespaceOf(review, object);
        if (name.isEmpty()) {
            return Verdict.YES;
        }
        JsonObject namespace = review.namespaceObject();
        if (namespace == null) {
            return new Verdict(
                    false,
                    "unable to match constraints: namespaceSelector for namespace-scoped object but missing Namespace "
                            + name);
        }
        return selector.matches(namespace.object("metadata").object("labels")) ? Verdict.YES : Verdict.NO;
    }

    private static boolean lists(JsonArray wanted, String value) {
        if (wanted.isEmpty()) {
            return true;
        }
        for (Json item : wanted) {
            String text = item.textOrNull();
            if ("*".equals(text) || value.equals(text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean globs(JsonArray patterns, String value) {
        for (Json item : patterns) {
            String pattern = item.textOrNull();
            if (pattern != null && glob(pattern, value)) {
                return true;
            }
        }
        return false;
    }

    /** {@code kube-*}, {@code *-system}, {@code *mid*}: an asterisk counts at the ends only. */
    static boolean glob(String pattern, String value) {
        boolean head = pattern.startsWith("*");
        boolean tail = pattern.endsWith("*") && pattern.length() > 1;
        String middle = pattern.substring(head ? 1 : 0, pattern.length() - (tail ? 1 : 0));
        if (head && tail) {
            return value.contains(middle);
        }
        if (head) {
            return value.endsWith(middle);
        }
        return tail ? value.startsWith(middle) : value.equals(middle);
    }
}
