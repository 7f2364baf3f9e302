package io.gitops4j.rollout.spec;

import io.gitops4j.json.JsonObject;

/** Whether labels match a {@code matchLabels}/{@code matchExpressions} selector. */
final class LabelMatch {
    private LabelMatch() {}

    static boolean matches(JsonObject selector, JsonObject labels) {
        JsonObject wanted = selector.object("matchLabels");
        for (int i = 0; i < wanted.size(); i++) {
            if (!wanted.valueAt(i).equals(labels.get(wanted.keyAt(i)))) {
                return false;
            }
        }
        for (JsonObject rule : Fields.objects(selector, "matchExpressions")) {
            String value = labels.text(rule.text("key", ""));
            boolean listed = value != null && Fields.texts(rule, "values").contains(value);
            boolean holds = switch (rule.text("operator", "")) {
                case "In" -> listed;
                case "NotIn" -> !listed;
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> false;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
