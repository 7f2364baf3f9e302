package io.gitops4j.helm;

import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The engine's error text as a problem at the file of the repository that it is about. */
final class HelmErrors {
    private static final Pattern PLACE =
            Pattern.compile("[\\w.-]+/((?:charts/[\\w.-]+/)*(?:templates|crds)/[^\\s:>\"()]+)(?::(\\d+))?(?::(\\d+))?");

    private HelmErrors() {}

    /**
     * The problem, with the code {@code HELM_RENDER}.
     *
     * @param message as the engine says it
     * @param folder temporary folder whose name must not show
     * @param place from a file of the chart to that of the repository
     * @param chartFile where to point when the text names no file
     */
    static Problem problem(String message, String folder, UnaryOperator<String> place, String chartFile) {
        String text = Marks.show(message)
                .replace("\n\nUse --debug flag to render out invalid YAML", "")
                .replace(folder + "/chart", chartFile.substring(0, Math.max(0, chartFile.lastIndexOf('/'))))
                .replace(folder + "/", "")
                .strip();
        Problem problem = Problem.error("HELM_RENDER", text);
        Matcher matcher = PLACE.matcher(text);
        if (matcher.find()) {
            String file = place.apply(matcher.group(1));
            String line = matcher.group(2);
            String column = matcher.group(3);
            return problem.at(
                    line == null
                            ? Where.file(file)
                            : Where.at(
                                    file, Integer.parseInt(line), column == null ? 0 : Integer.parseInt(column) + 1));
        }
        Problem placed = problem.at(Where.file(chartFile));
        return text.contains("missing in charts/ directory")
                ? placed.hint("nothing is fetched while rendering: run 'helm dependency build' and commit charts/")
                : placed;
    }
}
