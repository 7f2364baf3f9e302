package io.gitops4j.diff.jq;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.diff.jq.JqLexer.Kind;
import io.gitops4j.diff.jq.JqLexer.Token;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a program. Names are resolved here, so that an undefined function or variable is an error of the text. */
final class JqParser {
    private static final int MAX_DEPTH = 200;

    private final List<Token> tokens;
    private final Set<String> functions = new LinkedHashSet<>();
    private final Set<String> variables = new LinkedHashSet<>();
    private final boolean resolve;
    private int at;
    private int depth;

    JqParser(String text) {
        this(text, true);
    }

    private JqParser(String text, boolean resolve) {
        this.tokens = new JqLexer(text).tokens();
        this.resolve = resolve;
    }

    Node parse() {
        Node program = pipe();
        if (peek().kind() != Kind.END) {
            throw unexpected();
        }
        return program;
    }

    /** Definitions alone, as the prelude has; their calls are not resolved. */
    List<Node.Def> definitions() {
        JqParser parser = new JqParser(tokens);
        List<Node.Def> defs = new ArrayList<>();
        while (parser.peek().is("def")) {
            defs.add(parser.def());
        }
        return defs;
    }

    private JqParser(List<Token> tokens) {
        this.tokens = tokens;
        this.resolve = false;
    }

    private Token peek() {
        return tokens.get(at);
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

    private JqError unexpected() {
        return new JqError("unexpected token \"" + peek().text() + "\"");
    }

    private Node pipe() {
        if (++depth > MAX_DEPTH) {
            throw new JqError("the expression is nested too deeply");
        }
        Node node;
        if (peek().is("def")) {
            Node.Def def = def();
            functions.add(def.name() + "/" + def.parameters().size());
            node = new Node.With(def, pipe());
        } else {
            Node left = comma();
            if (accept("as")) {
                node = binding(left);
            } else {
                node = accept("|") ? new Node.Pipe(left, pipe()) : left;
            }
        }
        depth--;
        return node;
    }

    private Node binding(Node source) {
        Pattern pattern = pattern();
        expect("|");
        return new Node.Bind(source, pattern, pipe());
    }

    private Pattern pattern() {
        Token token = peek();
        if (token.kind() == Kind.VARIABLE) {
            at++;
            variables.add(token.text());
            return new Pattern(token.text(), null, null);
        }
        if (accept("[")) {
            List<Pattern> items = new ArrayList<>();
            do {
                items.add(pattern());
            } while (accept(","));
            expect("]");
            return new Pattern(null, items, null);
        }
        expect("{");
        List<Pattern.Entry> entries = new ArrayList<>();
        do {
            Token key = tokens.get(at++);
            if (key.kind() == Kind.VARIABLE) {
                variables.add(key.text());
                Pattern inner = accept(":") ? pattern() : null;
                entries.add(new Pattern.Entry(Node.literal(Json.of(key.text())), key.text(), inner));
                continue;
            }
            Node name;
            if (key.is("(")) {
                name = pipe();
                expect(")");
            } else if (key.kind() == Kind.STRING) {
                name = string(key.text());
            } else if (key.kind() == Kind.WORD) {
                name = Node.literal(Json.of(key.text()));
            } else {
                at--;
                throw unexpected();
            }
            expect(":");
            entries.add(new Pattern.Entry(name, null, pattern()));
        } while (accept(","));
        expect("}");
        return new Pattern(null, null, entries);
    }

    private Node.Def def() {
        expect("def");
        String name = tokens.get(at++).text();
        List<String> parameters = new ArrayList<>();
        if (accept("(")) {
            do {
                Token parameter = tokens.get(at++);
                if (parameter.kind() == Kind.VARIABLE) {
                    variables.add(parameter.text());
                    functions.add(parameter.text() + "/0");
                    parameters.add("$" + parameter.text());
                } else {
                    functions.add(parameter.text() + "/0");
                    parameters.add(parameter.text());
                }
            } while (accept(";"));
            expect(")");
        }
        functions.add(name + "/" + parameters.size());
        expect(":");
        Node body = pipe();
        expect(";");
        return new Node.Def(name, List.copyOf(parameters), body);
    }

    private Node comma() {
        Node left = alternative();
        while (accept(",")) {
            left = new Node.Comma(left, alternative());
        }
        return left;
    }

    private Node alternative() {
        Node left = update();
        return accept("//") ? new Node.Alternative(left, alternative()) : left;
    }

    private Node update() {
        Node left = or();
        Token token = peek();
        if (token.kind() == Kind.OPERATOR
                && token.text().endsWith("=")
                && !List.of("==", "!=", "<=", ">=").contains(token.text())) {
            at++;
            return new Node.Update(token.text(), left, alternative());
        }
        return left;
    }

    private Node or() {
        Node left = and();
        while (accept("or")) {
            left = new Node.Logic(false, left, and());
        }
        return left;
    }

    private Node and() {
        Node left = comparison();
        while (accept("and")) {
            left = new Node.Logic(true, left, comparison());
        }
        return left;
    }

    private Node comparison() {
        Node left = sum();
        for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
            if (accept(operator)) {
                return new Node.Binary(operator, left, sum());
            }
        }
        return left;
    }

