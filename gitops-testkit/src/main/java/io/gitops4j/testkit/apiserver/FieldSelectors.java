package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.selector.FieldSelector;
import io.gitops4j.selector.LabelSelector;
import java.util.Map;
import java.util.Set;

/**
 * Selectors of lists and watches, with the fields that each kind allows.
 *
 * <p>Source: k8s-apply §5.5.
 */
final class FieldSelectors {
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

    private FieldSelectors() {}

    /** Reads a field selector; 400 when it is malformed or names a field that the kind does not allow. */
    static FieldSelector fields(String text, ResourceType type) {
        Outcome<FieldSelector> parsed = FieldSelector.parse(text);
        FieldSelector selector = parsed.orNull();
        if (selector == null) {
            throw Refusals.badRequest(parsed.problems().get(0).text());
        }
        for (String field : selector.fields()) {
            if (!allowed(field, type)) {
                throw Refusals.badRequest("field label not supported: " + field);
            }
        }
        return selector;
    }

    /** Reads a label selector; 400 when it is malformed. */
    static LabelSelector labels(String text) {
        Outcome<LabelSelector> parsed = LabelSelector.parse(text);
        LabelSelector selector = parsed.orNull();
        if (selector == null) {
            throw Refusals.badRequest(parsed.problems().get(0).text());
        }
        return selector;
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
                if (selectable instanceof JsonObject object && ("." + field).equals(object.text("jsonPath"))) {
                    return true;
                }
            }
        }
        return false;
    }
}
