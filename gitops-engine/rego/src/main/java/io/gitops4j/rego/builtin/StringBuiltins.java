package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** Strings. Positions and lengths count code points. */
final class StringBuiltins {
    private StringBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "concat" -> family.add(2, (c, a) -> concat(a));
            case "contains" ->
                family.add(2, (c, a) -> BoolValue.of(Operands.string(a, 1).contains(Operands.string(a, 2))));
            case "startswith" ->
                family.add(2, (c, a) -> BoolValue.of(Operands.string(a, 1).startsWith(Operands.string(a, 2))));
            case "endswith" ->
                family.add(2, (c, a) -> BoolValue.of(Operands.string(a, 1).endsWith(Operands.string(a, 2))));
            case "indexof" -> family.add(2, (c, a) -> indexOf(a));
            case "indexof_n" -> family.add(2, (c, a) -> indexesOf(a));
            case "lower" -> family.add(1, (c, a) -> Operands.text(lower(Operands.string(a, 1))));
            case "upper" -> family.add(1, (c, a) -> Operands.text(upper(Operands.string(a, 1))));
            case "replace" ->
                family.add(
                        3,
                        (c, a) -> Operands.text(
                                replace(Operands.string(a, 1), Operands.string(a, 2), Operands.string(a, 3))));
            case "split" -> family.add(2, (c, a) -> list(split(Operands.string(a, 1), Operands.string(a, 2), -1)));
            case "strings.split_n" -> family.add(3, (c, a) -> splitN(a));
            case "sprintf" -> family.add(2, (c, a) -> sprintf(a));
            case "strings.any_prefix_match" -> family.add(2, (c, a) -> any(a, false));
            case "strings.any_suffix_match" -> family.add(2, (c, a) -> any(a, true));
            case "strings.count" -> family.add(2, (c, a) -> occurrences(a));
            case "strings.replace_n" -> family.add(2, (c, a) -> replaceN(a));
            case "strings.reverse" ->
                family.add(
                        1,
                        (c, a) -> Operands.text(new StringBuilder(Operands.string(a, 1))
                                .reverse()
                                .toString()));
            case "strings.render_template" ->
                family.add(2, (c, a) -> Operands.text(GoTemplate.render(Operands.string(a, 1), Operands.object(a, 2))));
            case "substring" -> family.add(3, (c, a) -> substring(a));
            case "trim" ->
                family.add(2, (c, a) -> Operands.text(trim(Operands.string(a, 1), Operands.string(a, 2), true, true)));
            case "trim_left" ->
                family.add(2, (c, a) -> Operands.text(trim(Operands.string(a, 1), Operands.string(a, 2), true, false)));
            case "trim_right" ->
                family.add(2, (c, a) -> Operands.text(trim(Operands.string(a, 1), Operands.string(a, 2), false, true)));
            case "trim_space" -> family.add(1, (c, a) -> Operands.text(trimSpace(Operands.string(a, 1))));
            case "trim_prefix" -> family.add(2, (c, a) -> trimPrefix(a));
            case "trim_suffix" -> family.add(2, (c, a) -> trimSuffix(a));
            case "internal.template_string" -> family.add(1, (c, a) -> templateString(a));
            default -> {}
        }
    }

    private static Value concat(Value[] args) {
        String glue = Operands.string(args, 1);
        List<String> parts = Operands.strings(args, 2);
        return Operands.text(String.join(glue, parts));
    }

    private static Value indexOf(Value[] args) {
        String text = Operands.string(args, 1);
        String part = Operands.string(args, 2);
        if (part.isEmpty()) {
            throw BuiltinException.of("empty search character");
        }
        int at = text.indexOf(part);
        return NumberValue.of(at < 0 ? -1 : text.codePointCount(0, at));
    }

    private static Value indexesOf(Value[] args) {
        String text = Operands.string(args, 1);
        String part = Operands.string(args, 2);
        if (part.isEmpty()) {
            throw BuiltinException.of("empty search character");
        }
        List<Value> found = new ArrayList<>();
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            found.add(NumberValue.of(text.codePointCount(0, at)));
        }
        return ArrayValue.of(found);
    }

    static String lower(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> out.appendCodePoint(Character.toLowerCase(point)));
        return out.toString();
    }

    private static String upper(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> out.appendCodePoint(Character.toUpperCase(point)));
        return out.toString();
    }

    private static String replace(String text, String old, String with) {
        return old.isEmpty() ? replaceAll(text, List.<String[]>of(new String[] {old, with})) : text.replace(old, with);
    }

    /** The parts between separators; an empty separator parts every code point. */
    static List<String> split(String text, String separator, int most) {
        List<String> parts = new ArrayList<>();
        if (most == 0) {
            return parts;
        }
        if (separator.isEmpty()) {
            for (int i = 0; i < text.length(); ) {
                if (most > 0 && parts.size() == most - 1) {
                    parts.add(text.substring(i));
                    return parts;
                }
                int next = i + Character.charCount(text.codePointAt(i));
                parts.add(text.substring(i, next));
                i = next;
            }
            return parts;
        }
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            if (most > 0 && parts.size() == most - 1) {
                break;
            }
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static Value splitN(Value[] args) {
        String text = Operands.string(args, 1);
        String separator = Operands.string(args, 2);
        int wanted = Operands.intValue(args, 3);
        List<String> parts = split(text, separator, -1);
        int kept = Math.min(parts.size(), Math.abs(Math.max(wanted, -Integer.MAX_VALUE)));
        return list(wanted < 0 ? parts.subList(parts.size() - kept, parts.size()) : parts.subList(0, kept));
    }

    static Value list(List<String> texts) {
        Value[] items = new Value[texts.size()];
        for (int i = 0; i < items.length; i++) {
            items[i] = new StringValue(texts.get(i));
        }
        return ArrayValue.of(items);
    }

    private static Value sprintf(Value[] args) {
        String format = Operands.string(args, 1);
        ArrayValue values = Operands.array(args, 2);
        return Operands.text(GoFormat.format(format, values.toArray()));
    }

    private static Value any(Value[] args, boolean suffix) {
        List<String> texts = stringOrStrings(args, 1);
        List<String> parts = stringOrStrings(args, 2);
        for (String text : texts) {
            for (String part : parts) {
                if (suffix ? text.endsWith(part) : text.startsWith(part)) {
                    return BoolValue.TRUE;
                }
            }
        }
        return BoolValue.FALSE;
    }

    private static List<String> stringOrStrings(Value[] args, int position) {
        Value value = args[position - 1];
        if (value instanceof StringValue text) {
            return new ArrayList<>(List.of(text.text()));
        }
        if (!(value instanceof ArrayValue) && !(value instanceof SetValue)) {
            throw Operands.wrongType(position, value, "string", "set", "array");
        }
        return Operands.strings(args, position);
    }

    private static Value occurrences(Value[] args) {
        String text = Operands.string(args, 1);
        String part = Operands.string(args, 2);
        if (part.isEmpty()) {
            return NumberValue.of(text.codePointCount(0, text.length()) + 1L);
        }
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return NumberValue.of(count);
    }

    /** One pass; at each place the first pattern in key order that matches is replaced. */
    private static Value replaceN(Value[] args) {
        ObjectValue patterns = Operands.object(args, 1);
        String text = Operands.string(args, 2);
        List<String[]> pairs = new ArrayList<>();
        for (int position : patterns.order()) {
            if (!(patterns.keyAt(position) instanceof StringValue key)) {
                throw Operands.error(1, "non-string key found in pattern object");
            }
            if (!(patterns.valueAt(position) instanceof StringValue value)) {
                throw Operands.error(1, "non-string value found in pattern object");
            }
            pairs.add(new String[] {key.text(), value.text()});
        }
        return Operands.text(replaceAll(text, pairs));
    }

    /** Where an empty pattern parts the bytes, each byte of a longer character stands alone and is no character. */
    private static String replaceAll(String given, List<String[]> pairs) {
        boolean parted = pairs.stream().anyMatch(pair -> pair[0].isEmpty());
        String text = parted ? bytewise(given) : given;
        StringBuilder out = new StringBuilder();
        int at = 0;
        boolean afterEmpty = false;
        while (at <= text.length()) {
            String[] match = null;
            for (String[] pair : pairs) {
                if (text.startsWith(pair[0], at) && !(pair[0].isEmpty() && afterEmpty)) {
                    match = pair;
                    break;
                }
            }
            if (match != null) {
                out.append(match[1]);
                at += match[0].length();
                afterEmpty = match[0].isEmpty();
                continue;
            }
            if (at < text.length()) {
                out.append(text.charAt(at));
            }
            at++;
            afterEmpty = false;
        }
        return out.toString();
    }

    private static String bytewise(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(point -> {
            int bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            out.append(bytes == 1 ? Character.toString(point) : "\uFFFD".repeat(bytes));
        });
        return out.toString();
    }

    private static Value substring(Value[] args) {
        String text = Operands.string(args, 1);
        int from = Operands.intValue(args, 2);
        int length = Operands.intValue(args, 3);
        if (from < 0) {
            throw BuiltinException.of("negative offset");
        }
        int points = text.codePointCount(0, text.length());
        if (from >= points) {
            return Operands.text("");
        }
        int to = length < 0 || (long) from + length > points ? points : from + length;
        int start = text.offsetByCodePoints(0, from);
        return Operands.text(text.substring(start, text.offsetByCodePoints(start, to - from)));
    }

    static String trim(String text, String cutset, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && cutset.indexOf(text.codePointAt(from)) >= 0) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && from < to && cutset.indexOf(text.codePointBefore(to)) >= 0) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static String trimSpace(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (from < to && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || Character.isSpaceChar(c);
    }

    private static Value trimPrefix(Value[] args) {
        String text = Operands.string(args, 1);
        String prefix = Operands.string(args, 2);
        return text.startsWith(prefix) ? Operands.text(text.substring(prefix.length())) : args[0];
    }

    private static Value trimSuffix(Value[] args) {
        String text = Operands.string(args, 1);
        String suffix = Operands.string(args, 2);
        return text.endsWith(suffix) ? Operands.text(text.substring(0, text.length() - suffix.length())) : args[0];
    }

    private static Value templateString(Value[] args) {
        StringBuilder out = new StringBuilder();
        for (Value part : Operands.array(args, 1).toArray()) {
            if (part instanceof SetValue set) {
                if (set.size() > 1) {
                    throw BuiltinException.conflict("template-strings must not produce multiple outputs");
                }
                out.append(set.size() == 0 ? "<undefined>" : set.memberAt(0).display());
            } else {
                out.append(part.display());
            }
        }
        return Operands.text(out.toString());
    }
}
