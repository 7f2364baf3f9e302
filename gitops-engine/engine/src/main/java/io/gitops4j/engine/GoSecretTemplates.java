package io.gitops4j.engine;

import io.gitops4j.gotemplate.GoTemplate;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.sealed.SecretTemplates;
import java.util.List;
import java.util.Map;

/**
 * Renders the templates of SealedSecrets with Go's text/template and Sprig. Problems say what kind of mistake it is and nothing
 * more, since a message of the template could hold a value.
 */
public final class GoSecretTemplates implements SecretTemplates {
    private final Limits limits;

    /** Templates within these bounds. */
    public GoSecretTemplates(Limits limits) {
        this.limits = limits;
    }

    @Override
    public Outcome<SecretValue> render(String template, Map<String, SecretValue> values) {
        Outcome<GoTemplate> parsed = GoTemplate.parse(template);
        GoTemplate ready = parsed.orNull();
        if (ready == null) {
            return Outcome.failed(Problem.error(
                    "TEMPLATE_UNSUPPORTED", "the template does not parse or uses a function that is not there"));
        }
        JsonObject.Builder data = JsonObject.builder();
        values.forEach((key, value) -> data.put(key, Json.of(value.revealUtf8())));
        Outcome<String> rendered = ready.execute(data.build(), List.of(), limits);
        return rendered.ok()
                ? rendered.map(SecretValue::utf8)
                : Outcome.failed(Problem.error("TEMPLATE_ERROR", "the template failed over the opened values"));
    }
}
