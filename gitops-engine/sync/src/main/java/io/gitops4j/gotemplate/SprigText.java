package io.gitops4j.gotemplate;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Sprig's functions over texts and regular expressions. */
final class SprigText {
    private static final int MAX_REPEAT = 1_000_000;

    private SprigText() {}

    static void addTo(Map<String, GoFunction> functions) {
        one(functions, "trim", String::strip);
        one(functions, "upper", text -> text.toUpperCase(Locale.ROOT));
        one(functions, "lower", text -> text.toLowerCase(Locale.ROOT));
        one(functions, "title", SprigText::title);
        one(functions, "untitle", text -> eachWord(text, word -> lowerFirst(word)));
        one(functions, "swapcase", SprigText::swapCase);
        one(functions, "nospace", text -> text.replaceAll("\\s", ""));
        one(functions, "initials", SprigText::initials);
        one(functions, "snakecase", text -> separated(text, '_'));
        one(functions, "kebabcase", text -> separated(text, '-'));
        one(functions, "camelcase", SprigText::camel);
        one(functions, "regexQuoteMeta", Pattern::quote);
        functions.put("trimAll", a -> trimAll(a.exactly(2).text(1), a.text(0), true, true));
        functions.put("trimall", a -> trimAll(a.exactly(2).text(1), a.text(0), true, true));
        functions.put("trimPrefix", a -> {
            String text = a.exactly(2).text(1);
            return text.startsWith(a.text(0)) ? text.substring(a.text(0).length()) : text;
        });
        functions.put("trimSuffix", a -> {
            String text = a.exactly(2).text(1);
            return text.endsWith(a.text(0))
                    ? text.substring(0, text.length() - a.text(0).length())
                    : text;
        });
        functions.put("contains", a -> a.exactly(2).text(1).contains(a.text(0)));
        functions.put("hasPrefix", a -> a.exactly(2).text(1).startsWith(a.text(0)));
        functions.put("hasSuffix", a -> a.exactly(2).text(1).endsWith(a.text(0)));
        functions.put("replace", a -> a.exactly(3).text(2).replace(a.text(0), a.text(1)));
        functions.put("repeat", a -> repeat(a.exactly(2).integer(0), a.text(1)));
        functions.put("indent", a -> indent(a.exactly(2).small(0), a.text(1)));
        functions.put("nindent", a -> "\n" + indent(a.exactly(2).small(0), a.text(1)));
        functions.put("trunc", a -> truncated(a.exactly(2).integer(0), a.text(1)));
        functions.put("abbrev", a -> abbreviated(a.exactly(2).small(0), a.text(1)));
        functions.put("abbrevboth", a -> abbreviatedBoth(a.exactly(3).small(0), a.small(1), a.text(2)));
        functions.put("substr", a -> substring(a.exactly(3).small(0), a.small(1), a.text(2)));
        functions.put("wrap", a -> wrapped(a.exactly(2).small(0), "\n", a.text(1)));
        functions.put("wrapWith", a -> wrapped(a.exactly(3).small(0), a.text(1), a.text(2)));
        functions.put("quote", a -> quotes(a, true));
        functions.put("squote", a -> quotes(a, false));
        functions.put("cat", SprigText::cat);
        functions.put("plural", a -> a.exactly(3).integer(2) == 1 ? a.text(0) : a.text(1));
        functions.put("toString", a -> GoValues.text(a.exactly(1).any(0)));
        functions.put(
                "toStrings",
                a -> new ArrayList<Object>(Arguments.texts(a.exactly(1).any(0))));
        functions.put("join", a -> String.join(a.exactly(2).text(0), Arguments.texts(a.any(1))));
        functions.put("splitList", a -> new ArrayList<Object>(split(a.exactly(2).text(0), a.text(1), -1)));
        functions.put("split", a -> numbered(split(a.exactly(2).text(0), a.text(1), -1)));
        functions.put("splitn", a -> numbered(split(a.exactly(3).text(0), a.text(2), a.small(1))));
        functions.put("normalize", a -> DnsName.normalize(a.exactly(1).text(0)));
        functions.put("slugify", SprigText::slugify);
        functions.put("fail", a -> {
            throw new TemplateException(a.exactly(1).text(0));
        });
        functions.put("hello", a -> "Hello!");
        regex(functions);
    }

    private static void one(Map<String, GoFunction> functions, String name, UnaryOperator<String> function) {
        functions.put(name, a -> function.apply(a.exactly(1).text(0)));
    }

    // ---- regular expressions

