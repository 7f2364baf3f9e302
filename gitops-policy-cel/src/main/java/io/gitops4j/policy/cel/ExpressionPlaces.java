package io.gitops4j.policy.cel;

import io.gitops4j.codec.Locator;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;

/** From a place in an expression ({@code spec.validations[0].expression:2:3}) to the place in the file that holds it. */
final class ExpressionPlaces {
    private ExpressionPlaces() {}

    /** The problem at its line of {@code text}; as it is where the expression cannot be found there. */
    static Problem inFile(Problem problem, String file, String text, int document) {
        Where within = problem.where();
        if (within.line() < 1 || within.file().isEmpty()) {
            return problem.at(Where.file(file));
        }
        Where key = Locator.locate(file, text, document, pointer(within.file()));
        String written = within.snippet().strip();
        List<String> lines = List.of(text.split("\n", -1));
        for (int line = Math.max(1, key.line()); line <= lines.size() && !written.isEmpty(); line++) {
            int at = lines.get(line - 1).indexOf(written);
            if (at >= 0) {
                int indent = within.snippet().indexOf(written);
                return problem.at(Where.in(file, text, line, at + within.column() - indent));
            }
        }
        return problem.at(Where.in(file, text, key.line(), key.column()));
    }

    private static JsonPointer pointer(String path) {
        List<String> tokens = new ArrayList<>();
        for (String part : path.split("[.\\[\\]]+", -1)) {
            if (!part.isEmpty()) {
                tokens.add(part);
            }
        }
        return JsonPointer.of(tokens);
    }
}
