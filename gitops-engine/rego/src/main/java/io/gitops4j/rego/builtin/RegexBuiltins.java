package io.gitops4j.rego.builtin;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** Regular expressions in RE2's syntax: linear time, no look-around, no back references. */
final class RegexBuiltins {
    private RegexBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "regex.match" -> family.add(2, (c, a) -> match(c, a));
            case "re_match" -> family.add(2, (c, a) -> match(c, a));
            case "regex.is_valid" -> family.add(1, (c, a) -> isValid(c, a));
            case "regex.find_n" -> family.add(3, (c, a) -> findN(c, a));
            case "regex.find_all_string_submatch_n" -> family.add(3, (c, a) -> findSubmatches(c, a));
            case "regex.replace" -> family.add(3, (c, a) -> replace(c, a));
            case "regex.split" -> family.add(2, (c, a) -> split(c, a));
            case "regex.template_match" -> family.add(4, (c, a) -> templateMatch(c, a));
            case "regex.globs_match" ->
                family.add(
                        2,
                        (c, a) ->
                                BoolValue.of(GlobIntersection.intersect(Operands.string(a, 1), Operands.string(a, 2))));
            default -> {}
        }
    }

    private static Value match(BuiltinContext context, Value[] args) {
        String pattern = Operands.string(args, 1);
        String text = Operands.string(args, 2);
        return BoolValue.of(context.regex(pattern).find(text));
    }

    private static Value isValid(BuiltinContext context, Value[] args) {
        if (!(args[0] instanceof StringValue text)) {
            return BoolValue.FALSE;
        }
        try {
            context.regex(text.text());
            return BoolValue.TRUE;
        } catch (BuiltinException e) {
            return BoolValue.FALSE;
        }
    }

    private static Value findN(BuiltinContext context, Value[] args) {
        String expression = Operands.string(args, 1);
        String text = Operands.string(args, 2);
        int most = Operands.intValue(args, 3);
        Pattern pattern = context.regex(expression).pattern();
        List<Value> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        int last = -1;
        while ((most < 0 || found.size() < most) && matcher.find()) {
            if (matcher.start() == matcher.end() && matcher.end() == last) {
                continue;
            }
            last = matcher.end();
            found.add(new StringValue(matcher.group()));
        }
        return ArrayValue.of(found);
    }

    private static Value findSubmatches(BuiltinContext context, Value[] args) {
        String expression = Operands.string(args, 1);
        String text = Operands.string(args, 2);
        int most = Operands.intValue(args, 3);
        Pattern pattern = context.regex(expression).pattern();
        List<Value> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        int last = -1;
        while ((most < 0 || found.size() < most) && matcher.find()) {
            if (matcher.start() == matcher.end() && matcher.end() == last) {
                continue;
            }
            last = matcher.end();
            Value[] groups = new Value[matcher.groupCount() + 1];
            for (int i = 0; i < groups.length; i++) {
                String group = matcher.group(i);
                groups[i] = new StringValue(group == null ? "" : group);
            }
            found.add(ArrayValue.of(groups));
        }
        return ArrayValue.of(found);
    }

    private static Value replace(BuiltinContext context, Value[] args) {
        String text = Operands.string(args, 1);
        Pattern pattern = context.regex(Operands.string(args, 2)).pattern();
        String template = Operands.string(args, 3);
        Matcher matcher = pattern.matcher(text);
        StringBuilder out = new StringBuilder();
        int from = 0;
        int lastEnd = -1;
        while (matcher.find()) {
            if (matcher.start() == matcher.end() && matcher.end() == lastEnd) {
                continue;
            }
            out.append(text, from, matcher.start());
            expand(template, matcher, pattern, out);
            from = matcher.end();
            lastEnd = from;
        }
        return Operands.text(out.append(text, from, text.length()).toString());
    }

    /** Go's replacement templates: {@code $1}, {@code ${name}}, {@code $$}; the longest name counts. */
    private static void expand(String template, Matcher matcher, Pattern pattern, StringBuilder out) {
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '$') {
                out.append(c);
                at++;
                continue;
            }
            if (template.startsWith("$$", at)) {
                out.append('$');
                at += 2;
                continue;
            }
            boolean brace = template.startsWith("${", at);
            int start = at + (brace ? 2 : 1);
            int end = start;
            while (end < template.length() && isWord(template.charAt(end))) {
                end++;
            }
            if (end == start || (brace && (end >= template.length() || template.charAt(end) != '}'))) {
                out.append('$');
                at++;
                continue;
            }
            group(template.substring(start, end), matcher, pattern, out);
            at = brace ? end + 1 : end;
        }
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static void group(String name, Matcher matcher, Pattern pattern, StringBuilder out) {
        String found = null;
        if (name.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(name);
            found = number <= matcher.groupCount() ? matcher.group(number) : null;
        } else if (pattern.namedGroups().containsKey(name)) {
            found = matcher.group(name);
        }
        if (found != null) {
            out.append(found);
        }
    }

    private static Value split(BuiltinContext context, Value[] args) {
        Pattern pattern = context.regex(Operands.string(args, 1)).pattern();
        String text = Operands.string(args, 2);
        List<String> parts = new ArrayList<>();
        if (!pattern.pattern().isEmpty() && text.isEmpty()) {
            parts.add("");
            return StringBuiltins.list(parts);
        }
        Matcher matcher = pattern.matcher(text);
        int from = 0;
        int end = 0;
        int last = -1;
        while (matcher.find()) {
            if (matcher.start() == matcher.end() && matcher.end() == last) {
                continue;
            }
            last = matcher.end();
            end = matcher.start();
            if (matcher.end() != 0) {
                parts.add(text.substring(from, end));
            }
            from = matcher.end();
        }
        if (end != text.length()) {
            parts.add(text.substring(from));
        }
        return StringBuiltins.list(parts);
    }

    private static Value templateMatch(BuiltinContext context, Value[] args) {
        String template = Operands.string(args, 1);
        String text = Operands.string(args, 2);
        String open = Operands.string(args, 3);
        String close = Operands.string(args, 4);
        if (open.codePointCount(0, open.length()) != 1) {
            throw BuiltinException.of("start delimiter has to be exactly one character long but is "
                    + open.codePointCount(0, open.length()) + " long");
        }
        if (close.codePointCount(0, close.length()) != 1) {
            throw BuiltinException.of("end delimiter has to be exactly one character long but is "
                    + close.codePointCount(0, close.length()) + " long");
        }
        StringBuilder pattern = new StringBuilder("^");
        int level = 0;
        int start = 0;
        int literal = 0;
        for (int i = 0; i < template.length(); i++) {
            if (template.startsWith(open, i)) {
                if (level++ == 0) {
                    pattern.append(Pattern.quote(template.substring(literal, i)));
                    start = i + 1;
                }
            } else if (template.startsWith(close, i)) {
                if (--level == 0) {
                    pattern.append('(').append(template, start, i).append(')');
                    literal = i + 1;
                } else if (level < 0) {
                    throw BuiltinException.of("unbalanced braces in " + io.gitops4j.rego.value.GoQuote.quote(template));
                }
            }
        }
        if (level != 0) {
            throw BuiltinException.of("unbalanced braces in " + io.gitops4j.rego.value.GoQuote.quote(template));
        }
        pattern.append(Pattern.quote(template.substring(literal))).append('$');
        return BoolValue.of(context.regex(pattern.toString()).find(text));
    }
}
