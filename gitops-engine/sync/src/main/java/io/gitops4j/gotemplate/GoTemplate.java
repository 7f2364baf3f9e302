package io.gitops4j.gotemplate;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A parsed Go template. Immutable; the same template and data give the same text.
 *
 * <p>Numbers of the data are floating point, as Go has them out of JSON; {@code eq .n 1} compares unlike types and is an
 * error, as there.
 */
public final class GoTemplate {
    private final List<Node> nodes;
    private final Map<String, List<Node>> defined;
    private final Map<String, GoFunction> functions;

    private GoTemplate(List<Node> nodes, Map<String, List<Node>> defined, Map<String, GoFunction> functions) {
        this.nodes = nodes;
        this.defined = defined;
        this.functions = functions;
    }

    /** Reads a template. Error {@code TEMPLATE_SYNTAX}. */
    public static Outcome<GoTemplate> parse(String text) {
        Map<String, GoFunction> functions = allFunctions();
        try {
            Parser parser = new Parser(text, functions.keySet());
            List<Node> nodes = parser.parse();
            return Outcome.of(new GoTemplate(nodes, parser.defined(), functions));
        } catch (TemplateException e) {
            return Outcome.failed(Problem.error(
                    "TEMPLATE_SYNTAX", "cannot read the template " + shortened(text) + ": " + e.getMessage()));
        }
    }

    private static Map<String, GoFunction> allFunctions() {
        Map<String, GoFunction> functions = new LinkedHashMap<>();
        Builtins.addTo(functions);
        SprigText.addTo(functions);
        SprigLists.addTo(functions);
        SprigDicts.addTo(functions);
        SprigNumbers.addTo(functions);
        SprigEncodings.addTo(functions);
        SprigDates.addTo(functions);
        return Collections.unmodifiableMap(functions);
    }

    /** The names of all functions, sorted. */
    public static List<String> functionNames() {
        return allFunctions().keySet().stream().sorted().toList();
    }

    /**
     * The text that the template makes of {@code data}. Errors: {@code TEMPLATE_OPTION}, {@code TEMPLATE_EXECUTION},
     * {@code TEMPLATE_LIMIT}.
     *
     * @param options Go's options, of which {@code missingkey=default|invalid|zero|error} exists
     */
    public Outcome<String> execute(Json data, List<String> options, Limits limits) {
        return execute(data, options, limits, object -> false);
    }

    /**
     * As {@link #execute(Json, List, Limits)}, where some mappings of the data hold nothing but texts by their type.
     *
     * @param ofTexts which mappings are Go's {@code map[string]string}: {@code index} finds the empty text in them for what they
     *     do not have, and functions over {@code map[string]interface{}} refuse them
     */
    public Outcome<String> execute(Json data, List<String> options, Limits limits, Predicate<JsonObject> ofTexts) {
        Run.Missing missing = Run.Missing.DEFAULT;
        for (String option : options) {
            switch (option) {
                case "missingkey=default", "missingkey=invalid" -> missing = Run.Missing.DEFAULT;
                case "missingkey=zero" -> missing = Run.Missing.ZERO;
                case "missingkey=error" -> missing = Run.Missing.ERROR;
                default -> {
                    return Outcome.failed(Problem.error("TEMPLATE_OPTION", "unknown template option: " + option)
                            .hint("missingkey=default, zero or error"));
                }
            }
        }
        Run run = new Run(
                functions,
                defined,
                missing,
                data.isNull() ? GoNil.ABSENT : GoValues.of(data, ofTexts),
                limits.evaluationSteps(),
                limits.documentBytes());
        try {
            Node.all(nodes, run);
            return Outcome.of(run.output());
        } catch (TemplateException e) {
            return Outcome.failed(Problem.error(
                    e.isLimit() ? "TEMPLATE_LIMIT" : "TEMPLATE_EXECUTION", String.valueOf(e.getMessage())));
        } catch (StackOverflowError e) {
            return Outcome.failed(Problem.error("TEMPLATE_LIMIT", "nested too deeply"));
        }
    }

    private static String shortened(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "…" : text;
    }
}
