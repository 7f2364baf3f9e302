package io.gitops4j.diff.jq;

import io.gitops4j.codec.GoJson;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** Functions of the language that are written in Java; the rest is in {@link Prelude}. */
final class Builtins {
    private static final Set<String> NAMES = Set.of(
            "empty/0",
            "error/0",
            "not/0",
            "length/0",
            "keys/0",
            "keys_unsorted/0",
            "type/0",
            "has/1",
            "contains/1",
            "startswith/1",
            "endswith/1",
            "ltrimstr/1",
            "rtrimstr/1",
            "trim/0",
            "ltrim/0",
            "rtrim/0",
            "split/1",
            "ascii_case/1",
            "tostring/0",
            "tonumber/0",
            "tojson/0",
            "fromjson/0",
            "path/1",
            "getpath/1",
            "setpath/2",
            "delpaths/1",
            "range/1",
            "range/2",
            "floor/0",
            "ceil/0",
            "round/0",
            "abs/0",
            "reverse/0",
            "sort/0",
            "sort_by_keys/1",
            "group_by_keys/1",
            "flatten/0",
            "flatten/1",
            "indices/1",
            "index/1",
            "rindex/1",
            "env/0",
            "test/2",
            "match/2",
            "gsub_text/3",
            "infinite/0",
            "nan/0",
            "utf8bytelength/0",
            "explode/0",
            "implode/0",
            "input/0",
            "limit/2",
            "debug/0",
            "now/0",
            "splits/1",
            "ascii/0",
            "tojson/1",
            "halt/0");
    private static final Set<String> FORMATS =
            Set.of("text", "json", "base64", "base64d", "uri", "html", "csv", "tsv", "sh");

    private Builtins() {}

    static boolean has(String name, int arguments) {
        return NAMES.contains(name + "/" + arguments);
    }

    static void call(String name, List<Node> args, Env env, Val in, Consumer<Val> out) {
        switch (name + "/" + args.size()) {
            case "empty/0" -> {}
            case "error/0" -> throw new JqError(in.value());
            case "path/1" -> {
                for (List<Json> path : Paths.of(env, args.get(0), in.value())) {
                    out.accept(in.made(JsonArray.of(path)));
                }
            }
            case "getpath/1" ->
                args.get(0).eval(env, in.untracked(), path -> {
                    Val at = in;
                    for (Json token : array(path.value())) {
                        at = at.step(token, at.value().isNull() ? Json.nul() : Paths.get(at.value(), token));
                    }
                    out.accept(at);
                });
            case "limit/2" ->
                args.get(0).eval(env, in.untracked(), n -> limit(Node.intOf(n.value()), args.get(1), env, in, out));
            case "range/1" ->
                args.get(0).eval(env, in.untracked(), to -> range(env, 0, Node.intOf(to.value()), in, out));
            case "range/2" ->
                args.get(0)
                        .eval(
                                env,
                                in.untracked(),
                                from -> args.get(1)
                                        .eval(
                                                env,
                                                in.untracked(),
                                                to -> range(
                                                        env,
                                                        Node.intOf(from.value()),
                                                        Node.intOf(to.value()),
                                                        in,
                                                        out)));
            case "match/2" ->
                product(args, env, in, values -> Regex.match(in.value(), values, match -> out.accept(in.made(match))));
            default -> product(args, env, in, values -> out.accept(in.made(value(name, in.value(), values))));
        }
    }

    private static void limit(int count, Node source, Env env, Val in, Consumer<Val> out) {
        if (count <= 0) {
            return;
        }
        Object mark = new Object();
        int[] left = {count};
        try {
            source.eval(env, in, val -> {
                out.accept(val);
                if (--left[0] == 0) {
                    throw new Node.Break(mark);
                }
            });
        } catch (Node.Break e) {
            if (!e.is(mark)) {
                throw e;
            }
        }
    }

