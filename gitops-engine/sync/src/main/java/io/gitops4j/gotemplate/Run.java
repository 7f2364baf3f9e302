package io.gitops4j.gotemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One execution of a template: output, dot, variables, budget. */
final class Run {
    private static final int MAX_CALLS = 100;

    /** What the key that a mapping does not have is. */
    enum Missing {
        DEFAULT,
        ZERO,
        ERROR
    }

    private final Map<String, GoFunction> functions;
    private final Map<String, List<Node>> defined;
    private final Missing missing;
    private final long mostSteps;
    private final long mostCharacters;
    private final StringBuilder out = new StringBuilder();
    private final List<String> names = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private Object dot;
    private long steps;
    private int calls;

    Run(
            Map<String, GoFunction> functions,
            Map<String, List<Node>> defined,
            Missing missing,
            Object data,
            long mostSteps,
            long mostCharacters) {
        this.functions = functions;
        this.defined = defined;
        this.missing = missing;
        this.dot = data;
        this.mostSteps = mostSteps;
        this.mostCharacters = mostCharacters;
        names.add("$");
        values.add(data);
    }

    String output() {
        return out.toString();
    }

    void step() {
        if (++steps > mostSteps) {
            throw TemplateException.limit("more than " + mostSteps + " steps");
        }
    }

    void write(String text) {
        step();
        if (out.length() + (long) text.length() > mostCharacters) {
            throw TemplateException.limit("the output is longer than " + mostCharacters + " characters");
        }
        out.append(text);
    }

    Object dot() {
        return dot;
    }

    Node.Flow withDot(Object value, List<Node> body) {
        Object outer = dot;
        dot = value;
        Node.Flow flow = Node.all(body, this);
        dot = outer;
        return flow;
    }

    // ---- variables

    int mark() {
        return names.size();
    }

    void release(int mark) {
        while (names.size() > mark) {
            names.remove(names.size() - 1);
            values.remove(values.size() - 1);
        }
    }

    void bind(String name, Object value, boolean assigns) {
        if (assigns) {
            values.set(names.lastIndexOf(name), value);
        } else {
            names.add(name);
            values.add(value);
        }
    }

    Object variable(String name) {
        int at = names.lastIndexOf(name);
        if (at < 0) {
            throw new TemplateException("undefined variable: " + name);
        }
        return values.get(at);
    }

    // ---- values

    Object field(Object of, String name) {
        if (of instanceof Map<?, ?> map) {
            Object value = map.get(name);
            if (value == null && map instanceof GoStringMap && missing == Missing.ZERO) {
                return "";
            }
            return value == null ? missing("map has no entry for key \"" + name + "\"") : value;
        }
        Object part = of instanceof GoVersion version
                ? version.part(name)
                : of instanceof GoMoment moment ? moment.part(name) : null;
        if (part != null) {
            return part;
        }
        if (of == GoNil.ABSENT) {
            return missing("nil data; no entry for key \"" + name + "\"");
        }
        if (of == GoNil.NIL) {
            throw new TemplateException("nil pointer evaluating interface {}." + name);
        }
        throw new TemplateException("can't evaluate field " + name + " in type " + GoValues.type(of));
    }

    private Object missing(String message) {
        return switch (missing) {
            case DEFAULT -> GoNil.ABSENT;
            case ZERO -> GoNil.NIL;
            case ERROR -> throw new TemplateException(message);
        };
    }

    Object invoke(String name, List<Operand> operands, @Nullable Object last) {
        step();
        if (name.equals("and") || name.equals("or")) {
            return shortCircuit(name.equals("or"), operands, last);
        }
        List<Object> arguments = new ArrayList<>();
        for (Operand operand : operands) {
            arguments.add(argument(operand.value(this)));
        }
        if (last != null) {
            arguments.add(argument(last));
        }
        GoFunction function = functions.get(name);
        if (function == null) {
            throw new TemplateException("function \"" + name + "\" not defined");
        }
        try {
            return function.call(new Arguments(name, arguments));
        } catch (TemplateException e) {
            String words = "error calling " + name + ": " + e.getMessage();
            throw e.isLimit() ? TemplateException.limit(words) : new TemplateException(words);
        }
    }

    private static Object argument(Object value) {
        return value == GoNil.ABSENT ? GoNil.NIL : value;
    }

    private Object shortCircuit(boolean stopsAt, List<Operand> operands, @Nullable Object last) {
        Object value = null;
        for (Operand operand : operands) {
            value = operand.value(this);
            if (GoValues.truth(value) == stopsAt) {
                return value;
            }
        }
        if (last != null) {
            return last;
        }
        if (value == null) {
            throw new TemplateException(
                    "wrong number of args for " + (stopsAt ? "or" : "and") + ": want at least 1 got 0");
        }
        return value;
    }

    void call(String name, Object argument) {
        List<Node> body = defined.get(name);
        if (body == null) {
            throw new TemplateException("template \"" + name + "\" not defined");
        }
        if (++calls > MAX_CALLS) {
            throw new TemplateException("exceeded maximum template depth (" + MAX_CALLS + ")");
        }
        List<String> outerNames = new ArrayList<>(names);
        List<Object> outerValues = new ArrayList<>(values);
        names.clear();
        values.clear();
        bind("$", argument, false);
        withDot(argument, body);
        names.clear();
        values.clear();
        names.addAll(outerNames);
        values.addAll(outerValues);
        calls--;
    }
}
