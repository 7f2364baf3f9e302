package io.gitops4j.policy.gatekeeper;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;

/**
 * What is suspicious about a ConstraintTemplate that compiles: a {@code deny} head, parameters that no code reads, and a search
 * for a label with an empty value, which passes every object without the label. Reads the text of the code; it runs nothing.
 *
 * <p>Codes, all warnings: {@code TEMPLATE_DENY_HEAD}, {@code TEMPLATE_PARAMETER_UNREAD}, {@code TEMPLATE_EMPTY_VALUE_ONLY}.
 */
public final class TemplateLint {
    private static final Pattern DENY = Pattern.compile("(?m)^[ \\t]*deny\\s*(\\[|contains\\b)");
    private static final Pattern VIOLATION = Pattern.compile("(?m)^[ \\t]*violation\\s*(\\[|contains\\b)");
    private static final Pattern EMPTY_VALUE =
            Pattern.compile("metadata\\.(labels|annotations)\\[([A-Za-z_][A-Za-z0-9_]*)\\]\\s*==\\s*\"\"");
    private static final Pattern WHOLE_PARAMETERS =
            Pattern.compile("(?:input\\.parameters|variables\\.params)(?:\\s*[^.\\[\\sA-Za-z0-9_]|\\s*$|\\[[a-z_])");

    private TemplateLint() {}

    /**
     * The warnings about a template, in the order of the rules above; nothing for any other object.
     *
     * @param object the template
     * @param file name of the file it came from, {@code ""} when none
     * @param text the file's text, in which places are found
     */
    public static List<Problem> lint(JsonObject object, String file, String text) {
        if (!ConstraintTemplate.isTemplate(object)) {
            return List.of();
        }
        String name = object.object("metadata").text("name", "");
        String code = withoutComments(code(object));
        List<Problem> problems = new ArrayList<>();
        Matcher deny = DENY.matcher(code);
        if (deny.find() && !VIOLATION.matcher(code).find()) {
            problems.add(Problem.warning(
                            "TEMPLATE_DENY_HEAD", "template " + name + " says deny[msg], which Gatekeeper refuses")
                    .at(place(file, text, deny.group().strip()))
                    .hint("write the head as violation[{\"msg\": msg}]"));
        }
        unread(object, code)
                .forEach(parameter -> problems.add(Problem.warning(
                                "TEMPLATE_PARAMETER_UNREAD",
                                "template " + name + " declares the parameter " + parameter + ", but no code reads it")
                        .at(place(file, text, parameter + ":"))
                        .hint("read input.parameters." + parameter + ", or remove it from the schema")));
        Matcher empty = EMPTY_VALUE.matcher(code);
        while (empty.find()) {
            String key = empty.group(2);
            if (!Pattern.compile("\\b" + key + "\\s*:?=[^=]|some [^\\n]*\\b" + key + "\\b[^\\n]* in ")
                    .matcher(code)
                    .find()) {
                problems.add(Problem.warning(
                                "TEMPLATE_EMPTY_VALUE_ONLY",
                                "template " + name + " flags only objects with an empty value among their "
                                        + empty.group(1) + "; one that lacks them passes")
                        .at(place(file, text, empty.group()))
                        .hint("take each wanted key from input.parameters and check that it is there"));
            }
        }
        return List.copyOf(problems);
    }

    private static String code(JsonObject template) {
        StringBuilder code = new StringBuilder();
        for (Json item : template.object("spec").array("targets")) {
            if (item instanceof JsonObject target) {
                texts(target, code);
            }
        }
        return code.toString();
    }

    private static void texts(Json value, StringBuilder code) {
        String text = value.textOrNull();
        if (text != null) {
            code.append(text).append('\n');
        } else if (value instanceof JsonObject object) {
            object.forEach((key, member) -> texts(member, code));
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> texts(item, code));
        }
    }

    private static String withoutComments(String code) {
        StringBuilder kept = new StringBuilder();
        for (String line : code.split("\n", -1)) {
            kept.append(line.strip().startsWith("#") ? "" : line).append('\n');
        }
        return kept.toString();
    }

    private static List<String> unread(JsonObject template, String code) {
        JsonObject schema = template.object("spec")
                .object("crd")
                .object("spec")
                .object("validation")
                .object("openAPIV3Schema");
        List<String> unread = new ArrayList<>();
        if (WHOLE_PARAMETERS.matcher(code).find()) {
            return unread;
        }
        for (String parameter : schema.object("properties").keys()) {
            String name = Pattern.quote(parameter);
            String quoted = "(?:\\." + name + "\\b|\\[\"" + name + "\"\\]|, *\"" + name + "\")";
            if (!Pattern.compile("(?:parameters|params)" + quoted).matcher(code).find()) {
                unread.add(parameter);
            }
        }
        return unread;
    }

    private static Where place(String file, String text, String written) {
        int at = text.indexOf(written);
        if (at < 0) {
            return Where.file(file);
        }
        int line = 1;
        for (int i = 0; i < at; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        return Where.in(file, text, line, at - text.lastIndexOf('\n', at));
    }
}