    private static void range(Env env, int from, int to, Val in, Consumer<Val> out) {
        for (int i = from; i < to; i++) {
            env.budget.step();
            out.accept(in.made(Json.of(i)));
        }
    }

    /** Calls {@code then} for every combination of the arguments' outputs. */
    private static void product(List<Node> args, Env env, Val in, Consumer<List<Json>> then) {
        product(args, env, in, new ArrayList<>(), then);
    }

    private static void product(List<Node> args, Env env, Val in, List<Json> so, Consumer<List<Json>> then) {
        if (so.size() == args.size()) {
            then.accept(List.copyOf(so));
            return;
        }
        args.get(so.size()).eval(env, in.untracked(), val -> {
            so.add(val.value());
            product(args, env, in, so, then);
            so.remove(so.size() - 1);
        });
    }

    private static Json value(String name, Json in, List<Json> args) {
        return switch (name) {
            case "not" -> Json.of(!Node.truthy(in));
            case "length" -> length(in);
            case "utf8bytelength" -> Json.of(text(in).getBytes(StandardCharsets.UTF_8).length);
            case "keys", "keys_unsorted" -> keys(in);
            case "type" -> Json.of(type(in));
            case "has" -> has(in, args.get(0));
            case "contains" -> Json.of(contains(in, args.get(0)));
            case "startswith" -> Json.of(text(in).startsWith(text(args.get(0))));
            case "endswith" -> Json.of(text(in).endsWith(text(args.get(0))));
            case "ltrimstr" -> trimmed(in, args.get(0), true);
            case "rtrimstr" -> trimmed(in, args.get(0), false);
            case "trim" -> Json.of(text(in).strip());
            case "ltrim" -> Json.of(text(in).stripLeading());
            case "rtrim" -> Json.of(text(in).stripTrailing());
            case "split", "splits" -> split(text(in), text(args.get(0)));
            case "ascii_case" -> Json.of(asciiCase(text(in), Node.truthy(args.get(0))));
            case "tostring" -> in.textOrNull() != null ? in : Json.of(GoJson.write(in));
            case "tonumber" -> toNumber(in);
            case "tojson" -> Json.of(GoJson.write(in));
            case "fromjson" -> fromJson(in);
            case "setpath" -> Paths.set(in, array(args.get(0)).items(), 0, args.get(1));
            case "delpaths" -> delPaths(in, array(args.get(0)));
            case "floor", "ceil", "round", "abs" -> rounded(name, in);
            case "reverse" -> reversed(in);
            case "sort" -> sorted(in);
            case "sort_by_keys" -> Grouping.sortBy(array(in), array(args.get(0)));
            case "group_by_keys" -> Grouping.groupBy(array(in), array(args.get(0)));
            case "flatten" -> Grouping.flatten(array(in), args.isEmpty() ? Integer.MAX_VALUE : Node.intOf(args.get(0)));
            case "indices" -> indices(in, args.get(0));
            case "index" -> firstOrLast(indices(in, args.get(0)), true);
            case "rindex" -> firstOrLast(indices(in, args.get(0)), false);
            case "env" -> JsonObject.empty();
            case "test" -> Json.of(Regex.test(in, args));
            case "gsub_text" -> Regex.replace(in, args);
            case "explode" -> explode(text(in));
            case "implode" -> implode(array(in));
            case "debug" -> in;
            default -> throw new JqError(name + " is not available here");
        };
    }

    static String text(Json value) {
        String text = value.textOrNull();
        if (text == null) {
            throw new JqError("expected a string but got: " + value.toJson());
        }
        return text;
    }

    static JsonArray array(Json value) {
        if (value instanceof JsonArray array) {
            return array;
        }
        throw new JqError("expected an array but got: " + value.toJson());
    }

