package io.gitops4j.testkit.apiserver;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms that names, label keys and label values must have, with the server's sentences. */
final class Names {
    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern LABEL = Pattern.compile(LABEL_FORM);
    private static final Pattern SUBDOMAIN = Pattern.compile(LABEL_FORM + "(\\." + LABEL_FORM + ")*");
    private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern C_IDENTIFIER = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

    private Names() {}

    /** What is wrong with a DNS-1123 subdomain, or {@code null}. */
    static @Nullable String subdomain(String name) {
        if (name.length() > 253) {
            return "must be no more than 253 bytes";
        }
        return SUBDOMAIN.matcher(name).matches()
                ? null
                : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                        + " start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
                        + LABEL_FORM + "(\\." + LABEL_FORM + ")*')";
    }

    /** What is wrong with a DNS-1123 label, or {@code null}. */
    static @Nullable String label(String name) {
        if (name.length() > 63) {
            return "must be no more than 63 bytes";
        }
        return LABEL.matcher(name).matches()
                ? null
                : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
                        + " end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
                        + LABEL_FORM + "')";
    }

    /** What is wrong with a DNS-1035 label, or {@code null}. */
    static @Nullable String label1035(String name) {
        if (name.length() > 63) {
            return "must be no more than 63 bytes";
        }
        return LABEL_1035.matcher(name).matches()
                ? null
                : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                        + " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for"
                        + " validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    }

    /** What is wrong with a name that becomes a segment of a path, or {@code null}. */
    static @Nullable String pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return "may not be '" + name + "'";
        }
        for (String bad : new String[] {"/", "%"}) {
            if (name.contains(bad)) {
                return "may not contain '" + bad + "'";
            }
        }
        return null;
    }

    /** What is wrong with a qualified name such as a label key, or {@code null}. */
    static @Nullable String qualified(String key) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "" : key.substring(0, slash);
        String name = key.substring(slash + 1);
        if (name.indexOf('/') >= 0) {
            return "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
                    + QUALIFIED + "') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }
        if (slash == 0) {
            return "prefix part must be non-empty";
        }
        if (slash > 0) {
            String wrong = subdomain(prefix);
            if (wrong != null) {
                return "prefix part " + wrong;
            }
        }
        if (name.isEmpty()) {
            return "name part must be non-empty";
        }
        if (name.length() > 63) {
            return "name part must be no more than 63 bytes";
        }
        return QUALIFIED.matcher(name).matches()
                ? null
                : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                        + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
                        + QUALIFIED + "')";
    }

    /** What is wrong with a label's value, or {@code null}. */
    static @Nullable String labelValue(String value) {
        if (value.length() > 63) {
            return "must be no more than 63 bytes";
        }
        return value.isEmpty() || QUALIFIED.matcher(value).matches()
                ? null
                : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                        + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex"
                        + " used for validation is '(" + QUALIFIED + ")?')";
    }

    /** What is wrong with a key of a ConfigMap or Secret, or {@code null}. */
    static @Nullable String configKey(String key) {
        if (key.length() > 253) {
            return "must be no more than 253 bytes";
        }
        if (!CONFIG_KEY.matcher(key).matches()) {
            return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or"
                    + " 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
        }
        return key.equals(".") ? "must not be '.'" : key.startsWith("..") ? "must not start with '..'" : null;
    }

    /** What is wrong with the name of an environment variable, or {@code null}. */
    static @Nullable String environmentName(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < ' ' || name.charAt(i) > '~' || name.charAt(i) == '=') {
                return "a valid environment variable name must consist only of printable ASCII characters other than '='";
            }
        }
        return null;
    }

    /** Whether {@code name} is an identifier as field paths print it without quotes. */
    static boolean isIdentifier(String name) {
        return C_IDENTIFIER.matcher(name).matches();
    }
}
