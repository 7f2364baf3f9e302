package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of Go's {@code text/template} that works on data alone: fields, variables, if, range, with, comparisons, printf. */
final class GoTemplate {
    private static final Pattern ACTION = Pattern.compile("(?s)(\\s*)\\{\\{(-\\s)?(.*?)(\\s-)?}}(\\s*)");
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|\\(|\\)|\\||:=|=|,|[^\\s()|,]+");

    private final List<String> texts = new ArrayList<>();
    private final List<Boolean> actions = new ArrayList<>();
    private final Map<String, Value> variables = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    private GoTemplate() {}

    static String render(String template, ObjectValue data) {
        GoTemplate state = new GoTemplate();
        state.read(template);
        state.variables.put("$", data);
        int end = state.block(0, data, true);
        if (end < state.texts.size()) {
            throw BuiltinException.of("template: unexpected {{" + state.texts.get(end) + "}}");
        }
        return state.out.toString();
    }

    private void read(String template) {
        Matcher matcher = ACTION.matcher(template);
        int from = 0;
        while (matcher.find()) {
            String before =
                    template.substring(from, matcher.start()) + (matcher.group(2) == null ? matcher.group(1) : "");
            add(before, false);
            String inside = matcher.group(3).strip();
            if (!inside.startsWith("/*")) {
                add(inside, true);
            }
            from = matcher.group(4) == null ? matcher.start(5) : matcher.end();
            matcher.region(from, template.length());
        }
        add(template.substring(from), false);
    }

    private void add(String text, boolean action) {
        texts.add(text);
        actions.add(action);
    }

    /** Runs from a position up to {@code else} or {@code end}; gives that position. */
    private int block(int from, Value dot, boolean run) {
        int at = from;
        while (at < texts.size()) {
            String text = texts.get(at);
            if (!actions.get(at)) {
                if (run) {
                    out.append(text);
                }
                at++;
                continue;
            }
            String word = text.split("\\s+", 2)[0];
            switch (word) {
                case "end", "else" -> {
                    return at;
                }
                case "if", "with" -> at = branch(at, text.substring(word.length()), dot, run, word.equals("with"));
                case "range" -> at = range(at, text.substring(word.length()), dot, run);
                default -> {
                    if (run) {
                        action(text, dot);
                    }
                    at++;
                }
            }
        }
        return at;
    }

    private int after(int at) {
        if (at >= texts.size()) {
            throw BuiltinException.of("template: unexpected EOF");
        }
        return at + 1;
    }

    private int branch(int at, String condition, Value dot, boolean run, boolean with) {
        Value value = run ? pipeline(condition, dot) : NullValue.NULL;
        boolean holds = run && truth(value);
        int end = block(at + 1, with && holds && value != null ? value : dot, holds);
        if (end < texts.size() && texts.get(end).startsWith("else")) {
            String rest = texts.get(end).substring(4).strip();
            if (rest.startsWith("if")) {
                return branch(end, rest.substring(2), dot, run && !holds, false);
            }
            end = block(end + 1, dot, run && !holds);
        }
        return after(end);
    }

    private int range(int at, String clause, Value dot, boolean run) {
        String source = clause;
        List<String> names = new ArrayList<>();
        int assign = clause.indexOf(":=");
        if (assign >= 0) {
            for (String name : StringBuiltins.split(clause.substring(0, assign), ",", -1)) {
                names.add(name.strip());
            }
            source = clause.substring(assign + 2);
        }
        Value all = run ? pipeline(source, dot) : null;
        int end = -1;
        int n = all == null ? 0 : all.size();
        for (int i = 0; i < n; i++) {
            Value key = NumberValue.of(i);
            Value value = NullValue.NULL;
            if (all instanceof ArrayValue array) {
                value = array.at(i);
            } else if (all instanceof ObjectValue object) {
                key = object.keyAt(object.order()[i]);
                value = object.valueAt(object.order()[i]);
            } else if (all instanceof io.gitops4j.rego.value.SetValue set) {
                value = set.sorted()[i];
            }
            if (names.size() == 2) {
                variables.put(names.get(0), key);
                variables.put(names.get(1), value);
            } else if (names.size() == 1) {
                variables.put(names.get(0), value);
            }
            end = block(at + 1, value, true);
        }
        if (end < 0) {
            end = block(at + 1, dot, false);
        }
        if (end < texts.size() && texts.get(end).startsWith("else")) {
            end = block(end + 1, dot, run && n == 0);
        }
        return after(end);
    }

    private void action(String text, Value dot) {
        Matcher declared = Pattern.compile("(?s)(\\$\\w*)\\s*:?=(?!=)(.*)").matcher(text);
        if (declared.matches()) {
            Value value = pipeline(declared.group(2), dot);
            variables.put(declared.group(1), value == null ? NullValue.NULL : value);
            return;
        }
        Value value = pipeline(text, dot);
        out.append(value == null || value instanceof NullValue ? "<undefined>" : shown(value));
    }

    private static String shown(Value value) {
        if (value instanceof NullValue) {
            return "<nil>";
        }
        if (value instanceof ArrayValue array) {
            StringBuilder text = new StringBuilder("[");
            for (int i = 0; i < array.size(); i++) {
                text.append(i > 0 ? " " : "").append(shown(array.at(i)));
            }
            return text.append(']').toString();
        }
        if (value instanceof ObjectValue object) {
            StringBuilder text = new StringBuilder("map[");
            for (int position : object.order()) {
                text.append(text.length() > 4 ? " " : "")
                        .append(shown(object.keyAt(position)))
                        .append(':')
                        .append(shown(object.valueAt(position)));
            }
            return text.append(']').toString();
        }
        return value.display();
    }

