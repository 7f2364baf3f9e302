package io.gitops4j.testkit.apiserver;

import com.google.common.base.Splitter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A field selector: terms with {@code =}, {@code ==} or {@code !=} over the fields that the kind allows.
 *
 * <p>Source: k8s-apply §5.5.
 */
final class FieldSelector {
    private static final Map<String, Set<String>> EXTRA = Map.of(
            "pods",
            Set.of(
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "spec.serviceAccountName",
                    "spec.hostNetwork",
                    "status.phase",
                    "status.podIP",
                    "status.nominatedNodeName"),
            "events",
            Set.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "involvedObject.resourceVersion",
                    "involvedObject.fieldPath",
                    "reason",
                    "reportingComponent",
                    "source",
                    "type"),
            "secrets",
            Set.of("type"),
            "namespaces",
            Set.of("status.phase"),
            "nodes",
            Set.of("spec.unschedulable"),
            "jobs.batch",
            Set.of("status.successful"),
            "replicasets.apps",
            Set.of("status.replicas"),
            "replicationcontrollers",
            Set.of("status.replicas"));

    private record Term(List<String> path, String value, boolean equal) {}

    private final List<Term> terms;

    private FieldSelector(List<Term> terms) {
        this.terms = terms;
    }

    /**
     * Reads a selector.
     *
     * @throws io.gitops4j.cluster.ApiException 400 when it is malformed or names a field that the kind does not allow
     */
    static FieldSelector parse(String text, ResourceType type) {
        List<Term> terms = new ArrayList<>();
        for (String part : Splitter.on(',').omitEmptyStrings().trimResults().split(text)) {
            int at = part.indexOf('=');
            if (at < 1) {
                throw Refusals.badRequest("invalid selector: '" + text + "'; can't understand '" + part + "'");
            }
            boolean negated = part.charAt(at - 1) == '!';
            int end = part.startsWith("==", at) ? at + 2 : at + 1;
            String field = part.substring(0, negated ? at - 1 : at);
            if (!allowed(field, type)) {
                throw Refusals.badRequest("field label not supported: " + field);
            }
            terms.add(new Term(Splitter.on('.').splitToList(field), part.substring(end), !negated));
        }
        return new FieldSelector(terms);
    }

    private static boolean allowed(String field, ResourceType type) {
        if (field.equals("metadata.name") || (field.equals("metadata.namespace") && type.namespaced())) {
            return true;
        }
        CustomType custom = type.crd();
        if (custom == null) {
            return EXTRA.getOrDefault(type.qualifiedResource(), Set.of()).contains(field);
        }
        for (JsonObject version : custom.versions().values()) {
            for (Json selectable : version.array("selectableFields")) {
                if (("." + field).equals(((JsonObject) selectable).text("jsonPath"))) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isEmpty() {
        return terms.isEmpty();
    }

    boolean matches(JsonObject object) {
        for (Term term : terms) {
            if (value(object, term.path()).equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    private static String value(JsonObject object, List<String> path) {
        Json at = object;
        for (String name : path) {
            at = at == null ? null : at.child(name);
        }
        if (at == null || at.isNull()) {
            return path.get(path.size() - 1).equals("unschedulable")
                            || path.get(path.size() - 1).equals("hostNetwork")
                    ? "false"
                    : "";
        }
        String text = at.textOrNull();
        return text == null ? at.toJson() : text;
    }
}
