package io.gitops4j.appset;

import io.gitops4j.app.Application;
import io.gitops4j.gotemplate.GoTemplate;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Fills templates with parameters: every text in them, keys of mappings too.
 *
 * @param go whether texts are Go templates; otherwise {@code {{name}}} is replaced and unknown names stay as they are
 * @param options of the Go templates
 * @param ofTexts which mappings of the parameters are Go's {@code map[string]string}, such as the labels of a cluster
 * @param strict whether a name that is no parameter is an error where the options do not say otherwise
 */
public record TemplateRenderer(
        boolean go, List<String> options, Limits limits, Predicate<JsonObject> ofTexts, boolean strict) {
    private static final Pattern TEMPLATED = Pattern.compile("\\{\\{.*\\}\\}");

    /** A renderer of parameters of which nothing is known. */
    public TemplateRenderer(boolean go, List<String> options, Limits limits) {
        this(go, options, limits, object -> false, false);
    }

    /** A renderer of these parts. */
    public TemplateRenderer {
        boolean says = options.stream().anyMatch(option -> option.startsWith("missingkey="));
        List<String> all = new ArrayList<>(options);
        if (go && strict && !says) {
            all.add("missingkey=error");
        }
        options = List.copyOf(all);
    }

    /** A text with its parameters filled in. Errors: {@code TEMPLATE_SYNTAX}, {@code TEMPLATE_EXECUTION}, {@code TEMPLATE_OPTION}. */
    public Outcome<String> text(String template, Json parameters) {
        if (go) {
            return GoTemplate.parse(template).then(parsed -> parsed.execute(parameters, options, limits, ofTexts));
        }
        if (!TEMPLATED.matcher(template).find()) {
            return Outcome.of(template);
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (true) {
            int open = template.indexOf("{{", at);
            if (open < 0) {
                return Outcome.of(out.append(template, at, template.length()).toString());
            }
            int close = template.indexOf("}}", open + 2);
            if (close < 0) {
                return Outcome.failed(
                        Problem.error("TEMPLATE_SYNTAX", "a tag is not closed: " + template.substring(open)));
            }
            out.append(template, at, open);
            String tag = template.substring(open + 2, close);
            String value = parameters instanceof JsonObject object ? object.text(tag.strip()) : null;
            if (strict && value == null && !tag.isBlank()) {
                return Outcome.failed(Problem.error("TEMPLATE_MISSING_KEY", "there is no parameter " + tag.strip())
                        .hint("parameters: "
                                + (parameters instanceof JsonObject known && !known.isEmpty()
                                        ? String.join(", ", known.keys())
                                        : "none")));
            }
            out.append(value == null || tag.isBlank() ? "{{" + tag + "}}" : value);
            at = close + 2;
        }
    }

    /** A tree with its parameters filled in. */
    public Outcome<Json> tree(Json template, Json parameters) {
        try {
            return Outcome.of(filled(template, parameters));
        } catch (ProblemException e) {
            return Outcome.failed(e.problems());
        }
    }

    private Json filled(Json template, Json parameters) {
        if (template instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder(object.size());
            object.forEach((key, value) -> out.put(filledText(key, parameters), filled(value, parameters)));
            return out.build();
        }
        if (template instanceof JsonArray array) {
            JsonArray.Builder out = JsonArray.builder();
            array.forEach(item -> out.add(filled(item, parameters)));
            return out.build();
        }
        String text = template.textOrNull();
        return text == null ? template : Json.of(filledText(text, parameters));
    }

    private String filledText(String text, Json parameters) {
        return text.indexOf('{') < 0 ? text : text(text, parameters).orThrow();
    }

    /**
     * The Application that a template becomes. Without any parameters the template stays as it is. The finalizer that deletes
     * the resources with the Application is added unless the template has its own or resources are to be preserved.
     */
    public Outcome<JsonObject> application(JsonObject template, Json parameters, boolean preserveResources) {
        if (parameters instanceof JsonObject object && object.isEmpty()) {
            return Outcome.of(template);
        }
        return tree(template, parameters).map(tree -> {
            JsonObject application = (JsonObject) tree;
            JsonObject metadata = application.object("metadata");
            boolean own = !metadata.array("finalizers").isEmpty();
            return own || preserveResources
                    ? application
                    : application.with(
                            "metadata",
                            metadata.with(
                                    "finalizers",
                                    JsonArray.builder()
                                            .add(Application.RESOURCES_FINALIZER)
                                            .build()));
        });
    }
}
