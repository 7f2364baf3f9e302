package io.gitops4j.selector;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;

/** Reads selector text. */
final class SelectorParser {
    private final String text;
    private int at;

    SelectorParser(String text) {
        this.text = text;
    }

    Outcome<List<Requirement>> parse() {
        List<Requirement> out = new ArrayList<>();
        space();
        if (at == text.length()) {
            return Outcome.of(out);
        }
        while (true) {
            Outcome<Requirement> requirement = requirement();
            Requirement read = requirement.orNull();
            if (read == null) {
                return Outcome.failed(requirement.problems());
            }
            out.add(read);
            space();
            if (at == text.length()) {
                return Outcome.of(out);
            }
            if (text.charAt(at) != ',') {
                return refuse("',' or the end should stand");
            }
            at++;
            space();
        }
    }

    private Outcome<Requirement> requirement() {
        space();
        boolean negated = at < text.length() && text.charAt(at) == '!';
        if (negated) {
            at++;
            space();
        }
        String key = word();
        String wrong = SelectorNames.keyProblem(key);
        if (wrong != null) {
            return key.isEmpty() ? refuse("a label key should stand") : refused(wrong);
        }
        space();
        if (negated || at == text.length() || text.charAt(at) == ',') {
            Operator operator = negated ? Operator.DOES_NOT_EXIST : Operator.EXISTS;
            return Outcome.of(new Requirement(key, operator, List.of()));
        }
        return switch (text.charAt(at)) {
            case '=' -> {
                at += text.startsWith("==", at) ? 2 : 1;
                yield single(key, Operator.IN);
            }
            case '!' -> {
                if (!text.startsWith("!=", at)) {
                    yield refuse("'!=' should stand");
                }
                at += 2;
                yield single(key, Operator.NOT_IN);
            }
            case '>' -> {
                at++;
                yield number(key, Operator.GREATER);
            }
            case '<' -> {
                at++;
                yield number(key, Operator.LESS);
            }
            default -> set(key);
        };
    }

    private Outcome<Requirement> single(String key, Operator operator) {
        space();
        String value = word();
        String wrong = SelectorNames.valueProblem(value);
        return wrong == null ? Outcome.of(new Requirement(key, operator, List.of(value))) : refused(wrong);
    }

    private Outcome<Requirement> number(String key, Operator operator) {
        space();
        String value = word();
        try {
            return Outcome.of(new Requirement(key, operator, List.of(Long.toString(Long.parseLong(value)))));
        } catch (NumberFormatException e) {
            return refused("for 'Gt', 'Lt' operators, the value must be an integer: " + value);
        }
    }

    private Outcome<Requirement> set(String key) {
        String word = word();
        if (!word.equals("in") && !word.equals("notin")) {
            return refuse("an operator should stand");
        }
        space();
        if (at == text.length() || text.charAt(at) != '(') {
            return refuse("'(' should stand");
        }
        at++;
        List<String> values = new ArrayList<>();
        while (true) {
            space();
            String value = word();
            String wrong = SelectorNames.valueProblem(value);
            if (wrong != null) {
                return refused(wrong);
            }
            if (!values.contains(value)) {
                values.add(value);
            }
            space();
            if (at == text.length() || (text.charAt(at) != ',' && text.charAt(at) != ')')) {
                return refuse("',' or ')' should stand");
            }
            if (text.charAt(at++) == ')') {
                return Outcome.of(new Requirement(key, word.equals("in") ? Operator.IN : Operator.NOT_IN, values));
            }
        }
    }

    private String word() {
        int from = at;
        while (at < text.length() && "=!(),<> \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private <T> Outcome<T> refuse(String expected) {
        return refused(expected + " at position " + (at + 1));
    }

    private <T> Outcome<T> refused(String why) {
        return Outcome.failed(Problem.error("SELECTOR", "unable to parse the selector \"" + text + "\": " + why));
    }
}
