package io.gitops4j.secrets.sealed;

import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import java.util.Map;

/** Renders the entries of {@code spec.template.data} over the opened values (Go text/template with Sprig). */
@FunctionalInterface
public interface SecretTemplates {

    /**
     * The rendered text. Problems, never holding a value: {@code TEMPLATE_UNSUPPORTED}, {@code TEMPLATE_LIMIT},
     * {@code TEMPLATE_ERROR}.
     *
     * @param template template text
     * @param values item key to opened value as UTF-8
     */
    Outcome<SecretValue> render(String template, Map<String, SecretValue> values);
}