    private static void regex(Map<String, GoFunction> functions) {
        for (String prefix : List.of("", "must")) {
            functions.put(
                    regexName(prefix, "Match"),
                    a -> pattern(a.exactly(2).text(0)).matcher(a.text(1)).find());
            functions.put(regexName(prefix, "Find"), a -> {
                Matcher matcher = pattern(a.exactly(2).text(0)).matcher(a.text(1));
                return matcher.find() ? matcher.group() : "";
            });
            functions.put(regexName(prefix, "FindAll"), a -> {
                Matcher matcher = pattern(a.exactly(3).text(0)).matcher(a.text(1));
                List<Object> found = new ArrayList<>();
                long most = a.integer(2);
                while ((most < 0 || found.size() < most) && matcher.find()) {
                    found.add(matcher.group());
                }
                return found;
            });
            functions.put(
                    regexName(prefix, "ReplaceAll"),
                    a -> pattern(a.exactly(3).text(0)).matcher(a.text(1)).replaceAll(javaReplacement(a.text(2))));
            functions.put(
                    regexName(prefix, "ReplaceAllLiteral"),
                    a -> pattern(a.exactly(3).text(0))
                            .matcher(a.text(1))
                            .replaceAll(Matcher.quoteReplacement(a.text(2))));
            functions.put(regexName(prefix, "Split"), a -> {
                long most = a.exactly(3).integer(2);
                List<Object> parts = new ArrayList<>();
                if (most == 0) {
                    return parts;
                }
                String text = a.text(1);
                Matcher matcher = pattern(a.text(0)).matcher(text);
                int from = 0;
                while ((most < 0 || parts.size() < most - 1) && matcher.find()) {
                    if (matcher.end() == 0) {
                        continue;
                    }
                    parts.add(text.substring(from, matcher.start()));
                    from = matcher.end();
                }
                parts.add(text.substring(from));
                return parts;
            });
        }
    }

    private static String regexName(String prefix, String name) {
        return prefix.isEmpty() ? "regex" + name : prefix + "Regex" + name;
    }

