package io.gitops4j.rollout.expr;

import io.gitops4j.rollout.expr.Lexer.Kind;
import io.gitops4j.rollout.expr.Lexer.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the nodes of an expression by precedence climbing; names are resolved here, so that a wrong one never runs. */
final class Parser {
    private static final int MAX_DEPTH = 200;
    private static final int UNARY_SIGN = 90;
    private static final int UNARY_NOT = 50;

    private final List<Token> tokens;
    private final Deque<Scope> closures = new ArrayDeque<>();
    private final Map<String, Integer> variables = new LinkedHashMap<>();
    private int at;
    private int depth;
    private int nextSlot;

    /** Slots of a closure: the item, its index, the accumulator of {@code reduce}. */
    record Scope(int item, int index, int accumulator) {}

    Parser(String text) {
        this.tokens = new Lexer(text).tokens();
    }

    Node parse() {
        Node node = sequence();
        if (peek().kind() != Kind.END) {
            throw unexpected();
        }
        return node;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        return tokens.get(at++);
    }

    private ExpressionError unexpected() {
        Token token = peek();
        return new ExpressionError(
                token.kind() == Kind.END ? "unexpected token EOF" : "unexpected token " + token.text(),
                token.position());
    }

    private boolean accept(String operator) {
        if (peek().is(operator)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String operator) {
        if (!accept(operator)) {
            throw unexpected();
        }
    }

    private Node sequence() {
        if (peek().word("let") && tokens.get(at + 1).kind() == Kind.NAME) {
            at++;
            Token name = next();
            expect("=");
            Node value = expression(0);
            expect(";");
            int slot = nextSlot++;
            Integer hidden = variables.put(name.text(), slot);
            Node body = sequence();
            if (hidden == null) {
                variables.remove(name.text());
            } else {
                variables.put(name.text(), hidden);
            }
            return new Nodes.Let(slot, value, body);
        }
        return expression(0);
    }

    private Node expression(int least) {
        if (++depth > MAX_DEPTH) {
            throw new ExpressionError("the expression is nested too deeply", peek().position());
        }
        Node left = prefix();
        while (true) {
            Token token = peek();
            boolean negated = token.word("not") && isTextOperator(tokens.get(at + 1));
            Token operator = negated ? tokens.get(at + 1) : token;
            int power = power(operator);
            if (power < least || power < 0) {
                break;
            }
            at += negated ? 2 : 1;
            if (operator.is("|")) {
                left = pipe(left);
                continue;
            }
            boolean right = operator.is("**") || operator.is("^");
            Node operand = expression(right ? power : power + 1);
            left = binary(operator, left, operand);
            left = negated ? new Nodes.Not(left) : left;
        }
        if (least == 0 && accept("?")) {
            Node yes = expression(0);
            expect(":");
            left = new Nodes.Conditional(left, yes, expression(0));
        }
        depth--;
        return left;
    }

    private static boolean isTextOperator(Token token) {
        return token.word("in")
                || token.word("matches")
                || token.word("contains")
                || token.word("startsWith")
                || token.word("endsWith");
    }

    private static int power(Token token) {
        if (token.kind() != Kind.OPERATOR && token.kind() != Kind.NAME) {
            return -1;
        }
        return switch (token.text()) {
            case "|" -> 0;
            case "||", "or" -> 10;
            case "&&", "and" -> 15;
            case "==", "!=", "<", ">", "<=", ">=", "in", "matches", "contains", "startsWith", "endsWith" -> 20;
            case ".." -> 25;
            case "+", "-" -> 30;
            case "*", "/", "%" -> 60;
            case "**", "^" -> 100;
            case "??" -> 500;
            default -> -1;
        };
    }

    private static Node binary(Token operator, Node left, Node right) {
        return switch (operator.text()) {
            case "||", "or" -> new Nodes.Logic(left, right, false);
            case "&&", "and" -> new Nodes.Logic(left, right, true);
            case "==" -> new Nodes.Equality(left, right, true);
            case "!=" -> new Nodes.Equality(left, right, false);
            case "<", ">", "<=", ">=" -> new Nodes.Order(left, right, operator.text());
            case "in" -> new Nodes.Membership(left, right);
            case ".." -> new Nodes.Range(left, right);
            case "??" -> new Nodes.Coalesce(left, right);
            case "**", "^" -> new Nodes.Arithmetic(left, right, '^');
            case "+", "-", "*", "/", "%" ->
                new Nodes.Arithmetic(left, right, operator.text().charAt(0));
            default -> new Nodes.TextTest(left, right, operator.text(), operator.position());
        };
    }

    private Node pipe(Node first) {
        Token name = next();
        if (name.kind() != Kind.NAME) {
            at--;
            throw unexpected();
        }
        expect("(");
        return postfix(call(name, first));
    }

    private Node prefix() {
        Token token = peek();
        if (token.is("!") || token.word("not")) {
            at++;
            return new Nodes.Not(expression(UNARY_NOT));
        }
        if (token.is("-") || token.is("+")) {
            at++;
            return new Nodes.Sign(expression(UNARY_SIGN), token.is("-"));
        }
        if (accept("(")) {
            Node inner = sequence();
            expect(")");
            return postfix(inner);
        }
        return postfix(primary());
    }

    private Node primary() {
        Token token = peek();
        switch (token.kind()) {
            case NUMBER -> {
                at++;
                return new Nodes.Constant(number(token));
            }
            case STRING -> {
                at++;
                return new Nodes.Constant(token.text());
            }
            case NAME -> {
                at++;
                return name(token);
            }
            default -> {
                if (accept("[")) {
                    return new Nodes.ListLiteral(list("]"));
                }
                if (accept("{")) {
                    return map();
                }
                if (token.is("#")) {
                    at++;
                    return closureName(token);
                }
                if (token.is(".") && !closures.isEmpty()) {
                    return new Nodes.Slot(closures.element().item());
                }
                throw unexpected();
            }
        }
    }

    private Node closureName(Token hash) {
        Scope scope = closures.peek();
        if (scope == null) {
            throw new ExpressionError("cannot use pointer accessor outside closure", hash.position());
        }
        Token name = peek();
        boolean glued = name.kind() == Kind.NAME && name.position() == hash.position() + 1;
        if (glued && name.text().equals("index")) {
            at++;
            return new Nodes.Slot(scope.index());
        }
        if (glued && name.text().equals("acc")) {
            at++;
            return new Nodes.Slot(scope.accumulator());
        }
        return new Nodes.Slot(scope.item());
    }

    private static Object number(Token token) {
        String text = token.text();
        try {
            if (text.startsWith("0x") || text.startsWith("0X")) {
                return Long.parseLong(text.substring(2), 16);
            }
            boolean whole = text.chars().allMatch(c -> c >= '0' && c <= '9');
            return whole ? (Object) Long.parseLong(text) : (Object) Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new ExpressionError("bad number syntax: \"" + text + "\"", token.position());
        }
    }

    private Node name(Token token) {
        switch (token.text()) {
            case "true" -> {
                return new Nodes.Constant(true);
            }
            case "false" -> {
                return new Nodes.Constant(false);
            }
            case "nil", "null" -> {
                return new Nodes.Constant(null);
            }
            default -> {}
        }
        Integer slot = variables.get(token.text());
        if (slot != null) {
            return new Nodes.Slot(slot);
        }
        if (accept("(")) {
            return call(token, null);
        }
        if (token.text().equals("result")) {
            return new Nodes.ResultName();
        }
        throw new ExpressionError("unknown name " + token.text(), token.position());
    }

    private Node call(Token name, @Nullable Node first) {
        if (!Builtins.exists(name.text())) {
            throw new ExpressionError("unknown name " + name.text(), name.position());
        }
        List<Node> arguments = new ArrayList<>();
        if (first != null) {
            arguments.add(first);
        }
        Scope scope = null;
        boolean start = true;
        while (!accept(")")) {
            if (!start) {
                expect(",");
                if (accept(")")) {
                    break;
                }
            }
            start = false;
            if (Builtins.takesClosure(name.text()) && arguments.size() == 1) {
                scope = new Scope(nextSlot++, nextSlot++, nextSlot++);
                closures.push(scope);
                arguments.add(closure());
                closures.pop();
            } else {
                arguments.add(expression(0));
            }
        }
        return Builtins.call(name.text(), arguments, scope, name.position());
    }

    private Node closure() {
        if (accept("{")) {
            Node body = sequence();
            expect("}");
            return body;
        }
        return expression(0);
    }

    private List<Node> list(String end) {
        List<Node> items = new ArrayList<>();
        while (!accept(end)) {
            if (!items.isEmpty()) {
                expect(",");
                if (accept(end)) {
                    break;
                }
            }
            items.add(expression(0));
        }
        return List.copyOf(items);
    }

    private Node map() {
        Map<Node, Node> entries = new LinkedHashMap<>();
        while (!accept("}")) {
            if (!entries.isEmpty()) {
                expect(",");
                if (accept("}")) {
                    break;
                }
            }
            Token key = next();
            Node name;
            if (key.is("(")) {
                name = expression(0);
                expect(")");
            } else if (key.kind() == Kind.END || key.kind() == Kind.OPERATOR) {
                at--;
                throw unexpected();
            } else {
                name = new Nodes.Constant(key.text());
            }
            expect(":");
            entries.put(name, expression(0));
        }
        return new Nodes.MapLiteral(entries);
    }

    private Node postfix(Node node) {
        Node value = node;
        while (true) {
            boolean optional = peek().is("?.");
            if (optional || peek().is(".")) {
                at++;
                if (optional && accept("[")) {
                    value = new Nodes.Member(value, expression(0), true, false);
                    expect("]");
                    continue;
                }
                Token name = next();
                if (name.kind() != Kind.NAME) {
                    at--;
                    throw unexpected();
                }
                if (peek().is("(")) {
                    throw new ExpressionError("type has no method " + name.text(), name.position());
                }
                value = new Nodes.Member(value, new Nodes.Constant(name.text()), optional, true);
            } else if (accept("[")) {
                value = index(value);
            } else {
                return value;
            }
        }
    }

    private Node index(Node value) {
        Node from = peek().is(":") ? null : expression(0);
        if (accept(":")) {
            Node to = peek().is("]") ? null : expression(0);
            expect("]");
            return new Nodes.Slice(value, from, to);
        }
        expect("]");
        if (from == null) {
            throw unexpected();
        }
        return new Nodes.Member(value, from, false, false);
    }
}