    private Node sum() {
        Node left = product();
        while (peek().is("+") || peek().is("-")) {
            String operator = tokens.get(at++).text();
            left = new Node.Binary(operator, left, product());
        }
        return left;
    }

    private Node product() {
        Node left = postfix();
        while (peek().is("*") || peek().is("/") || peek().is("%")) {
            String operator = tokens.get(at++).text();
            left = new Node.Binary(operator, left, postfix());
        }
        return left;
    }

    private Node postfix() {
        if (accept("-")) {
            return new Node.Binary("-", Node.literal(Json.of(0)), postfix());
        }
        Node node = term();
        while (true) {
            Token token = peek();
            if (token.kind() == Kind.FIELD) {
                at++;
                node = new Node.Index(node, Node.literal(Json.of(token.text())));
            } else if (token.is(".") && tokens.get(at + 1).kind() == Kind.STRING) {
                at += 2;
                node = new Node.Index(node, string(tokens.get(at - 1).text()));
            } else if (token.is(".") && tokens.get(at + 1).is("[")) {
                at++;
            } else if (token.is("[")) {
                at++;
                node = bracket(node);
            } else if (token.is("?")) {
                at++;
                node = new Node.Try(node, null);
            } else if (token.is("as")) {
                at++;
                return binding(node);
            } else {
                return node;
            }
        }
    }

    private Node bracket(Node node) {
        if (accept("]")) {
            return new Node.Iterate(node);
        }
        if (accept(":")) {
            Node to = pipe();
            expect("]");
            return new Node.Slice(node, null, to);
        }
        Node index = pipe();
        if (accept(":")) {
            Node to = peek().is("]") ? null : pipe();
            expect("]");
            return new Node.Slice(node, index, to);
        }
        expect("]");
        return new Node.Index(node, index);
    }

    private Node term() {
        Token token = tokens.get(at++);
        switch (token.kind()) {
            case NUMBER -> {
                return Node.literal(number(token.text()));
            }
            case STRING -> {
                return string(token.text());
            }
            case FIELD -> {
                return new Node.Index(Node.identity(), Node.literal(Json.of(token.text())));
            }
            case VARIABLE -> {
                if (resolve
                        && !variables.contains(token.text())
                        && !token.text().equals("ENV")) {
                    throw new JqError("variable not defined: $" + token.text());
                }
                return new Node.Variable(token.text());
            }
            case FORMAT -> {
                return format(token.text());
            }
            case WORD -> {
                return word(token.text());
            }
            case OPERATOR -> {
                return operator(token);
            }
            case END -> {
                at--;
                throw unexpected();
            }
        }
        throw unexpected();
    }

    private Node operator(Token token) {
        switch (token.text()) {
            case "." -> {
                if (peek().kind() == Kind.STRING) {
                    return new Node.Index(
                            Node.identity(), string(tokens.get(at++).text()));
                }
                return Node.identity();
            }
            case ".." -> {
                return new Node.Call("recurse", List.of());
            }
            case "(" -> {
                Node inner = pipe();
                expect(")");
                return inner;
            }
            case "[" -> {
                if (accept("]")) {
                    return new Node.Array(null);
                }
                Node inner = pipe();
                expect("]");
                return new Node.Array(inner);
            }
            case "{" -> {
                return object();
            }
            default -> {
                at--;
                throw unexpected();
            }
        }
    }

    private Node object() {
        List<Node.Entry> entries = new ArrayList<>();
        while (!accept("}")) {
            if (!entries.isEmpty()) {
                expect(",");
            }
            entries.add(entry());
        }
        return new Node.Obj(entries);
    }

    private Node.Entry entry() {
        Token key = tokens.get(at++);
        Node name;
        Node fallback;
        switch (key.kind()) {
            case VARIABLE -> {
                return new Node.Entry(Node.literal(Json.of(key.text())), new Node.Variable(key.text()));
            }
            case WORD, NUMBER -> {
                name = Node.literal(Json.of(key.text()));
                fallback = new Node.Index(Node.identity(), name);
            }
            case STRING -> {
                name = string(key.text());
                fallback = new Node.Index(Node.identity(), name);
            }
            default -> {
                if (!key.is("(")) {
                    at--;
                    throw unexpected();
                }
                name = pipe();
                expect(")");
                fallback = Node.identity();
            }
        }
        if (!accept(":")) {
            return new Node.Entry(name, fallback);
        }
        Node value = alternative();
        while (peek().is("|")) {
            at++;
            value = new Node.Pipe(value, alternative());
        }
        return new Node.Entry(name, value);
    }

