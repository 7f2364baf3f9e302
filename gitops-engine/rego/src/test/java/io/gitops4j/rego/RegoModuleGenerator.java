package io.gitops4j.rego;

import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.check.Builtin;
import io.gitops4j.rego.check.BuiltinSignatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Writes modules from the grammar, and spoils texts. */
final class RegoModuleGenerator {
    private static final List<Builtin> BUILTINS =
            new ArrayList<>(BuiltinSignatures.of(OpaVersion.newest()).all());
    private static final String[] RULES = {"p", "q", "r", "s", "f", "g"};
    private static final String[] VARS = {"x", "y", "z", "k", "v", "_", "i"};
    private static final String[] OPERATORS = {
        "==", "!=", "<", "<=", ">", ">=", "=", ":=", "+", "-", "*", "/", "%", "&", "|"
    };
    private static final String[] STRINGS = {
        "\"\"",
        "\"a\"",
        "\"b.c\"",
        "\"%d %v\"",
        "\"[a-z]+\"",
        "`(a+)+$`",
        "\"10.0.0.0/8\"",
        "\"é\\u0000😀\"",
        "\"1Ki\"",
        "\"{\\\"a\\\": [1]}\"",
        "\"2020-01-01T00:00:00Z\"",
        "\"/a/0\"",
        "\"eyJhbGciOiJIUzI1NiJ9.e30.x\"",
        "\"1h\"",
        "\"type Query { a: Int }\"",
        "\"{{.a}}\"",
        "\"YQ==\"",
        "\"1.2.3\"",
        "\"package a\"",
        "\"**.b\"",
        "\"UTC\""
    };
    private static final String[] NUMBERS = {
        "0",
        "1",
        "-1",
        "2",
        "3",
        "10",
        "1.5",
        "-0.25",
        "1e3",
        "1e400",
        "1e-400",
        "9223372036854775807",
        "99999999999999999999999",
        "1000000000",
        "64",
        "0.1"
    };
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ":=",
        "=",
        "|",
        "&",
        ";",
        ",",
        ".",
        "not ",
        " some x in ",
        " every y in z {",
        "with ",
        " as ",
        " if ",
        " else ",
        " contains ",
        "default ",
        "import ",
        "package ",
        "\"",
        "`",
        "$\"",
        "#",
        "\n",
        "\\",
        "_",
        "0",
        "1e",
        "input",
        "data",
        "null",
        "in",
        "\u0000",
        "\ud83d",
        "é",
        "# METADATA\n",
        "and",
        "or",
        "rego.v1",
        "set()"
    };

    private final Random random;
    private final List<String> scope = new ArrayList<>();
    private List<String> fresh = new ArrayList<>();
    private int next;
    private int at;
    private int depth;
    private boolean binding = true;

    RegoModuleGenerator(Random random) {
        this.random = random;
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    String module() {
        StringBuilder out = new StringBuilder();
        if (chance(8)) {
            out.append("# METADATA\n# title: t\n# schemas:\n# - input: {type: object, properties: {a: {type: ")
                    .append(chance(2) ? "string" : "integer")
                    .append("}}}\n");
        }
        out.append("package fuzz").append(chance(4) ? ".inner" : "").append('\n');
        if (chance(4)) {
            out.append(chance(2) ? "import rego.v1\n" : "import data.fuzz as me\n");
        }
        if (chance(8)) {
            out.append(chance(2) ? "import rego.v2\n" : "import future.keywords.not\n");
        }
        int rules = 1 + random.nextInt(3);
        if (!chance(10)) {
            out.append("f(1) := 2\ng([1, 2]) := 3\np := 1 if false\nq contains 1\nr[1] := 2\ndefault s := 0\n");
        }
        for (int i = 0; i < rules; i++) {
            rule(out);
        }
        return out.toString();
    }

    /** Rules of names that come in order refer to later names only, but for one in a while. */
    private void rule(StringBuilder out) {
        at = random.nextInt(RULES.length);
        String name = RULES[at];
        scope.clear();
        if (chance(12)) {
            name = any(RULES);
        }
        switch (name) {
            case "q" -> {
                String body = body();
                out.append("q contains ").append(term()).append(body).append('\n');
            }
            case "r" -> {
                String body = body();
                out.append("r[").append(term()).append(']').append(chance(4) ? "[" + term() + "]" : "");
                out.append(" := ").append(term()).append(body).append('\n');
            }
            case "f" -> {
                scope.add("a0");
                String body = body();
                out.append("f(a0) := ").append(term()).append(body).append('\n');
            }
            case "g" -> {
                scope.add("a0");
                scope.add("a1");
                String body = body();
                out.append("g([a0, a1]) := ").append(term()).append(body).append('\n');
            }
            case "s" -> {
                out.append(chance(20) ? "default s := 1\n" : "");
                String body = body();
                out.append("s := ").append(term()).append(body);
                if (chance(3)) {
                    scope.clear();
                    String other = body();
                    out.append(" else := ").append(term()).append(other);
                }
                out.append('\n');
            }
            default -> {
                String body = chance(5) ? "" : body();
                out.append(chance(6) ? "# METADATA\n# title: x\n" : "");
                out.append("p := ").append(term()).append(body).append('\n');
            }
        }
    }

    private String body() {
        StringBuilder out = new StringBuilder(" if {");
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? " " : "; ").append(expression());
        }
        return out.append(" }").toString();
    }

    private String fresh() {
        String name = "v" + next++;
        fresh.add(name);
        return name;
    }

    /** Names that an expression declares hold after it. */
    private String expression() {
        int before = scope.size();
        List<String> outer = fresh;
        fresh = new ArrayList<>();
        String text = written();
        boolean closed = text.startsWith("not ") || text.startsWith("every ");
        while (scope.size() > before) {
            scope.remove(scope.size() - 1);
        }
        if (!closed) {
            scope.addAll(fresh);
        }
        fresh = outer;
        return text;
    }

    private String written() {
        depth++;
        try {
            String with = chance(8)
                    ? " with " + any(new String[] {"input", "input.a", "data.d", "data.fuzz.p", "count", "input.o.k"})
                            + " as " + constant()
                    : "";
            switch (random.nextInt(depth > 3 ? 4 : 14)) {
                case 0, 12 -> {
                    String value = term();
                    return fresh() + " := " + value + with;
                }
                case 1 -> {
                    return term() + with;
                }
                case 2 -> {
                    return term() + " " + OPERATORS[random.nextInt(6)] + " " + term() + with;
                }
                case 3, 13 -> {
                    String in = chance(6) ? term() : reference();
                    String name = fresh();
                    return "some " + name + " in " + in + "; " + name + " != 7";
                }
                case 4 -> {
                    String in = chance(6) ? term() : reference();
                    String key = fresh();
                    String name = fresh();
                    return "some " + key + ", " + name + " in " + in + "; [" + key + ", " + name + "] != 7";
                }
                case 5 -> {
                    return "not " + closed(() -> term() + " " + OPERATORS[random.nextInt(6)] + " " + term()) + with;
                }
                case 6 -> {
                    String in = chance(6) ? term() : reference();
                    String name = "e" + next++;
                    return "every " + name + " in " + in + " { " + closed(() -> term() + " != " + name) + " }";
                }
                case 7 -> {
                    String value = term();
                    return (chance(2) ? "[" + fresh() + ", " + fresh() + "]" : "{\"a\": " + fresh() + "}") + " = "
                            + value + with;
                }
                case 8 -> {
                    return call() + with;
                }
                case 9 -> {
                    return term() + " in " + term();
                }
                case 10 -> {
                    return "print(" + reference() + ", " + term() + ")";
                }
                default -> {
                    String in = chance(6) ? term() : reference();
                    return "walk(" + in + ", [" + fresh() + ", " + fresh() + "])";
                }
            }
        } finally {
            depth--;
        }
    }

    /** What may bind nothing. */
    private String closed(Supplier<String> text) {
        boolean before = binding;
        binding = false;
        try {
            return text.get();
        } finally {
            binding = before;
        }
    }

    /** A scalar; mostly by way of the data, where the type checker cannot see it. */
    private String number() {
        return chance(4) ? any(NUMBERS) : "data.c.n" + random.nextInt(NUMBERS.length);
    }

    private String string() {
        return chance(4) ? any(STRINGS) : "data.c.s" + random.nextInt(STRINGS.length);
    }

    /** The data that modules refer to. */
    static String data() {
        StringBuilder out = new StringBuilder("{\"d\":{\"xs\":[1,2.5,\"a\",null,[1],{\"k\":\"v\"}],\"o\":{\"a\":1,"
                + "\"b\":{\"c\":[true]}},\"1\":\"one\"},\"c\":{");
        for (int i = 0; i < NUMBERS.length; i++) {
            out.append("\"n").append(i).append("\":").append(NUMBERS[i]).append(',');
        }
        for (int i = 0; i < STRINGS.length; i++) {
            String text = STRINGS[i].startsWith("`") ? "\"(a+)+$\"" : STRINGS[i];
            out.append(i == 0 ? "" : ",").append("\"s").append(i).append("\":").append(text);
        }
        return out.append("}}").toString();
    }

    private String variable() {
        return scope.isEmpty() || chance(100)
                ? chance(30) ? any(VARS) : number()
                : scope.get(random.nextInt(scope.size()));
    }

    private String later(int count) {
        int from = chance(60) ? 0 : at + 1;
        return from + count > RULES.length ? "data.d" : RULES[from + random.nextInt(RULES.length - from)];
    }

    private String constant() {
        return switch (random.nextInt(6)) {
            case 0 -> any(NUMBERS);
            case 1 -> "[" + any(NUMBERS) + ", " + any(STRINGS) + "]";
            case 2 -> "{" + any(STRINGS) + ": " + any(NUMBERS) + "}";
            case 3 -> "{" + any(STRINGS) + ", " + any(NUMBERS) + "}";
            case 4 -> chance(2) ? "true" : "null";
            default -> any(STRINGS);
        };
    }

    private String reference() {
        String rule = later(1);
        boolean function = rule.equals("f") || rule.equals("g");
        String head = switch (random.nextInt(8)) {
            case 0 -> "input.a";
            case 1 -> "input.xs[" + (!binding ? any(NUMBERS) : chance(2) ? "_" : fresh()) + "]";
            case 2 -> "data.d." + (chance(2) ? (binding ? "xs[_]" : "xs[1]") : "o[" + variable() + "]");
            case 3 -> function ? "input.o" : rule.startsWith("data") ? rule : "data.fuzz." + rule;
            case 4 ->
                function || rule.equals("s") || rule.equals("p")
                        ? "data.d.xs"
                        : rule + "[" + (chance(2) && binding ? "_" : variable()) + "]";
            case 5 -> chance(20) ? "data[" + variable() + "]" : "input";
            case 6 -> function ? "input.t" : rule;
            default -> variable();
        };
        boolean bracket = chance(6) && (head.startsWith("input") || head.startsWith("data.d."));
        return bracket ? head + "[" + (chance(2) ? any(NUMBERS) : variable()) + "]" : head;
    }

    private String call() {
        String rule = later(1);
        if (rule.equals("f") || rule.equals("g")) {
            return rule + "(" + term() + ")";
        }
        Builtin builtin = BUILTINS.get(random.nextInt(BUILTINS.size()));
        if (builtin.name().startsWith("internal.")
                || builtin.isVoid()
                || builtin.arity() < 0
                || builtin.name().equals("http.send")) {
            return "count(" + term() + ")";
        }
        List<String> args = new ArrayList<>();
        for (int i = 0; i < Math.max(0, builtin.arity()); i++) {
            String type = builtin.args().get(i).toString();
            args.add(
                    chance(6)
                            ? term()
                            : switch (type) {
                                case "number" -> number();
                                case "string" -> string();
                                default ->
                                    type.startsWith("array")
                                            ? "[" + term() + ", " + term() + "]"
                                            : type.startsWith("set") ? "{" + term() + ", " + term() + "}" : term();
                            });
        }
        return builtin.name() + "(" + String.join(", ", args) + ")";
    }

    private String term() {
        depth++;
        try {
            return switch (random.nextInt(depth > 2 ? 5 : 14)) {
                case 0 -> number();
                case 1 -> string();
                case 2, 3 -> reference();
                case 4 -> variable();
                case 5 -> "[" + term() + ", " + term() + "]";
                case 6 -> "{" + term() + ": " + term() + "}";
                case 7 -> "{" + term() + ", " + term() + "}";
                case 8, 9, 10 -> comprehension();
                case 11 -> "(" + reference() + " " + OPERATORS[8 + random.nextInt(7)] + " " + reference() + ")";
                case 12 -> chance(6) ? "$\"a {" + term() + "} b\"" : constant();
                default -> call();
            };
        } finally {
            depth--;
        }
    }

    private String comprehension() {
        int before = scope.size();
        List<String> outer = fresh;
        fresh = new ArrayList<>();
        String body = expression() + "; " + expression();
        String text = switch (random.nextInt(3)) {
            case 0 -> "[" + term() + " | " + body + "]";
            case 1 -> "{" + term() + " | " + body + "}";
            default -> "{" + term() + ": " + term() + " | " + body + "}";
        };
        while (scope.size() > before) {
            scope.remove(scope.size() - 1);
        }
        fresh = outer;
        return text;
    }

    /** A text with a few pieces taken out, put in, doubled, or taken from elsewhere. */
    String mutated(String text, List<String> others) {
        StringBuilder out = new StringBuilder(text);
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits && out.length() > 2; i++) {
            int at = random.nextInt(out.length());
            int end = Math.min(out.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> out.delete(at, end);
                case 1 -> out.insert(at, out.substring(at, end));
                case 2 -> out.insert(at, term());
                case 3 -> {
                    String other = others.get(random.nextInt(others.size()));
                    int from = random.nextInt(Math.max(1, other.length()));
                    out.insert(at, other, from, Math.min(other.length(), from + random.nextInt(60)));
                }
                case 4 -> out.replace(at, Math.min(out.length(), at + 1), any(PIECES));
                default -> out.insert(at, any(PIECES));
            }
        }
        return out.toString();
    }
}