    private static boolean truth(@Nullable Value value) {
        if (value == null || value instanceof NullValue || value == BoolValue.FALSE) {
            return false;
        }
        if (value instanceof NumberValue number) {
            return number.signum() != 0;
        }
        return value instanceof StringValue text ? !text.text().isEmpty() : !value.isCollection() || value.size() > 0;
    }

    private @Nullable Value pipeline(String text, Value dot) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        int[] at = {0};
        Value value = pipeline(tokens, at, dot);
        if (at[0] < tokens.size()) {
            throw BuiltinException.of("template: unexpected " + tokens.get(at[0]));
        }
        return value;
    }

    private @Nullable Value pipeline(List<String> tokens, int[] at, Value dot) {
        Value piped = null;
        boolean hasPiped = false;
        while (true) {
            List<@Nullable Value> operands = new ArrayList<>();
            String function = null;
            while (at[0] < tokens.size()
                    && !tokens.get(at[0]).equals("|")
                    && !tokens.get(at[0]).equals(")")) {
                String token = tokens.get(at[0]++);
                if (token.equals("(")) {
                    operands.add(pipeline(tokens, at, dot));
                    if (at[0] >= tokens.size()) {
                        throw BuiltinException.of("template: unclosed left paren");
                    }
                    at[0]++;
                } else if (function == null && operands.isEmpty() && isFunction(token)) {
                    function = token;
                } else {
                    operands.add(operand(token, dot));
                }
            }
            if (hasPiped) {
                operands.add(piped);
            }
            piped = function == null ? operands.isEmpty() ? null : operands.get(0) : apply(function, operands);
            hasPiped = true;
            if (at[0] < tokens.size() && tokens.get(at[0]).equals("|")) {
                at[0]++;
                continue;
            }
            return piped;
        }
    }

    private static boolean isFunction(String token) {
        return token.matches("[a-zA-Z]+") && !List.of("true", "false", "nil").contains(token);
    }

    private @Nullable Value operand(String token, Value dot) {
        if (token.startsWith("\"")) {
            return new StringValue(token.substring(1, token.length() - 1)
                    .replace("\\n", "\n")
                    .replace("\\t", "\t")
                    .replace("\\\"", "\"")
                    .replace("\\\\", "\\"));
        }
        if (token.startsWith("`")) {
            return new StringValue(token.substring(1, token.length() - 1));
        }
        if (token.equals("true") || token.equals("false")) {
            return BoolValue.of(token.equals("true"));
        }
        if (token.equals("nil")) {
            return NullValue.NULL;
        }
        if (token.equals(".")) {
            return dot;
        }
        if (token.startsWith(".")) {
            return path(dot, token.substring(1));
        }
        if (token.startsWith("$")) {
            int point = token.indexOf('.');
            String name = point < 0 ? token : token.substring(0, point);
            Value value = variables.get(name);
            if (value == null) {
                throw BuiltinException.of("template: undefined variable " + io.gitops4j.rego.value.GoQuote.quote(name));
            }
            return point < 0 ? value : path(value, token.substring(point + 1));
        }
        Value number = NumberValue.parseOrNull(token);
        if (number == null) {
            throw BuiltinException.of(
                    "template: function " + io.gitops4j.rego.value.GoQuote.quote(token) + " not defined");
        }
        return number;
    }

    private static @Nullable Value path(Value from, String path) {
        Value at = from;
        for (String key : StringBuiltins.split(path, ".", -1)) {
            at = at == null ? null : at.get(new StringValue(key));
        }
        return at;
    }

    private static @Nullable Value apply(String function, List<@Nullable Value> operands) {
        Value first = operands.isEmpty() ? null : operands.get(0);
        Value second = operands.size() < 2 ? null : operands.get(1);
        switch (function) {
            case "not":
                return BoolValue.of(!truth(first));
            case "and", "or":
                Value last = first;
                for (Value operand : operands) {
                    last = operand;
                    if (truth(operand) == function.equals("or")) {
                        break;
                    }
                }
                return last;
            case "len":
                return NumberValue.of(
                        first instanceof StringValue text
                                ? text.text().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                                : first == null ? 0 : first.size());
            case "eq":
                return BoolValue.of(operands.subList(1, operands.size()).contains(first));
            case "ne", "lt", "le", "gt", "ge":
                return compare(function, first, second);
            case "index":
                Value at = first;
                for (Value key : operands.subList(1, operands.size())) {
                    at = at == null || key == null ? null : at.get(key);
                }
                return at;
            case "print", "println", "html", "js", "urlquery":
                StringBuilder text = new StringBuilder();
                operands.forEach(operand -> text.append(operand == null ? "<undefined>" : shown(operand)));
                return new StringValue(text + (function.equals("println") ? "\n" : ""));
            case "printf":
                List<Value> rest = new ArrayList<>();
                operands.subList(1, operands.size())
                        .forEach(operand -> rest.add(operand == null ? NullValue.NULL : operand));
                return new StringValue(GoFormat.format(first == null ? "" : shown(first), rest.toArray(new Value[0])));
            default:
                throw BuiltinException.of(
                        "template: function " + io.gitops4j.rego.value.GoQuote.quote(function) + " not defined");
        }
    }

    private static Value compare(String function, @Nullable Value first, @Nullable Value second) {
        int order = first == null || second == null ? 1 : first.compareTo(second);
        return BoolValue.of(
                switch (function) {
                    case "ne" -> order != 0;
                    case "lt" -> order < 0;
                    case "le" -> order <= 0;
                    case "gt" -> order > 0;
                    default -> order >= 0;
                });
    }
}
