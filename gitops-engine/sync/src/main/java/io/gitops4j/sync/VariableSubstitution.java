package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of <code>${name}</code>, <code>${name:=default}</code> and <code>${name:-default}</code> in the
 * strings of rendered objects. A string that is nothing but a variable takes the value's own type, so that a number stays a
 * number; inside a longer string it is text. <code>$${name}</code> stands for itself. A name without value and default is an
 * error. An object with the annotation {@code kustomize.toolkit.fluxcd.io/substitute: disabled} stays as it is.
 *
 * <p>Source: argocd §10.
 */
public final class VariableSubstitution {
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\$?)\\{([_a-zA-Z][_a-zA-Z0-9]*)(?::[=-]([^}]*))?\\}");
    private static final String DISABLED = "kustomize.toolkit.fluxcd.io/substitute";

    private final Map<String, Json> values;
    private final List<Problem> problems = new ArrayList<>();

    private VariableSubstitution(Map<String, Json> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /** The objects with these values. Error {@code SUBSTITUTE_UNKNOWN} for each name that has none. */
    public static Outcome<List<Manifest>> apply(List<Manifest> manifests, Map<String, Json> values) {
        VariableSubstitution substitution = new VariableSubstitution(values);
        List<Manifest> replaced = new ArrayList<>();
        for (Manifest manifest : manifests) {
            boolean off = "disabled".equals(Hooks.annotation(manifest.body(), DISABLED));
            Json body = off ? manifest.body() : substitution.replace(manifest.body(), manifest);
            replaced.add(body == manifest.body() ? manifest : manifest.withBody((JsonObject) body));
        }
        return substitution.problems.isEmpty()
                ? Outcome.of(List.copyOf(replaced))
                : Outcome.failed(substitution.problems);
    }

    private Json replace(Json json, Manifest manifest) {
        if (json instanceof JsonObject object) {
            JsonObject changed = object;
            for (String key : object.keys()) {
                Json value = object.get(key);
                changed = value == null ? changed : changed.with(key, replace(value, manifest));
            }
            return changed;
        }
        if (json instanceof JsonArray array) {
            List<Json> items = new ArrayList<>();
            boolean same = true;
            for (Json item : array) {
                Json changed = replace(item, manifest);
                same &= changed == item;
                items.add(changed);
            }
            return same ? array : JsonArray.of(items);
        }
        return json instanceof JsonString && json.textOrNull() != null ? replaceText(json, manifest) : json;
    }

    private Json replaceText(Json json, Manifest manifest) {
        String text = String.valueOf(json.textOrNull());
        if (text.indexOf('$') < 0) {
            return json;
        }
        Matcher matcher = VARIABLE.matcher(text);
        if (matcher.matches() && matcher.group(1).isEmpty()) {
            Json whole = value(matcher, manifest);
            return whole == null ? json : whole;
        }
        matcher.reset();
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String with = matcher.group().substring(1);
            if (matcher.group(1).isEmpty()) {
                Json value = value(matcher, manifest);
                String plain = value == null ? null : value.textOrNull();
                with = value == null ? "" : plain == null ? value.toJson() : plain.replace("\n", "");
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(with));
        }
        return Json.of(matcher.appendTail(out).toString());
    }

    private @Nullable Json value(Matcher matcher, Manifest manifest) {
        String name = matcher.group(2);
        Json value = values.get(name);
        if (value != null) {
            return value;
        }
        String fallback = matcher.group(3);
        if (fallback != null) {
            return Json.of(fallback);
        }
        problems.add(Problem.error(
                        "SUBSTITUTE_UNKNOWN",
                        manifest.key() + ": the variable " + name + " has no value and no default")
                .at(manifest.origin().where())
                .hint("write $${" + name + "} for the text itself"));
        return null;
    }
}
