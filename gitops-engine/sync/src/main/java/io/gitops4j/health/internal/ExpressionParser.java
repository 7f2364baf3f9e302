package io.gitops4j.health.internal;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads one expression, in the manner of CEL: {@code a ? b : c}, {@code ??} (the first that is there), {@code ||}, {@code &&},
 * comparisons and {@code in}, {@code + -}, {@code !}, paths, indexes, functions and the list macros
 * ({@code list.exists(x, x.type == 'Ready')}).
 */
final class ExpressionParser {
    private static final int MAX_DEPTH = 100;
    private static final Set<String> MACROS = Set.of("exists", "all", "filter", "map", "first", "count");
    /** The fields of the object that can be named without {@code self}. */
    private static final Set<String> ROOTS = Set.of("apiVersion", "kind", "metadata", "spec", "status", "data");

    private final List<Token> tokens;
    private int at;
    private int depth;

    private ExpressionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Expression parse(String text, Scope scope) {
        ExpressionParser parser = new ExpressionParser(Token.all(text));
        Expression expression = parser.ternary(scope);
        Token rest = parser.peek();
        if (rest.type() != Token.Type.END) {
            throw unexpected(rest);
        }
        return expression;
    }

    /** The keys of a plain path, {@code metadata.annotations['a/b']}. */
    static List<String> path(String text) {
        ExpressionParser parser = new ExpressionParser(Token.all(text));
        List<String> keys = new ArrayList<>();
        keys.add(parser.name().text());
        while (true) {
            if (parser.accept(".")) {
                keys.add(parser.name().text());
            } else if (parser.accept("[")) {
                Token key = parser.next();
                if (key.type() != Token.Type.STRING) {
                    throw unexpected(key);
                }
                keys.add(key.text());
                parser.expect("]");
            } else if (parser.peek().type() == Token.Type.END) {
                return List.copyOf(keys);
            } else {
                throw unexpected(parser.peek());
            }
        }
    }

    private Expression ternary(Scope names) {
        if (++depth > MAX_DEPTH) {
            throw new RuleSyntaxException("the expression is nested deeper than " + MAX_DEPTH);
        }
        Expression condition = fallback(names);
        if (accept("?")) {
            Expression yes = ternary(names);
            expect(":");
            Expression no = ternary(names);
            depth--;
            return frame -> condition.holds(frame) ? yes.value(frame) : no.value(frame);
        }
        depth--;
        return condition;
    }

    private Expression fallback(Scope names) {
        Expression left = or(names);
        while (accept("??")) {
            Expression first = left;
            Expression second = or(names);
            left = frame -> {
                Json value = first.value(frame);
                return value != null ? value : second.value(frame);
            };
        }
        return left;
    }

    private Expression or(Scope names) {
        Expression left = and(names);
        while (accept("||")) {
            Expression a = left;
            Expression b = and(names);
            left = frame -> Json.of(a.holds(frame) || b.holds(frame));
        }
        return left;
    }

    private Expression and(Scope names) {
        Expression left = comparison(names);
        while (accept("&&")) {
            Expression a = left;
            Expression b = comparison(names);
            left = frame -> Json.of(a.holds(frame) && b.holds(frame));
        }
        return left;
    }

    private Expression comparison(Scope names) {
        Expression a = sum(names);
        Token operator = peek();
        if (operator.type() == Token.Type.NAME && operator.text().equals("in")) {
            at++;
            Expression list = sum(names);
            return frame -> Json.of(Values.contains(list.value(frame), a.value(frame)));
        }
        if (operator.type() != Token.Type.SYMBOL) {
            return a;
        }
        switch (operator.text()) {
            case "==", "!=", "<", "<=", ">", ">=" -> at++;
            default -> {
                return a;
            }
        }
        Expression b = sum(names);
        return switch (operator.text()) {
            case "==" -> frame -> Json.of(Values.same(a.value(frame), b.value(frame)));
            case "!=" -> frame -> Json.of(!Values.same(a.value(frame), b.value(frame)));
            case "<" -> frame -> Json.of(Values.less(a.value(frame), b.value(frame), false));
            case "<=" -> frame -> Json.of(Values.less(a.value(frame), b.value(frame), true));
            case ">" -> frame -> Json.of(Values.less(b.value(frame), a.value(frame), false));
            default -> frame -> Json.of(Values.less(b.value(frame), a.value(frame), true));
        };
    }

    private Expression sum(Scope names) {
        Expression left = unary(names);
        while (true) {
            boolean plus = accept("+");
            if (!plus && !accept("-")) {
                return left;
            }
            Expression a = left;
            Expression b = unary(names);
            left = plus
                    ? frame -> Values.plus(a.value(frame), b.value(frame))
                    : frame -> Values.minus(a.value(frame), b.value(frame));
        }
    }

