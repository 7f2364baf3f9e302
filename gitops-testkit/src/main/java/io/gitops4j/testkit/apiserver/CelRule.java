package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of CEL that validation rules use most: fields of {@code self} and {@code oldSelf}, literals, comparison,
 * {@code && || !}, {@code in}, {@code has()}, {@code size()}, {@code startsWith()}, {@code endsWith()}, {@code contains()}. A
 * rule that goes beyond it is taken to hold.
 */
final class CelRule {
    private final String text;
    private final Json self;
    private final @Nullable Json old;
    private int at;

    private CelRule(String text, Json self, @Nullable Json old) {
        this.text = text;
        this.self = self;
        this.old = old;
    }

    /** Beyond what is understood here. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super("", null, false, false);
        }
    }

    static boolean usesOld(String rule) {
        return rule.contains("oldSelf");
    }

    /** Whether the rule holds; a rule that is not understood does. */
    static boolean holds(String rule, Json self, @Nullable Json old) {
        try {
            CelRule cel = new CelRule(rule, self, old);
            Optional<Json> value = cel.or();
            cel.space();
            return cel.at < rule.length() || value.isEmpty() || !value.get().equals(JsonBool.FALSE);
        } catch (Unknown beyond) {
            return true;
        }
    }

    private Optional<Json> or() {
        Optional<Json> left = and();
        while (take("||")) {
            Optional<Json> right = and();
            left = bool(isTrue(left) || isTrue(right));
        }
        return left;
    }

    private Optional<Json> and() {
        Optional<Json> left = comparison();
        while (take("&&")) {
            Optional<Json> right = comparison();
            left = bool(isTrue(left) && isTrue(right));
        }
        return left;
    }

    private Optional<Json> comparison() {
        Optional<Json> left = unary();
        for (String operator : new String[] {"==", "!=", "<=", ">=", "<", ">", "in "}) {
            if (take(operator)) {
                Optional<Json> right = unary();
                return bool(compare(operator.strip(), left, right));
            }
        }
        return left;
    }

    private static boolean compare(String operator, Optional<Json> left, Optional<Json> right) {
        if (left.isEmpty() || right.isEmpty()) {
            throw new Unknown();
        }
        Json a = left.get();
        Json b = right.get();
        if (operator.equals("==") || operator.equals("!=")) {
            return a.equals(b) == operator.equals("==");
        }
        if (operator.equals("in")) {
            return b instanceof JsonArray array
                    ? array.items().contains(a)
                    : b instanceof JsonObject object
                            && a.textOrNull() != null
                            && object.has(String.valueOf(a.textOrNull()));
        }
        if (!(a instanceof JsonNumber x) || !(b instanceof JsonNumber y)) {
            throw new Unknown();
        }
        int order = x.compareTo(y);
        return switch (operator) {
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "<=" -> order <= 0;
            default -> order >= 0;
        };
    }

    private Optional<Json> unary() {
        space();
        if (at < text.length() && text.charAt(at) == '!' && !text.startsWith("!=", at)) {
            at++;
            return bool(!isTrue(unary()));
        }
        Optional<Json> value = primary();
        while (true) {
            if (take(".")) {
                String name = name();
                value = take("(") ? method(name, value) : value.map(v -> v.child(name));
            } else if (take("[")) {
                Optional<Json> index = or();
                require("]");
                Optional<Json> whole = value;
                value = index.map(i -> i.textOrNull() == null ? i.toJson() : i.textOrNull())
                        .flatMap(i -> whole.map(v -> v.child(i)));
            } else {
                return value;
            }
        }
    }

    private Optional<Json> method(String name, Optional<Json> target) {
        if (name.equals("size")) {
            require(")");
            return size(target);
        }
        Optional<Json> argument = or();
        require(")");
        String subject = target.map(Json::textOrNull).orElseThrow(Unknown::new);
        String other = argument.map(Json::textOrNull).orElseThrow(Unknown::new);
        return switch (name) {
            case "startsWith" -> bool(subject.startsWith(other));
            case "endsWith" -> bool(subject.endsWith(other));
            case "contains" -> bool(subject.contains(other));
            default -> throw new Unknown();
        };
    }

    private static Optional<Json> size(Optional<Json> value) {
        Json of = value.orElseThrow(Unknown::new);
        return Optional.of(Json.of(
                of instanceof JsonArray array
                        ? array.size()
                        : of instanceof JsonObject object
                                ? object.size()
                                : String.valueOf(of.textOrNull()).codePoints().count()));
    }

    private Optional<Json> primary() {
        space();
        if (at >= text.length()) {
            throw new Unknown();
        }
        char c = text.charAt(at);
        if (c == '(') {
            at++;
            Optional<Json> value = or();
            require(")");
            return value;
        }
        if (c == '\'' || c == '"') {
            int end = text.indexOf(c, at + 1);
            if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
                throw new Unknown();
            }
            String literal = text.substring(at + 1, end);
            at = end + 1;
            return Optional.of(Json.of(literal));
        }
        if (c == '[') {
            return list();
        }
        if (Character.isDigit(c) || c == '-') {
            int start = at++;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            return Optional.of(JsonNumber.parse(text.substring(start, at)));
        }
        String name = name();
        return switch (name) {
            case "self" -> Optional.of(self);
            case "oldSelf" -> Optional.ofNullable(old);
            case "true" -> bool(true);
            case "false" -> bool(false);
            case "null" -> Optional.of(Json.nul());
            case "has" -> {
                require("(");
                Optional<Json> value = or();
                require(")");
                yield bool(value.isPresent());
            }
            case "size" -> {
                require("(");
                Optional<Json> value = or();
                require(")");
                yield size(value);
            }
            default -> throw new Unknown();
        };
    }

    private Optional<Json> list() {
        at++;
        JsonArray.Builder items = JsonArray.builder();
        while (!take("]")) {
            items.add(or().orElseThrow(Unknown::new));
            if (!take(",")) {
                require("]");
                break;
            }
        }
        return Optional.of(items.build());
    }

    private String name() {
        space();
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (start == at) {
            throw new Unknown();
        }
        return text.substring(start, at);
    }

    private static Optional<Json> bool(boolean value) {
        return Optional.of(Json.of(value));
    }

    private static boolean isTrue(Optional<Json> value) {
        return value.orElseThrow(Unknown::new).equals(JsonBool.TRUE);
    }

    private boolean take(String token) {
        space();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private void require(String token) {
        if (!take(token)) {
            throw new Unknown();
        }
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