    private static Json length(Json in) {
        return switch (in.kind()) {
            case NULL -> Json.of(0);
            case STRING -> Json.of(text(in).codePointCount(0, text(in).length()));
            case ARRAY -> Json.of(((JsonArray) in).size());
            case OBJECT -> Json.of(((JsonObject) in).size());
            case NUMBER ->
                JsonNumber.parse(((JsonNumber) in).decimal().abs().toString().replace("E+", "e"));
            case BOOL -> throw new JqError("length cannot be applied to: " + in.toJson());
        };
    }

    private static Json keys(Json in) {
        JsonArray.Builder out = JsonArray.builder();
        if (in instanceof JsonObject object) {
            object.sorted().keys().forEach(out::add);
        } else {
            for (int i = 0; i < array(in).size(); i++) {
                out.add(Json.of(i));
            }
        }
        return out.build();
    }

    static String type(Json in) {
        return switch (in.kind()) {
            case NULL -> "null";
            case BOOL -> "boolean";
            case NUMBER -> "number";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT -> "object";
        };
    }

    private static Json has(Json in, Json key) {
        if (in instanceof JsonObject object && key.textOrNull() != null) {
            return Json.of(object.has(text(key)));
        }
        if (in instanceof JsonArray list && key instanceof JsonNumber) {
            int index = Node.intOf(key);
            return Json.of(index >= 0 && index < list.size());
        }
        throw new JqError("cannot check whether " + type(in) + " has a key: " + key.toJson());
    }