    private Expression unary(Scope names) {
        if (accept("!")) {
            Expression operand = unary(names);
            return frame -> Json.of(!operand.holds(frame));
        }
        Expression value = primary(names);
        while (true) {
            if (accept(".")) {
                value = member(value, names);
            } else if (accept("[")) {
                Expression of = value;
                Expression index = ternary(names);
                expect("]");
                value = frame -> Values.at(of.value(frame), index.value(frame));
            } else {
                return value;
            }
        }
    }

    private Expression member(Expression of, Scope names) {
        Token name = name();
        if (!accept("(")) {
            String key = name.text();
            return frame -> Values.member(of.value(frame), key);
        }
        if (MACROS.contains(name.text())) {
            return macro(name.text(), of, names);
        }
        List<Expression> arguments = arguments(names);
        return Functions.method(name.text(), of, arguments);
    }

    private Expression macro(String macro, Expression of, Scope names) {
        Scope inner = names.inner();
        int slot = inner.declare(name().text());
        expect(",");
        Expression body = ternary(inner);
        expect(")");
        return Functions.macro(macro, of, slot, body);
    }

    private List<Expression> arguments(Scope names) {
        List<Expression> arguments = new ArrayList<>();
        if (accept(")")) {
            return arguments;
        }
        do {
            arguments.add(ternary(names));
        } while (accept(","));
        expect(")");
        return arguments;
    }

    private Expression primary(Scope names) {
        Token token = next();
        return switch (token.type()) {
            case STRING -> constant(Json.of(token.text()));
            case NUMBER -> constant(JsonNumber.parse(token.text()));
            case NAME -> named(token, names);
            case SYMBOL, END -> symbol(token, names);
        };
    }

    private Expression symbol(Token token, Scope names) {
        if (token.is("(")) {
            Expression inner = ternary(names);
            expect(")");
            return inner;
        }
        if (token.is("[")) {
            List<Expression> items = new ArrayList<>();
            if (!accept("]")) {
                do {
                    items.add(ternary(names));
                } while (accept(","));
                expect("]");
            }
            return list(items);
        }
        if (token.is("{")) {
            return object(names);
        }
        throw unexpected(token);
    }

    private Expression object(Scope names) {
        Map<String, Expression> members = new LinkedHashMap<>();
        if (!accept("}")) {
            do {
                Token key = next();
                if (key.type() != Token.Type.NAME && key.type() != Token.Type.STRING) {
                    throw unexpected(key);
                }
                expect(":");
                members.put(key.text(), ternary(names));
            } while (accept(","));
            expect("}");
        }
        return frame -> {
            JsonObject.Builder object = JsonObject.builder(members.size());
            members.forEach((key, value) -> object.putIfPresent(key, value.value(frame)));
            return object.build();
        };
    }

    private static Expression list(List<Expression> items) {
        return frame -> {
            JsonArray.Builder list = JsonArray.builder();
            for (Expression item : items) {
                Json value = item.value(frame);
                list.add(value == null ? Json.nul() : value);
            }
            return list.build();
        };
    }

    private Expression named(Token token, Scope names) {
        String name = token.text();
        if (accept("(")) {
            return Functions.function(name, arguments(names));
        }
        int slot = names.slot(name);
        if (slot >= 0) {
            return frame -> frame.get(slot);
        }
        switch (name) {
            case "true", "false" -> {
                return constant(Json.of(name.equals("true")));
            }
            case "null" -> {
                return frame -> null;
            }
            case "self" -> {
                return frame -> frame.self;
            }
            default -> {
                if (!ROOTS.contains(name)) {
                    throw new RuleSyntaxException("unknown name '" + name + "' at column " + token.column());
                }
                return frame -> Values.member(frame.self, name);
            }
        }
    }

    private static Expression constant(Json value) {
        return frame -> value;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.type() != Token.Type.END) {
            at++;
        }
        return token;
    }

    private Token name() {
        Token token = next();
        if (token.type() != Token.Type.NAME) {
            throw unexpected(token);
        }
        return token;
    }

    private boolean accept(String symbol) {
        if (peek().is(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String symbol) {
        Token token = next();
        if (!token.is(symbol)) {
            throw new RuleSyntaxException(
                    "expected '" + symbol + "', found '" + token.text() + "' at column " + token.column());
        }
    }

    private static RuleSyntaxException unexpected(Token token) {
        return new RuleSyntaxException("unexpected '" + token.text() + "' at column " + token.column());
    }
}
