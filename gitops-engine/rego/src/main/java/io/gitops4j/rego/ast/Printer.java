package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text of nodes, as error messages show it. */
final class Printer {
    private Printer() {}

    static String ref(Ref ref) {
        StringBuilder out = new StringBuilder(ref.head().toString());
        for (int i = 1; i < ref.size(); i++) {
            Term term = ref.get(i);
            if (term instanceof StringTerm string && isName(string.value())) {
                out.append('.').append(string.value());
            } else {
                out.append('[').append(term).append(']');
            }
        }
        return out.toString();
    }

    static String dotted(Ref ref) {
        if (ref.size() == 1) {
            return ref.head().toString();
        }
        StringBuilder out = new StringBuilder();
        for (Term term : ref.terms()) {
            if (out.length() > 0) {
                out.append('.');
            }
            out.append(term instanceof StringTerm string ? string.value() : term.toString());
        }
        return out.toString();
    }

    static boolean isName(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    static String list(String open, List<Term> items, String close) {
        StringBuilder out = new StringBuilder(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(items.get(i));
        }
        return out.append(close).toString();
    }

    static String object(ObjectTerm object) {
        StringBuilder out = new StringBuilder("{");
        for (ObjectTerm.Entry entry : object.entries()) {
            out.append(out.length() == 1 ? "" : ", ")
                    .append(entry.key())
                    .append(": ")
                    .append(entry.value());
        }
        return out.append('}').toString();
    }

    static String call(Call call) {
        return list(call.operator() + "(", call.args(), ")");
    }

    static String template(TemplateString template) {
        StringBuilder out = new StringBuilder(template.raw() ? "$`" : "$\"");
        for (TemplateString.Part part : template.parts()) {
            Expr expr = part.expr();
            if (expr == null) {
                out.append(escaped(part.text()).replace("{", "\\{"));
            } else {
                out.append('{').append(expr).append('}');
            }
        }
        return out.append(template.raw() ? '`' : '"').toString();
    }

    static String some(Some some) {
        if (some.symbols().size() == 1 && some.symbols().get(0) instanceof Call call) {
            List<Term> args = call.args();
            return args.size() == 3
                    ? "some " + args.get(0) + ", " + args.get(1) + " in " + args.get(2)
                    : "some " + args.get(0) + " in " + args.get(1);
        }
        return list("some ", some.symbols(), "");
    }

    static String expr(Expr expr) {
        StringBuilder out = new StringBuilder();
        if (expr.negated()) {
            out.append("not ");
        }
        out.append(statement(expr.statement()));
        for (With with : expr.with()) {
            out.append(' ').append(with);
        }
        return out.toString();
    }

    private static String statement(Statement statement) {
        if (statement instanceof Call call
                && call.args().size() == 2
                && call.operator().size() == 1) {
            String infix = infix(call.operator().head().toString());
            if (infix != null) {
                return call.args().get(0) + " " + infix + " " + call.args().get(1);
            }
        }
        return statement.toString();
    }

    private static @Nullable String infix(String name) {
        return switch (name) {
            case "eq" -> "=";
            case "assign" -> ":=";
            case "equal" -> "==";
            case "neq" -> "!=";
            case "lt" -> "<";
            case "lte" -> "<=";
            case "gt" -> ">";
            case "gte" -> ">=";
            case "plus" -> "+";
            case "minus" -> "-";
            case "mul" -> "*";
            case "div" -> "/";
            case "rem" -> "%";
            case "and" -> "&";
            case "or" -> "|";
            default -> null;
        };
    }

    static String quote(String text) {
        return '"' + escaped(text) + '"';
    }

    private static String escaped(@Nullable String text) {
        if (text == null) {
            return "";
        }
        StringBuilder out = new StringBuilder(text.length() + 2);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