    private static boolean contains(Json a, Json b) {
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            for (int i = 0; i < y.size(); i++) {
                Json at = x.get(y.keyAt(i));
                if (at == null || !contains(at, y.valueAt(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof JsonArray x && b instanceof JsonArray y) {
            for (Json wanted : y) {
                boolean found = false;
                for (Json item : x) {
                    found |= item.kind() == wanted.kind() && contains(item, wanted);
                }
                if (!found) {
                    return false;
                }
            }
            return true;
        }
        if (a.textOrNull() != null && b.textOrNull() != null) {
            return text(a).contains(text(b));
        }
        if (a.kind() == b.kind()) {
            return a.equals(b);
        }
        throw new JqError("cannot check contains: " + a.toJson() + " and " + b.toJson());
    }

    private static Json trimmed(Json in, Json affix, boolean left) {
        if (in.textOrNull() == null || affix.textOrNull() == null) {
            return in;
        }
        String text = text(in);
        String part = text(affix);
        if (left ? !text.startsWith(part) : !text.endsWith(part)) {
            return in;
        }
        return Json.of(left ? text.substring(part.length()) : text.substring(0, text.length() - part.length()));
    }

    static Json split(String text, String separator) {
        JsonArray.Builder out = JsonArray.builder();
        if (text.isEmpty()) {
            return out.build();
        }
        if (separator.isEmpty()) {
            text.codePoints().forEach(point -> out.add(Character.toString(point)));
            return out.build();
        }
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            out.add(text.substring(from, at));
            from = at + separator.length();
        }
        return out.add(text.substring(from)).build();
    }

    private static String asciiCase(String text, boolean upper) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c > 127 ? c : upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return out.toString();
    }

    private static Json toNumber(Json in) {
        if (in instanceof JsonNumber) {
            return in;
        }
        String text = text(in).strip();
        if (!JsonNumber.isNumber(text)) {
            throw new JqError("cannot parse as a number: " + in.toJson());
        }
        return JsonNumber.parse(text);
    }

    private static Json fromJson(Json in) {
        Json value = JsonReader.parse(text(in)).orNull();
        if (value == null) {
            throw new JqError("not JSON: " + in.toJson());
        }
        return value;
    }

    private static Json delPaths(Json in, JsonArray paths) {
        List<List<Json>> list = new ArrayList<>();
        paths.forEach(path -> list.add(array(path).items()));
        return Paths.delete(in, list);
    }

    private static Json rounded(String name, Json in) {
        if (!(in instanceof JsonNumber number)) {
            throw new JqError(name + " needs a number: " + in.toJson());
        }
        BigDecimal value = number.decimal();
        return switch (name) {
            case "floor" ->
                Json.of(value.setScale(0, java.math.RoundingMode.FLOOR).toBigInteger());
            case "ceil" ->
                Json.of(value.setScale(0, java.math.RoundingMode.CEILING).toBigInteger());
            case "abs" -> value.signum() < 0 ? JsonNumber.parse(value.negate().toString()) : in;
            default -> Json.of(value.setScale(0, java.math.RoundingMode.HALF_UP).toBigInteger());
        };
    }

    private static Json reversed(Json in) {
        if (in.isNull()) {
            return JsonArray.empty();
        }
        if (in.textOrNull() != null) {
            return Json.of(new StringBuilder(text(in)).reverse().toString());
        }
        List<Json> items = new ArrayList<>(array(in).items());
        java.util.Collections.reverse(items);
        return JsonArray.of(items);
    }

    private static Json sorted(Json in) {
        List<Json> items = new ArrayList<>(array(in).items());
        items.sort(Arithmetic::compare);
        return JsonArray.of(items);
    }

    private static Json indices(Json in, Json wanted) {
        JsonArray.Builder out = JsonArray.builder();
        if (in.isNull()) {
            return Json.nul();
        }
        if (in.textOrNull() != null) {
            String text = text(in);
            String part = text(wanted);
            for (int at = part.isEmpty() ? -1 : text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
                out.add(Json.of(text.codePointCount(0, at)));
            }
            return out.build();
        }
        JsonArray list = array(in);
        List<Json> part = wanted instanceof JsonArray a ? a.items() : List.of(wanted);
        for (int i = 0; !part.isEmpty() && i + part.size() <= list.size(); i++) {
            if (list.items().subList(i, i + part.size()).equals(part)) {
                out.add(Json.of(i));
            }
        }
        return out.build();
    }

    private static Json firstOrLast(Json found, boolean first) {
        return found instanceof JsonArray list && !list.isEmpty() ? list.get(first ? 0 : list.size() - 1) : Json.nul();
    }

    private static Json explode(String text) {
        JsonArray.Builder out = JsonArray.builder();
        text.codePoints().forEach(point -> out.add(Json.of(point)));
        return out.build();
    }

    private static Json implode(JsonArray points) {
        StringBuilder out = new StringBuilder();
        for (Json point : points) {
            int value = Node.intOf(point);
            if (!Character.isValidCodePoint(value)) {
                throw new JqError("not a code point: " + value);
            }
            out.appendCodePoint(value);
        }
        return Json.of(out.toString());
    }

    static String format(String name, Json value) {
        if (!FORMATS.contains(name)) {
            throw new JqError("format not defined: @" + name);
        }
        String text = value.textOrNull() == null ? GoJson.write(value) : text(value);
        return switch (name) {
            case "json" -> GoJson.write(value);
            case "base64" -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            case "base64d" -> decoded(text);
            case "html" ->
                text.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("'", "&#39;")
                        .replace("\"", "&quot;");
            case "uri" -> uri(text);
            case "sh" -> "'" + text.replace("'", "'\\''") + "'";
            case "csv", "tsv" -> rows(name, array(value));
            default -> text;
        };
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new JqError("not base64: " + text);
        }
    }

    private static String uri(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0);
            out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", b & 0xff));
        }
        return out.toString();
    }

    private static String rows(String name, JsonArray items) {
        List<String> cells = new ArrayList<>();
        for (Json item : items) {
            String text = item.textOrNull() == null ? item.isNull() ? "" : item.toJson() : text(item);
            boolean quote = name.equals("csv") && item.textOrNull() != null;
            cells.add(quote ? "\"" + text.replace("\"", "\"\"") + "\"" : text);
        }
        return String.join(name.equals("csv") ? "," : "\t", cells);
    }
}