    private Node word(String word) {
        switch (word) {
            case "true", "false" -> {
                return Node.literal(Json.of(word.equals("true")));
            }
            case "null" -> {
                return Node.literal(Json.nul());
            }
            case "if" -> {
                return condition();
            }
            case "try" -> {
                Node body = postfix();
                return new Node.Try(body, accept("catch") ? postfix() : Node.empty());
            }
            case "reduce" -> {
                Node source = postfixWithoutBinding();
                expect("as");
                Pattern pattern = pattern();
                expect("(");
                Node init = pipe();
                expect(";");
                Node step = pipe();
                expect(")");
                return new Node.Fold(source, pattern, init, step, null, true);
            }
            case "foreach" -> {
                Node source = postfixWithoutBinding();
                expect("as");
                Pattern pattern = pattern();
                expect("(");
                Node init = pipe();
                expect(";");
                Node step = pipe();
                Node extract = accept(";") ? pipe() : null;
                expect(")");
                return new Node.Fold(source, pattern, init, step, extract, false);
            }
            case "label" -> {
                Token name = tokens.get(at++);
                expect("|");
                return new Node.Label(name.text(), pipe());
            }
            case "break" -> {
                return new Node.BreakTo(tokens.get(at++).text());
            }
            case "def" -> {
                at--;
                Node.Def def = def();
                return new Node.With(def, pipe());
            }
            case "and", "or", "then", "elif", "else", "end", "as", "catch", "import", "include", "__loc__" -> {
                at--;
                throw unexpected();
            }
            default -> {
                return call(word);
            }
        }
    }

    /** The source of reduce and foreach ends before its {@code as}. */
    private Node postfixWithoutBinding() {
        Node node = term();
        while (true) {
            Token token = peek();
            if (token.kind() == Kind.FIELD) {
                at++;
                node = new Node.Index(node, Node.literal(Json.of(token.text())));
            } else if (token.is("[")) {
                at++;
                node = bracket(node);
            } else if (token.is("?")) {
                at++;
                node = new Node.Try(node, null);
            } else {
                return node;
            }
        }
    }

    private Node condition() {
        Node test = pipe();
        expect("then");
        Node then = pipe();
        Node otherwise;
        if (accept("elif")) {
            otherwise = condition();
        } else if (accept("else")) {
            otherwise = pipe();
            expect("end");
        } else {
            expect("end");
            otherwise = Node.identity();
        }
        return new Node.If(test, then, otherwise);
    }

    private Node call(String name) {
        List<Node> arguments = new ArrayList<>();
        if (accept("(")) {
            do {
                arguments.add(pipe());
            } while (accept(";"));
            expect(")");
        }
        if (resolve
                && !functions.contains(name + "/" + arguments.size())
                && !Prelude.has(name, arguments.size())
                && !Builtins.has(name, arguments.size())) {
            throw new JqError("function not defined: " + name + "/" + arguments.size());
        }
        return new Node.Call(name, List.copyOf(arguments));
    }

    private Node format(String name) {
        if (peek().kind() == Kind.STRING) {
            return interpolated(tokens.get(at++).text(), name);
        }
        return new Node.Format(name);
    }

    private static Json number(String text) {
        String plain = text.startsWith(".") ? "0" + text : text.endsWith(".") ? text + "0" : text;
        try {
            java.math.BigDecimal value = new java.math.BigDecimal(plain).stripTrailingZeros();
            return value.scale() <= 0 && value.precision() - value.scale() < 30
                    ? JsonNumber.parse(value.toBigInteger().toString())
                    : JsonNumber.parse(value.toString().replace("E+", "e").replace("E", "e"));
        } catch (NumberFormatException e) {
            throw new JqError("invalid number " + text);
        }
    }

    private Node string(String raw) {
        return interpolated(raw, null);
    }

    private Node interpolated(String raw, @Nullable String format) {
        List<Node> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c == '\\' && i + 1 < raw.length() && raw.charAt(i + 1) == '(') {
                int end = closing(raw, i + 2);
                if (text.length() > 0) {
                    parts.add(Node.literal(unescape(text.toString())));
                    text.setLength(0);
                }
                JqParser inner = new JqParser(raw.substring(i + 2, end), resolve);
                inner.functions.addAll(functions);
                inner.variables.addAll(variables);
                parts.add(new Node.Pipe(inner.parse(), new Node.Format(format == null ? "text" : format)));
                i = end + 1;
            } else if (c == '\\' && i + 1 < raw.length()) {
                text.append(c).append(raw.charAt(i + 1));
                i += 2;
            } else {
                text.append(c);
                i++;
            }
        }
        if (parts.isEmpty()) {
            return Node.literal(unescape(text.toString()));
        }
        if (text.length() > 0) {
            parts.add(Node.literal(unescape(text.toString())));
        }
        Node all = parts.get(0);
        for (int p = 1; p < parts.size(); p++) {
            all = new Node.Binary("+", all, parts.get(p));
        }
        return all;
    }

    private static int closing(String raw, int from) {
        int open = 1;
        boolean quoted = false;
        for (int i = from; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                open++;
            } else if (!quoted && c == ')' && --open == 0) {
                return i;
            }
        }
        throw new JqError("unterminated string literal");
    }

    private static Json unescape(String raw) {
        Json text = JsonReader.parse("\"" + raw.replace("\n", "\\n").replace("\t", "\\t") + "\"")
                .orNull();
        if (text == null) {
            throw new JqError("invalid escape in a string literal");
        }
        return text;
    }
}