    private static Pattern pattern(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new TemplateException("error parsing regexp: " + e.getMessage());
        }
    }

    /** Go's {@code $1}, {@code ${1}} and {@code ${name}} in the notation of the matcher; an unknown name is nothing. */
    private static String javaReplacement(String replacement) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < replacement.length()) {
            char c = replacement.charAt(at++);
            if (c == '\\') {
                out.append("\\\\");
            } else if (c != '$') {
                out.append(c);
            } else if (at < replacement.length() && replacement.charAt(at) == '$') {
                out.append("\\$");
                at++;
            } else {
                boolean braced = at < replacement.length() && replacement.charAt(at) == '{';
                int from = braced ? at + 1 : at;
                int to = from;
                while (to < replacement.length()
                        && (Character.isLetterOrDigit(replacement.charAt(to)) || replacement.charAt(to) == '_')) {
                    to++;
                }
                String name = replacement.substring(from, to);
                if (name.isEmpty() || (braced && (to >= replacement.length() || replacement.charAt(to) != '}'))) {
                    out.append("\\$");
                    continue;
                }
                at = braced ? to + 1 : to;
                if (name.chars().allMatch(Character::isDigit)) {
                    out.append('$').append(name);
                } else if (braced) {
                    out.append("${").append(name).append('}');
                }
            }
        }
        return out.toString();
    }

    // ---- the rest

    private static String eachWord(String text, UnaryOperator<String> change) {
        StringBuilder out = new StringBuilder();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || Character.isWhitespace(text.charAt(i))) {
                out.append(word.length() == 0 ? "" : change.apply(word.toString()));
                word.setLength(0);
                if (i < text.length()) {
                    out.append(text.charAt(i));
                }
            } else {
                word.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    private static String title(String text) {
        StringBuilder out = new StringBuilder();
        char before = ' ';
        for (char c : text.toCharArray()) {
            boolean inWord = Character.isLetterOrDigit(before) || before == '_' || before == '\'';
            out.append(inWord ? c : Character.toTitleCase(c));
            before = c;
        }
        return out.toString();
    }

    private static String lowerFirst(String word) {
        return word.isEmpty() ? word : Character.toLowerCase(word.charAt(0)) + word.substring(1);
    }

    private static String swapCase(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
        return out.toString();
    }

    private static String initials(String text) {
        StringBuilder out = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!word.isEmpty()) {
                out.append(word.charAt(0));
            }
        }
        return out.toString();
    }

    private static String separated(String text, char separator) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '_' || c == '-' || c == '.') {
                out.append(separator);
                continue;
            }
            boolean startsWord = i > 0
                    && Character.isUpperCase(c)
                    && (Character.isLowerCase(text.charAt(i - 1))
                            || Character.isDigit(text.charAt(i - 1))
                            || (Character.isUpperCase(text.charAt(i - 1))
                                    && i + 1 < text.length()
                                    && Character.isLowerCase(text.charAt(i + 1))));
            if (startsWord) {
                out.append(separator);
            }
            out.append(Character.toLowerCase(c));
        }
        return out.toString();
    }

    private static String camel(String text) {
        StringBuilder out = new StringBuilder();
        boolean upper = true;
        for (char c : text.toCharArray()) {
            if (c == ' ' || c == '_' || c == '-' || c == '.') {
                upper = true;
            } else {
                out.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return out.toString();
    }

    private static String trimAll(String text, String characters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && characters.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (right && to > from && characters.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    private static String repeat(long count, String text) {
        if (count < 0) {
            throw new TemplateException("negative repeat count");
        }
        if (count * text.length() > MAX_REPEAT) {
            throw TemplateException.limit("the repeated text is too long");
        }
        return text.repeat((int) count);
    }

    static String indent(int spaces, String text) {
        if (spaces < 0 || spaces > MAX_REPEAT) {
            throw new TemplateException("bad indent: " + spaces);
        }
        String pad = " ".repeat(spaces);
        return pad + text.replace("\n", "\n" + pad);
    }

    private static String truncated(long count, String text) {
        if (count < 0 && text.length() + count > 0) {
            return text.substring((int) (text.length() + count));
        }
        return count >= 0 && text.length() > count ? text.substring(0, (int) count) : text;
    }

    private static String abbreviated(int width, String text) {
        return width < 4 || text.length() <= width ? text : text.substring(0, width - 3) + "...";
    }

    private static String abbreviatedBoth(int left, int right, String text) {
        if (right < 4 || (left > 0 && right < 7) || text.length() <= right) {
            return text;
        }
        if (left <= 4) {
            return text.substring(0, right - 3) + "...";
        }
        if (left + right - 3 < text.length()) {
            return "..." + abbreviated(right - 3, text.substring(left));
        }
        return "..." + text.substring(text.length() - (right - 3));
    }

    private static String substring(int from, int to, String text) {
        if (from < 0) {
            return text.substring(0, Math.max(0, Math.min(to, text.length())));
        }
        if (to < 0 || to > text.length()) {
            if (from > text.length()) {
                throw new TemplateException("slice bounds out of range");
            }
            return text.substring(from);
        }
        if (from > to) {
            throw new TemplateException("slice bounds out of range");
        }
        return text.substring(from, to);
    }

    private static String wrapped(int width, String separator, String text) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > width) {
                out.append(separator);
                column = 0;
            } else if (out.length() > 0) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += word.length();
        }
        return out.toString();
    }

    private static String quotes(Arguments arguments, boolean doubled) {
        List<String> out = new ArrayList<>();
        for (Object value : arguments.values()) {
            if (value != GoNil.NIL) {
                out.add(doubled ? GoFormat.quoted(GoValues.text(value)) : "'" + GoValues.text(value) + "'");
            }
        }
        return String.join(" ", out);
    }

    private static String cat(Arguments arguments) {
        List<String> out = new ArrayList<>();
        for (Object value : arguments.values()) {
            if (value != GoNil.NIL) {
                out.add(GoValues.text(value));
            }
        }
        return String.join(" ", out);
    }

    static List<String> split(String separator, String text, int most) {
        List<String> parts = new ArrayList<>();
        if (separator.isEmpty()) {
            text.codePoints().forEach(c -> parts.add(Character.toString(c)));
            return parts;
        }
        int from = 0;
        while (most < 0 || parts.size() < most - 1) {
            int at = text.indexOf(separator, from);
            if (at < 0) {
                break;
            }
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        if (most != 0) {
            parts.add(text.substring(from));
        }
        return parts;
    }

    private static Map<String, Object> numbered(List<String> parts) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            map.put("_" + i, parts.get(i));
        }
        return map;
    }

    /** {@code slugify [maxLength] [smart] text}: by default 50 characters, cut between words. */
    private static Object slugify(Arguments arguments) {
        int last = arguments.atLeast(1).size() - 1;
        int length = 50;
        boolean smart = true;
        if (last > 0) {
            length = arguments.small(0);
        }
        if (last > 1) {
            smart = arguments.bool(1);
        }
        return DnsName.slug(arguments.text(last), length, smart);
    }
}
