package io.gitops4j.policy.gatekeeper;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import java.util.List;

/**
 * What a constraint's spec may hold beside the parameters of its template, as the CustomResourceDefinition that Gatekeeper makes for it has
 * it; and {@code failurePolicy}, which is ours. Source: rego §2.3, §2.4.
 */
final class ConstraintSpec {
    private static final StructuralSchema SCHEMA = new StructuralSchema(
            (JsonObject) YamlReader.core().read("constraint", """
                            type: object
                            properties:
                              enforcementAction: {type: string}
                              failurePolicy: {type: string, enum: [Fail, Ignore]}
                              parameters: {x-kubernetes-preserve-unknown-fields: true}
                              scopedEnforcementActions:
                                type: array
                                items:
                                  type: object
                                  properties:
                                    action: {type: string}
                                    enforcementPoints:
                                      type: array
                                      items: {type: object, properties: {name: {type: string}}}
                              match:
                                type: object
                                properties:
                                  kinds:
                                    type: array
                                    items:
                                      type: object
                                      properties:
                                        apiGroups: {type: array, items: {type: string}}
                                        kinds: {type: array, items: {type: string}}
                                  scope: {type: string}
                                  name: {type: string}
                                  source: {type: string, enum: [All, Generated, Original]}
                                  namespaces: {type: array, items: {type: string}}
                                  excludedNamespaces: {type: array, items: {type: string}}
                                  labelSelector: &selector
                                    type: object
                                    properties:
                                      matchLabels: {type: object, additionalProperties: {type: string}}
                                      matchExpressions:
                                        type: array
                                        items:
                                          type: object
                                          properties:
                                            key: {type: string}
                                            operator: {type: string}
                                            values: {type: array, items: {type: string}}
                                  namespaceSelector: *selector
                            """).orThrow(), false);

    private ConstraintSpec() {}

    /** What is wrong with the values, each beginning with its path. */
    static List<String> errors(JsonObject spec) {
        return SCHEMA.errors(spec, "spec");
    }

    /** Paths of fields that no constraint has. */
    static List<String> unknownFields(JsonObject spec) {
        return SCHEMA.unknownFields(spec, "spec");
    }
}
