package io.gitops4j.policy.cel.library;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A named format of strings.
 *
 * @param name as {@code format.named} takes it
 * @param check what is wrong with a text, empty when nothing
 */
record NameFormat(String name, Function<String, List<String>> check) {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + QUALIFIED + ")?";
    private static final Pattern UUID =
            Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
    private static final Pattern BASE64 =
            Pattern.compile("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$");

    static Map<String, NameFormat> all() {
        Map<String, NameFormat> formats = new LinkedHashMap<>();
        add(formats, "dns1123Label", text -> label(text, LABEL_TEXT, 63));
        add(formats, "dns1123Subdomain", text -> label(text, SUBDOMAIN_TEXT, 253));
        add(formats, "dns1035Label", text -> label(text, DNS_1035_TEXT, 63));
        add(formats, "qualifiedName", NameFormat::qualifiedName);
        add(formats, "dns1123LabelPrefix", text -> label(withoutDash(text), LABEL_TEXT, 63));
        add(formats, "dns1123SubdomainPrefix", text -> label(withoutDash(text), SUBDOMAIN_TEXT, 253));
        add(formats, "dns1035LabelPrefix", text -> label(withoutDash(text), DNS_1035_TEXT, 63));
        add(formats, "labelValue", text -> label(text, VALUE_TEXT, 63));
        add(formats, "uri", NameFormat::uri);
        add(formats, "uuid", text -> holds(UUID.matches(text), "does not match the UUID format"));
        add(formats, "byte", text -> holds(!text.isEmpty() && BASE64.matches(text), "invalid base64"));
        add(formats, "date", text -> holds(isDate(text), "invalid date"));
        add(formats, "datetime", text -> holds(isDateTime(text), "invalid datetime"));
        return formats;
    }

    private static void add(Map<String, NameFormat> formats, String name, Function<String, List<String>> check) {
        formats.put(name, new NameFormat(name, check));
    }

    /** A pattern and what Kubernetes says when it does not match. */
    private record Rule(Pattern pattern, String text) {
        static Rule of(String pattern, String text, String... examples) {
            return new Rule(Pattern.compile("^(?:" + pattern + ")$"), regexText(pattern, text, examples));
        }
    }

    private static String regexText(String pattern, String text, String... examples) {
        String shown = String.join(
                " or ",
                Arrays.stream(examples).map(example -> "'" + example + "', ").toList());
        return text + " (e.g. " + shown + "regex used for validation is '" + pattern + "')";
    }

    private static final Rule LABEL_TEXT = Rule.of(
            LABEL,
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
                    + "with an alphanumeric character",
            "my-name",
            "123-abc");
    private static final Rule SUBDOMAIN_TEXT = Rule.of(
            SUBDOMAIN,
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
                    + "and end with an alphanumeric character",
            "example.com");
    private static final Rule DNS_1035_TEXT = Rule.of(
            DNS_1035,
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
                    + "and end with an alphanumeric character",
            "my-name",
            "abc-123");
    private static final Rule VALUE_TEXT = Rule.of(
            VALUE,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
                    + "end with an alphanumeric character",
            "MyValue",
            "my_value",
            "12345");
    private static final Rule QUALIFIED_TEXT = Rule.of(
            QUALIFIED,
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                    + "character",
            "MyName",
            "my.name",
            "123-abc");

    private static List<String> label(String text, Rule rule, int length) {
        List<String> errors = new ArrayList<>();
        if (text.length() > length) {
            errors.add("must be no more than " + length + " bytes");
        }
        if (!rule.pattern().matches(text)) {
            errors.add(rule.text());
        }
        return errors;
    }

    private static String withoutDash(String text) {
        return text.endsWith("-") && text.length() > 1 ? text.substring(0, text.length() - 1) + "a" : text;
    }

    private static List<String> qualifiedName(String text) {
        List<String> errors = new ArrayList<>();
        int slash = text.indexOf('/');
        if (slash >= 0 && text.indexOf('/', slash + 1) >= 0) {
            errors.add(
                    "a qualified name must consist of alphanumeric characters, '-', '_' or '.', with an optional DNS "
                            + "subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return errors;
        }
        if (slash >= 0) {
            String prefix = text.substring(0, slash);
            if (prefix.isEmpty()) {
                errors.add("prefix part must be non-empty");
            } else {
                label(prefix, SUBDOMAIN_TEXT, 253).forEach(error -> errors.add("prefix part " + error));
            }
        }
        String name = text.substring(slash + 1);
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else if (name.length() > 63) {
            errors.add("name part must be no more than 63 bytes");
        }
        if (!QUALIFIED_TEXT.pattern().matches(name)) {
            errors.add(QUALIFIED_TEXT.text());
        }
        return errors;
    }

    private static List<String> uri(String text) {
        StringBuilder why = new StringBuilder();
        return Url.parse(text, why) == null ? List.of(why.toString()) : List.of();
    }

    private static List<String> holds(boolean condition, String otherwise) {
        return condition ? List.of() : List.of(otherwise);
    }

    private static boolean isDate(String text) {
        try {
            java.time.LocalDate.parse(text);
            return text.length() == 10;
        } catch (java.time.format.DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        try {
            java.time.OffsetDateTime.parse(com.google.common.base.Ascii.toUpperCase(text));
            return text.length() >= 20;
        } catch (java.time.format.DateTimeParseException e) {
            return false;
        }
    }
}
