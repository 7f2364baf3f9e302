package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;

/** Globs with delimiters. */
final class GlobBuiltins {
    private GlobBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "glob.match" -> family.add(3, (c, a) -> match(c, a));
            case "glob.quote_meta" -> family.add(1, (c, a) -> Operands.text(quote(Operands.string(a, 1))));
            default -> {}
        }
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if ("*?\\[]{}".indexOf(text.charAt(i)) >= 0) {
                out.append('\\');
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }

    private static Value match(BuiltinContext context, Value[] args) {
        String pattern = Operands.string(args, 1);
        String delimiters = delimiters(args);
        String text = Operands.string(args, 3);
        Glob glob = context.prepared("glob", delimiters + '\0' + pattern, key -> Glob.compile(pattern, delimiters));
        return BoolValue.of(glob.matches(text));
    }

    private static String delimiters(Value[] args) {
        if (args[1] instanceof NullValue) {
            return "";
        }
        if (!(args[1] instanceof ArrayValue array)) {
            throw Operands.wrongType(2, args[1], "array", "null");
        }
        if (array.size() == 0) {
            return ".";
        }
        StringBuilder out = new StringBuilder();
        for (Value item : array.toArray()) {
            if (!(item instanceof StringValue text)) {
                throw Operands.wrongElement(2, array, item, "string");
            }
            if (text.text().codePointCount(0, text.text().length()) != 1) {
                throw Operands.wrongElement(2, array, item, "rune");
            }
            out.append(text.text());
        }
        return out.toString();
    }
}
