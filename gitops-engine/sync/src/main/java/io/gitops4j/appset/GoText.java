package io.gitops4j.appset;

import io.gitops4j.gotemplate.GoTemplate;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import java.util.List;

/** Numbers as Go prints them. */
final class GoText {
    private GoText() {}

    /** A number out of JSON: a float64, printed by {@code %v}. */
    static String number(JsonNumber number) {
        return GoTemplate.parse("{{.n}}")
                .then(template -> template.execute(JsonObject.of("n", number), List.of(), Limits.defaults()))
                .orThrow();
    }
}
