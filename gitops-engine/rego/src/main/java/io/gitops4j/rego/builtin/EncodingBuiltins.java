package io.gitops4j.rego.builtin;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encodings: base64, hex, JSON, YAML, queries and URIs. */
final class EncodingBuiltins {
    private static final int LARGEST_EXPONENT = 10_000;

    private EncodingBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "base64.encode" ->
                family.add(1, (c, a) -> Operands.text(Base64.getEncoder().encodeToString(bytes(a))));
            case "base64.decode" ->
                family.add(1, (c, a) -> Operands.text(utf8(GoBase64.decode(Operands.string(a, 1), GoBase64.STANDARD))));
            case "base64.is_valid" ->
                family.add(
                        1,
                        (c, a) -> BoolValue.of(
                                a[0] instanceof StringValue text && GoBase64.isValid(text.text(), GoBase64.STANDARD)));
            case "base64url.encode" ->
                family.add(1, (c, a) -> Operands.text(Base64.getUrlEncoder().encodeToString(bytes(a))));
            case "base64url.encode_no_pad" ->
                family.add(
                        1,
                        (c, a) -> Operands.text(
                                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(a))));
            case "base64url.decode" ->
                family.add(1, (c, a) -> Operands.text(utf8(GoBase64.decodeUrl(Operands.string(a, 1)))));
            case "hex.encode" -> family.add(1, (c, a) -> Operands.text(hex(bytes(a))));
            case "hex.decode" -> family.add(1, (c, a) -> Operands.text(utf8(unhex(Operands.string(a, 1)))));
            case "json.marshal" -> family.add(1, (c, a) -> Operands.text(GoJson.text(a[0])));
            case "json.marshal_with_options" -> family.add(2, (c, a) -> marshalWithOptions(a));
            case "json.unmarshal" -> family.add(1, (c, a) -> unmarshal(a));
            case "json.is_valid" ->
                family.add(
                        1,
                        (c, a) -> BoolValue.of(a[0] instanceof StringValue text
                                && JsonReader.parse(text.text()).ok()));
            case "yaml.marshal" -> family.add(1, (c, a) -> Operands.text(YamlWriter.writeIndented(a[0].toJson())));
            case "yaml.unmarshal" -> family.add(1, (c, a) -> yaml(Operands.string(a, 1)));
            case "yaml.is_valid" ->
                family.add(
                        1,
                        (c, a) -> BoolValue.of(a[0] instanceof StringValue text
                                && readYaml(text.text()).ok()));
            case "urlquery.encode" -> family.add(1, (c, a) -> Operands.text(GoUrl.queryEscape(Operands.string(a, 1))));
            case "urlquery.decode" ->
                family.add(1, (c, a) -> Operands.text(GoUrl.queryUnescape(Operands.string(a, 1))));
            case "urlquery.encode_object" -> family.add(1, (c, a) -> encodeObject(a));
            case "urlquery.decode_object" -> family.add(1, (c, a) -> decodeObject(a));
            case "uri.parse" -> family.add(1, (c, a) -> GoUrl.parse(Operands.string(a, 1)));
            case "uri.is_valid" ->
                family.add(1, (c, a) -> BoolValue.of(a[0] instanceof StringValue text && GoUrl.isValid(text.text())));
            default -> {}
        }
    }

    private static byte[] bytes(Value[] args) {
        return Operands.string(args, 1).getBytes(StandardCharsets.UTF_8);
    }

    static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String hex(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length * 2);
        for (byte b : bytes) {
            out.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return out.toString();
    }

    private static byte[] unhex(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[raw.length / 2];
        for (int i = 0; i < raw.length - raw.length % 2; i++) {
            int digit = raw[i] > 0 ? Character.digit(raw[i], 16) : -1;
            if (digit < 0) {
                throw badHex(raw[i]);
            }
            out[i / 2] = (byte) (out[i / 2] << 4 | digit);
        }
        if (raw.length % 2 == 1) {
            if (Character.digit(raw[raw.length - 1], 16) < 0) {
                throw badHex(raw[raw.length - 1]);
            }
            throw BuiltinException.of("encoding/hex: odd length hex string");
        }
        return out;
    }

    private static BuiltinException badHex(byte b) {
        return BuiltinException.of(
                "encoding/hex: invalid byte: U+00" + hex(new byte[] {b}).toUpperCase(java.util.Locale.ROOT)
                        + (io.gitops4j.rego.value.GoQuote.printable(b & 255) ? " '" + (char) (b & 255) + "'" : ""));
    }

    private static Value unmarshal(Value[] args) {
        Outcome<Json> read = JsonReader.parse(Operands.string(args, 1));
        Json json = read.orNull();
        if (json == null) {
            String fault = GoJsonErrors.of(Operands.string(args, 1));
            throw BuiltinException.of(fault.isEmpty() ? read.problems().get(0).text() : fault);
        }
        checkNumbers(json);
        return Value.of(json);
    }

    /** Go's decoder refuses numbers that its big floats cannot hold. */
    private static void checkNumbers(Json json) {
        if (json instanceof io.gitops4j.json.JsonNumber number) {
            if (!number.isLong()
                    && (long) number.decimal().precision() - number.decimal().scale() > LARGEST_EXPONENT) {
                throw BuiltinException.of("json: cannot unmarshal number " + number.lexeme());
            }
        } else if (json instanceof io.gitops4j.json.JsonArray array) {
            array.forEach(EncodingBuiltins::checkNumbers);
        } else if (json instanceof io.gitops4j.json.JsonObject object) {
            object.forEach((key, value) -> checkNumbers(value));
        }
    }

    private static Outcome<Json> readYaml(String text) {
        List<Outcome<Json>> documents = YamlReader.core().readEach("yaml", text);
        return documents.isEmpty() ? Outcome.of(Json.nul()) : documents.get(0);
    }

    private static Value yaml(String text) {
        Outcome<Json> read = readYaml(text);
        Json json = read.orNull();
        if (json == null) {
            io.gitops4j.problem.Problem problem = read.problems().get(0);
            throw BuiltinException.of(
                    "yaml: line " + Math.max(1, problem.where().line() - 1) + ": "
                            + problem.text().replaceFirst("^while parsing [a-z ]+, expected", "did not find expected"));
        }
        return Value.of(json);
    }

    private static Value marshalWithOptions(Value[] args) {
        ObjectValue options = Operands.object(args, 2);
        String indent = "\t";
        String prefix = "";
        boolean pretty = options.get("indent") != null || options.get("prefix") != null;
        for (int position : options.order()) {
            String key = GoJson.keyText(options.keyAt(position));
            Value value = options.valueAt(position);
            switch (key) {
                case "pretty" -> {
                    if (!(value instanceof BoolValue bool)) {
                        throw Operands.error(2, "key \"pretty\" failed cast to bool");
                    }
                    pretty = bool.value();
                }
                case "indent" -> indent = option(key, value);
                case "prefix" -> prefix = option(key, value);
                default -> throw Operands.error(2, "object contained unknown key \"" + key + "\"");
            }
        }
        StringBuilder out = new StringBuilder();
        if (pretty) {
            out.append(prefix);
            GoJson.writeIndented(args[0], out, prefix, indent);
            return Operands.text(out.toString());
        }
        GoJson.write(args[0], out);
        return Operands.text(out.toString());
    }

    private static String option(String key, Value value) {
        if (value instanceof StringValue text) {
            return text.text();
        }
        throw Operands.error(
                2, "key \"" + key + "\" failed cast to string: operand 0 must be string but got " + value.typeName());
    }

    private static Value encodeObject(Value[] args) {
        ObjectValue object = Operands.object(args, 1);
        StringBuilder out = new StringBuilder();
        for (int position : object.order()) {
            String key = GoJson.keyText(object.keyAt(position));
            List<String> values = new ArrayList<>();
            Value value = object.valueAt(position);
            if (value instanceof StringValue text) {
                values.add(text.text());
            } else if (value instanceof ArrayValue || value instanceof SetValue) {
                for (Value member : Operands.members(new Value[] {value}, 1)) {
                    if (!(member instanceof StringValue text)) {
                        throw badQueryValue();
                    }
                    values.add(text.text());
                }
            } else {
                throw badQueryValue();
            }
            for (String text : values) {
                out.append(out.isEmpty() ? "" : "&")
                        .append(GoUrl.queryEscape(key))
                        .append('=')
                        .append(GoUrl.queryEscape(text));
            }
        }
        return Operands.text(out.toString());
    }

    private static BuiltinException badQueryValue() {
        return Operands.error(1, "values must be string, array[string], or set[string]");
    }

    private static Value decodeObject(Value[] args) {
        Map<String, List<Value>> found = new LinkedHashMap<>();
        for (String pair : StringBuiltins.split(Operands.string(args, 1), "&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (pair.indexOf(';') >= 0) {
                throw BuiltinException.of("invalid semicolon separator in query");
            }
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            found.computeIfAbsent(GoUrl.queryUnescape(key), any -> new ArrayList<>())
                    .add(new StringValue(GoUrl.queryUnescape(value)));
        }
        ObjectBuilder out = ObjectValue.builder();
        found.forEach((key, values) -> out.put(key, ArrayValue.of(values)));
        return out.build();
    }

    static Value orNull(@org.jspecify.annotations.Nullable Value value) {
        return value == null ? NullValue.NULL : value;
    }
}
