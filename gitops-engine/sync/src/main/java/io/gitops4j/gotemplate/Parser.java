package io.gitops4j.gotemplate;

import io.gitops4j.gotemplate.Lexer.Piece;
import io.gitops4j.gotemplate.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a template into statements. */
final class Parser {
    private static final int MAX_DEPTH = 200;

    private final List<Piece> pieces;
    private final Set<String> functions;
    private final Map<String, List<Node>> defined = new LinkedHashMap<>();
    private final List<String> variables = new ArrayList<>(List.of("$"));
    private int next;
    private int depth;
    private int loops;
    private List<Token> tokens = List.of();
    private int at;

    /** What ended a list of statements. */
    private record Ending(String word, @Nullable Pipeline condition) {}

    private Ending ending = new Ending("", null);

    Parser(String source, Set<String> functions) {
        this.pieces = new Lexer(source).pieces();
        this.functions = functions;
    }

    /** The statements of the template; those of named ones are in {@link #defined}. */
    List<Node> parse() {
        List<Node> nodes = block();
        if (!ending.word().isEmpty()) {
            throw new TemplateException("unexpected {{" + ending.word() + "}}");
        }
        return nodes;
    }

    Map<String, List<Node>> defined() {
        return defined;
    }

    /** Statements up to the end, an {@code end} or an {@code else}. */
    private List<Node> block() {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException("nested too deeply");
        }
        List<Node> nodes = new ArrayList<>();
        while (next < pieces.size()) {
            Piece piece = pieces.get(next++);
            if (piece.isText()) {
                nodes.add(new Node.Text(piece.text()));
                continue;
            }
            tokens = piece.tokens();
            at = 0;
            if (!statement(nodes)) {
                depth--;
                return nodes;
            }
        }
        ending = new Ending("", null);
        depth--;
        return nodes;
    }

    /** Adds the statement of the present action; whether the block goes on. */
    private boolean statement(List<Node> nodes) {
        Token first = peek();
        String word = first.is(Kind.WORD) ? first.text() : "";
        switch (word) {
            case "if" -> nodes.add(branch(false));
            case "with" -> nodes.add(branch(true));
            case "range" -> nodes.add(range());
            case "end" -> {
                at++;
                expectEnd("end");
                ending = new Ending("end", null);
                return false;
            }
            case "else" -> {
                at++;
                ending = new Ending("else", null);
                if (peek().isWord("if") || peek().isWord("with")) {
                    String kind = take().text();
                    ending = new Ending("else " + kind, pipeline(Kind.END));
                } else {
                    expectEnd("else");
                }
                return false;
            }
            case "define" -> define();
            case "block" -> nodes.add(blockCall());
            case "template" -> nodes.add(call());
            case "break", "continue" -> {
                at++;
                expectEnd(word);
                if (loops == 0) {
                    throw new TemplateException("{{" + word + "}} outside {{range}}");
                }
                nodes.add(new Node.Leave(word.equals("break") ? Node.Flow.BREAK : Node.Flow.CONTINUE));
            }
            default -> nodes.add(new Node.Print(pipeline(Kind.END)));
        }
        return true;
    }

    private Node branch(boolean moves) {
        at++;
        int mark = variables.size();
        Pipeline condition = pipeline(Kind.END);
        Node node = rest(condition, moves);
        forget(mark);
        return node;
    }

    private Node rest(Pipeline condition, boolean moves) {
        List<Node> then = block();
        List<Node> otherwise = List.of();
        Pipeline second = ending.condition();
        if (second != null) {
            otherwise = List.of(rest(second, ending.word().endsWith("with")));
        } else if (ending.word().equals("else")) {
            otherwise = block();
            requireEnd();
        } else {
            requireEnd();
        }
        return new Node.Branch(condition, then, otherwise, moves);
    }

    private void requireEnd() {
        if (!ending.word().equals("end")) {
            throw new TemplateException(
                    ending.word().isEmpty() ? "unexpected EOF" : "expected end; found " + ending.word());
        }
    }

    private Node range() {
        at++;
        int mark = variables.size();
        Pipeline over = pipeline(Kind.END);
        loops++;
        List<Node> body = block();
        loops--;
        List<Node> otherwise = List.of();
        if (ending.word().equals("else")) {
            otherwise = block();
        }
        requireEnd();
        forget(mark);
        return new Node.Range(over, body, otherwise);
    }

    private void define() {
        at++;
        String name = name();
        expectEnd("define clause");
        List<String> outer = new ArrayList<>(variables);
        variables.clear();
        variables.add("$");
        List<Node> body = block();
        requireEnd();
        variables.clear();
        variables.addAll(outer);
        defined.put(name, body);
    }

    private Node blockCall() {
        at++;
        String name = name();
        Pipeline argument = pipeline(Kind.END);
        List<Node> body = block();
        requireEnd();
        defined.put(name, body);
        return new Node.Call(name, argument);
    }

    private Node call() {
        at++;
        String name = name();
        Pipeline argument = peek().is(Kind.END) ? null : pipeline(Kind.END);
        return new Node.Call(name, argument);
    }

    private String name() {
        Token token = take();
        if (!token.is(Kind.STRING)) {
            throw new TemplateException("unexpected \"" + token.text() + "\" in template clause");
        }
        return token.text();
    }

    private Pipeline pipeline(Kind end) {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException("nested too deeply");
        }
        List<String> names = new ArrayList<>();
        boolean assigns = false;
        if (peek().is(Kind.VARIABLE)) {
            int ahead = at + 1;
            Token second = tokens.get(ahead);
            if (second.is(Kind.DECLARE) || second.is(Kind.ASSIGN)) {
                names.add(take().text());
                assigns = take().is(Kind.ASSIGN);
            } else if (second.is(Kind.COMMA) && tokens.get(ahead + 1).is(Kind.VARIABLE)) {
                names.add(take().text());
                at++;
                names.add(take().text());
                Token sign = take();
                if (!sign.is(Kind.DECLARE) && !sign.is(Kind.ASSIGN)) {
                    throw new TemplateException("unexpected \"" + sign.text() + "\" in range");
                }
                assigns = sign.is(Kind.ASSIGN);
            }
            for (String name : names) {
                if (assigns) {
                    known(name);
                } else {
                    variables.add(name);
                }
            }
        }
        List<Pipeline.Command> commands = new ArrayList<>();
        commands.add(command());
        while (peek().is(Kind.PIPE)) {
            at++;
            commands.add(command());
        }
        if (!peek().is(end)) {
            throw new TemplateException("unexpected \"" + peek().text() + "\" in command");
        }
        at++;
        for (Pipeline.Command later : commands.subList(1, commands.size())) {
            if (later.operands().get(0) instanceof Operand.Constant) {
                throw new TemplateException("non executable command in pipeline");
            }
        }
        depth--;
        return new Pipeline(List.copyOf(names), assigns, List.copyOf(commands));
    }

    private Pipeline.Command command() {
        List<Operand> operands = new ArrayList<>();
        while (true) {
            Token token = peek();
            if (token.is(Kind.END) || token.is(Kind.PIPE) || token.is(Kind.RIGHT)) {
                break;
            }
            if (!operands.isEmpty() && !token.spaced() && !token.is(Kind.LEFT)) {
                throw new TemplateException("unexpected \"" + token.text() + "\" in operand");
            }
            operands.add(operand());
        }
        if (operands.isEmpty()) {
            throw new TemplateException("missing value for command");
        }
        if (operands.size() == 1
                && operands.get(0) instanceof Operand.Constant constant
                && constant.constant() == GoNil.NIL) {
            throw new TemplateException("nil is not a command");
        }
        return new Pipeline.Command(List.copyOf(operands));
    }

    private Operand operand() {
        Token token = take();
        Operand operand = switch (token.kind()) {
            case DOT -> new Operand.Dot();
            case FIELD -> new Operand.Fields(new Operand.Dot(), List.of(token.text()));
            case VARIABLE -> new Operand.Variable(known(token.text()));
            case STRING -> new Operand.Constant(token.text());
            case CHAR -> new Operand.Constant(Long.parseLong(token.text()));
            case NUMBER -> new Operand.Constant(GoNumbers.constant(token.text()));
            case LEFT -> new Operand.Nested(pipeline(Kind.RIGHT));
            case WORD -> word(token.text());
            default -> throw new TemplateException("unexpected \"" + token.text() + "\" in operand");
        };
        List<String> names = new ArrayList<>();
        while (peek().is(Kind.FIELD) && !peek().spaced()) {
            names.add(take().text());
        }
        if (names.isEmpty()) {
            return operand;
        }
        if (operand instanceof Operand.Constant) {
            throw new TemplateException("unexpected ." + names.get(0) + " after term");
        }
        if (operand instanceof Operand.Fields fields) {
            List<String> all = new ArrayList<>(fields.names());
            all.addAll(names);
            return new Operand.Fields(fields.of(), List.copyOf(all));
        }
        return new Operand.Fields(operand, List.copyOf(names));
    }

    private Operand word(String text) {
        return switch (text) {
            case "true" -> new Operand.Constant(true);
            case "false" -> new Operand.Constant(false);
            case "nil" -> new Operand.Constant(GoNil.NIL);
            default -> {
                if (!functions.contains(text)) {
                    throw new TemplateException("function \"" + text + "\" not defined");
                }
                yield new Operand.Function(text);
            }
        };
    }

    private String known(String variable) {
        if (!variables.contains(variable)) {
            throw new TemplateException("undefined variable \"" + variable + "\"");
        }
        return variable;
    }

    private void forget(int mark) {
        while (variables.size() > mark) {
            variables.remove(variables.size() - 1);
        }
    }

    private Token peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private Token take() {
        Token token = peek();
        at++;
        return token;
    }

    private void expectEnd(String context) {
        if (!peek().is(Kind.END)) {
            throw new TemplateException("unexpected \"" + peek().text() + "\" in " + context);
        }
        at++;
    }
}
