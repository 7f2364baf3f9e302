package io.gitops4j.rollout.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What Kubernetes says of names, keys and values that it does not take. Every method answers nothing where all is well. */
final class NameRules {
    private static final String NAME_PART = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
    private static final Pattern NAME_PARTS = Pattern.compile(NAME_PART);
    private static final Pattern LABELS = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAINS = Pattern.compile(SUBDOMAIN);
    private static final Pattern VALUES = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final Pattern VARIABLES = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final Pattern PORT_CHARACTERS = Pattern.compile("[-a-z0-9]+");
    private static final int SHORT = 63;
    private static final int LONG = 253;
    private static final int PORT = 15;

    private NameRules() {}

    private static String used(String pattern) {
        return "regex used for validation is '" + pattern + "'";
    }

    private static String length(int most) {
        return "must be no more than " + most + " characters";
    }

    /** A lowercase label, such as the name of a container. */
    static List<String> label(String name) {
        List<String> wrong = new ArrayList<>();
        if (name.length() > SHORT) {
            wrong.add(length(SHORT));
        }
        if (!LABELS.matcher(name).matches()) {
            wrong.add(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start"
                            + " and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', " + used(LABEL)
                            + ")");
        }
        return wrong;
    }

    /** Lowercase labels joined by dots, such as the name of a ConfigMap. */
    static List<String> subdomain(String name) {
        List<String> wrong = new ArrayList<>();
        if (name.length() > LONG) {
            wrong.add(length(LONG));
        }
        if (!SUBDOMAINS.matcher(name).matches()) {
            wrong.add(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                            + " must start and end with an alphanumeric character (e.g. 'example.com', "
                            + used(SUBDOMAIN) + ")");
        }
        return wrong;
    }

    /** The key of a label or an annotation. */
    static List<String> key(String key) {
        List<String> wrong = new ArrayList<>();
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        String parts = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', " + used(NAME_PART) + ")";
        if (name.indexOf('/') >= 0) {
            wrong.add("a qualified name " + parts
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return wrong;
        }
        if (slash == 0) {
            wrong.add("prefix part must be non-empty");
        } else if (slash > 0) {
            subdomain(key.substring(0, slash)).forEach(text -> wrong.add("prefix part " + text));
        }
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        } else if (name.length() > SHORT) {
            wrong.add("name part " + length(SHORT));
        }
        if (!NAME_PARTS.matcher(name).matches()) {
            wrong.add("name part " + parts);
        }
        return wrong;
    }

    /** The value of a label. */
    static List<String> labelValue(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > SHORT) {
            wrong.add(length(SHORT));
        }
        if (!VALUES.matcher(value).matches()) {
            wrong.add(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                            + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
                            + used(VALUES.pattern()) + ")");
        }
        return wrong;
    }

    /** The name of an environment variable. */
    static List<String> variable(String name) {
        return VARIABLES.matcher(name).matches()
                ? List.of()
                : List.of(
                        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.',"
                                + " and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', "
                                + used(VARIABLES.pattern()) + ")");
    }

    /** The name of a port. */
    static List<String> port(String name) {
        List<String> wrong = new ArrayList<>();
        if (name.length() > PORT) {
            wrong.add(length(PORT));
        }
        if (!PORT_CHARACTERS.matcher(name).matches()) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }
}
