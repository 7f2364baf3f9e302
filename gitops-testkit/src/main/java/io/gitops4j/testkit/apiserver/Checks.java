package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks that many kinds share. Paths are those of the server, {@code spec.ports[0].name}. */
final class Checks {
    private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9-]+");
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern PERCENT = Pattern.compile("[0-9]+%");

    private final List<FieldError> errors;

    Checks(List<FieldError> errors) {
        this.errors = errors;
    }

    void add(FieldError error) {
        errors.add(error);
    }

    List<FieldError> errors() {
        return errors;
    }

    /** The objects of an array; whatever is no object counts as an empty one. */
    static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>(array.size());
        for (Json item : array) {
            objects.add(item instanceof JsonObject object ? object : JsonObject.empty());
        }
        return objects;
    }

    static boolean blank(JsonObject object, String key) {
        return object.text(key, "").isEmpty();
    }

    static long number(JsonObject object, String key, long fallback) {
        return object.get(key) instanceof JsonNumber n && n.isLong() ? n.longValue() : fallback;
    }

    boolean required(JsonObject object, String key, String path) {
        if (blank(object, key)) {
            add(FieldError.required(path + "." + key));
            return false;
        }
        return true;
    }

    void nonNegative(JsonObject object, String key, String path) {
        Json value = object.get(key);
        if (value instanceof JsonNumber number && number.isLong() && number.longValue() < 0) {
            add(FieldError.invalid(path + "." + key, value, "must be greater than or equal to 0"));
        }
    }

    void supported(JsonObject object, String key, String path, String... values) {
        String value = object.text(key, "");
        if (!List.of(values).contains(value)) {
            add(FieldError.notSupported(path + "." + key, value, values));
        }
    }

    void supportedIfSet(JsonObject object, String key, String path, String... values) {
        if (object.has(key)) {
            supported(object, key, path, values);
        }
    }

    void portNumber(@Nullable Json value, String path) {
        if (!(value instanceof JsonNumber number)
                || !number.isLong()
                || number.longValue() < 1
                || number.longValue() > 65535) {
            add(FieldError.invalid(path, value, "must be between 1 and 65535, inclusive"));
        }
    }

    /** A port given by number or by name. */
    void portNumberOrName(@Nullable Json value, String path) {
        String name = value == null ? null : value.textOrNull();
        if (name == null) {
            portNumber(value, path);
            return;
        }
        portName(name, path);
    }

    void portName(String name, String path) {
        for (String wrong : portNameProblems(name)) {
            add(FieldError.invalid(path, name, wrong));
        }
    }

    private static List<String> portNameProblems(String name) {
        List<String> problems = new ArrayList<>();
        if (name.length() > 15) {
            problems.add("must be no more than 15 bytes");
        }
        if (!PORT_NAME.matcher(name).matches()) {
            problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            problems.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            problems.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            problems.add("must not begin or end with a hyphen");
        }
        return problems;
    }

    void label(String name, String path) {
        String wrong = Names.label(name);
        if (wrong != null) {
            add(FieldError.invalid(path, name, wrong));
        }
    }

    void subdomain(String name, String path) {
        String wrong = Names.subdomain(name);
        if (wrong != null) {
            add(FieldError.invalid(path, name, wrong));
        }
    }

    void ip(String text, String path) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            add(FieldError.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
        }
    }

    /** A number or a percentage. */
    void numberOrPercent(JsonObject object, String key, String path) {
        Json value = object.get(key);
        String text = value == null ? null : value.textOrNull();
        if (text != null && !PERCENT.matcher(text).matches()) {
            add(FieldError.invalid(
                    path + "." + key,
                    text,
                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex"
                            + " used for validation is '[0-9]+%')"));
        }
        nonNegative(object, key, path);
    }

    void immutable(@Nullable Json now, @Nullable Json before, String path) {
        if (now == null ? before != null : !now.equals(before)) {
            add(FieldError.invalid(path, now, "field is immutable"));
        }
    }

    /** Limits and requests of a container. */
    void resources(JsonObject resources, String path) {
        Map<String, Json> limits = resources.object("limits").asMap();
        quantities(resources.object("limits"), path + ".limits");
        JsonObject requests = resources.object("requests");
        quantities(requests, path + ".requests");
        for (int i = 0; i < requests.size(); i++) {
            String name = requests.keyAt(i);
            Json limit = limits.get(name);
            if (limit == null) {
                continue;
            }
            Quantity asked = Quantity.of(requests.valueAt(i)).orNull();
            Quantity atMost = Quantity.of(limit).orNull();
            if (asked != null && atMost != null && asked.compareTo(atMost) > 0) {
                add(FieldError.invalid(
                        path + ".requests",
                        asked.toString(),
                        "must be less than or equal to " + name + " limit of " + atMost));
            }
        }
    }

    private void quantities(JsonObject map, String path) {
        for (int i = 0; i < map.size(); i++) {
            Quantity quantity = Quantity.of(map.valueAt(i)).orNull();
            if (quantity != null && quantity.amount().signum() < 0) {
                add(FieldError.invalid(
                        path + "[" + map.keyAt(i) + "]", quantity.toString(), "must be greater than or equal to 0"));
            }
        }
    }

    /** A selector as the server's types print it: {@code matchLabels} and {@code matchExpressions} only. */
    void labelSelector(JsonObject selector, String path) {
        MetadataRules.labels(selector.object("matchLabels"), path + ".matchLabels", errors);
        List<JsonObject> expressions = objects(selector.array("matchExpressions"));
        for (int i = 0; i < expressions.size(); i++) {
            JsonObject expression = expressions.get(i);
            String at = path + ".matchExpressions[" + i + "]";
            boolean empty = expression.array("values").isEmpty();
            switch (expression.text("operator", "")) {
                case "In", "NotIn" -> {
                    if (empty) {
                        add(FieldError.required(
                                at + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!empty) {
                        add(FieldError.forbidden(
                                at + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                    }
                }
                default ->
                    add(FieldError.invalid(
                            at + ".operator", expression.text("operator", ""), "not a valid selector operator"));
            }
            String wrong = Names.qualified(expression.text("key", ""));
            if (wrong != null) {
                add(FieldError.invalid(at + ".key", expression.text("key", ""), wrong));
            }
        }
    }
}
