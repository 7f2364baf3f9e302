package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.TypeType;
import io.gitops4j.policy.cel.library.Presence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes nodes of a checked expression: names become slots, the common functions shortcuts, all others delegates. An expression
 * with optionals, types as values, maps with computed keys, messages or comprehensions of two variables is left to the runtime of {@code dev.cel}
 * as a whole.
 */
final class Planner {
    private final KubernetesCel cel;
    private final CelAbstractSyntaxTree ast;
    private final Map<String, Integer> slots = new LinkedHashMap<>();
    private int depth;
    private int most;

    private Planner(KubernetesCel cel, CelAbstractSyntaxTree ast) {
        this.cel = cel;
        this.ast = ast;
    }

    /**
     * A planned expression.
     *
     * @param slots how many slots its frame must have
     */
    record Plan(Node root, int slots) {}

    /** The plan; empty for an expression that is left to {@code dev.cel}. */
    static Optional<Plan> plan(KubernetesCel cel, CelAbstractSyntaxTree ast) {
        for (CelType type : ast.getTypeMap().values()) {
            if (type instanceof OptionalType || type instanceof TypeType) {
                return Optional.empty();
            }
        }
        Planner planner = new Planner(cel, ast);
        Node root = planner.node(ast.getExpr());
        return root == null ? Optional.empty() : Optional.of(new Plan(root, planner.most));
    }

    private @Nullable Node node(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT -> constant(expr.constant());
            case IDENT -> ident(expr);
            case SELECT -> select(expr);
            case LIST -> list(expr);
            case MAP -> map(expr);
            case CALL -> call(expr);
            case COMPREHENSION -> fold(expr.comprehension());
            default -> null;
        };
    }

    private static @Nullable Node constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case NULL_VALUE -> new AccessNodes.Constant(constant.nullValue());
            case BOOLEAN_VALUE -> new AccessNodes.Constant(constant.booleanValue());
            case INT64_VALUE -> new AccessNodes.Constant(constant.int64Value());
            case UINT64_VALUE -> new AccessNodes.Constant(constant.uint64Value());
            case DOUBLE_VALUE -> new AccessNodes.Constant(constant.doubleValue());
            case STRING_VALUE -> new AccessNodes.Constant(constant.stringValue());
            case BYTES_VALUE -> new AccessNodes.Constant(constant.bytesValue());
            default -> null;
        };
    }

    private @Nullable Node ident(CelExpr expr) {
        String name = expr.ident().name();
        Integer slot = slots.get(name);
        if (slot != null) {
            return new AccessNodes.Slot(slot);
        }
        Optional<CelReference> reference = ast.getReference(expr.id());
        return reference.isPresent() && reference.get().value().isPresent() ? null : root(name);
    }

    private static @Nullable Node root(String name) {
        return name.equals("variables") ? null : new AccessNodes.Root(name);
    }

    private boolean isVariables(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.IDENT
                && expr.ident().name().equals("variables")
                && !slots.containsKey("variables");
    }

    private @Nullable Node select(CelExpr expr) {
        Optional<CelReference> reference = ast.getReference(expr.id());
        if (reference.isPresent()) {
            return reference.get().value().isPresent()
                    ? null
                    : root(reference.get().name());
        }
        String field = expr.select().field().intern();
        if (isVariables(expr.select().operand())) {
            return new AccessNodes.Variable(field);
        }
        Node operand = node(expr.select().operand());
        return operand == null || expr.select().testOnly()
                ? null
                : new AccessNodes.Field(operand, field, delegate(expr));
    }

    private Delegate delegate(CelExpr expr) {
        return new Delegate(cel.runtime(), ast, expr);
    }

    private @Nullable Node list(CelExpr expr) {
        List<Node> items = nodes(expr.list().elements());
        return items == null || !expr.list().optionalIndices().isEmpty() ? null : new LogicNodes.Items(items);
    }

    private @Nullable Node map(CelExpr expr) {
        List<String> keys = new ArrayList<>();
        List<CelExpr> values = new ArrayList<>();
        for (CelExpr.CelMap.Entry entry : expr.map().entries()) {
            boolean plain = !entry.optionalEntry()
                    && entry.key().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                    && entry.key().constant().getKind() == CelConstant.Kind.STRING_VALUE;
            if (!plain || keys.contains(entry.key().constant().stringValue())) {
                return null;
            }
            keys.add(entry.key().constant().stringValue());
            values.add(entry.value());
        }
        List<Node> nodes = nodes(values);
        return nodes == null ? null : new LogicNodes.Entries(List.copyOf(keys), nodes);
    }

    private @Nullable List<Node> nodes(List<CelExpr> exprs) {
        List<Node> nodes = new ArrayList<>();
        for (CelExpr expr : exprs) {
            Node node = node(expr);
            if (node == null) {
                return null;
            }
            nodes.add(node);
        }
        return nodes;
    }

    private @Nullable Node call(CelExpr expr) {
        String function = expr.call().function();
        List<CelExpr> exprs = new ArrayList<>();
        expr.call().target().ifPresent(exprs::add);
        exprs.addAll(expr.call().args());
        if (function.equals(Presence.FUNCTION) && isVariables(exprs.get(0))) {
            return new AccessNodes.HasVariable(exprs.get(1).constant().stringValue());
        }
        List<Node> arguments = nodes(exprs);
        if (arguments == null) {
            return null;
        }
        switch (function) {
            case "_&&_":
                return new LogicNodes.Junction(arguments, false);
            case "_||_":
                return new LogicNodes.Junction(arguments, true);
            case "!_":
                return new LogicNodes.Not(arguments.get(0));
            case "_?_:_":
                return new LogicNodes.Choice(arguments.get(0), arguments.get(1), arguments.get(2));
            case "@not_strictly_false":
                return new LogicNodes.NotFalse(arguments.get(0));
            case Presence.FUNCTION:
                return new AccessNodes.Has(
                        arguments.get(0), exprs.get(1).constant().stringValue().intern());
            default:
                return strict(expr, function, exprs, arguments);
        }
    }

    private Node strict(CelExpr expr, String function, List<CelExpr> exprs, List<Node> arguments) {
        Delegate delegate = delegate(expr);
        if (arguments.size() == 1) {
            CallNodes.One shortcut = Shortcuts.one(function);
            if (shortcut != null) {
                return new CallNodes.Unary(function, arguments.get(0), shortcut, delegate);
            }
        } else if (arguments.size() == 2) {
            CallNodes.Two shortcut =
                    function.equals("matches") && exprs.get(1).getKind() == CelExpr.ExprKind.Kind.CONSTANT
                            ? Shortcuts.matching(exprs.get(1).constant().stringValue())
                            : Shortcuts.two(function);
            if (shortcut != null) {
                return new CallNodes.Binary(function, arguments.get(0), arguments.get(1), shortcut, delegate);
            }
        }
        return new CallNodes.Any(function, List.copyOf(arguments), cel.functions(), delegate);
    }

    private @Nullable Node fold(CelExpr.CelComprehension fold) {
        boolean bind = fold.iterRange().getKind() == CelExpr.ExprKind.Kind.LIST
                && fold.iterRange().list().elements().isEmpty();
        if (!fold.iterVar2().isEmpty() || bind) {
            return null;
        }
        boolean gathers = fold.accuInit().getKind() == CelExpr.ExprKind.Kind.LIST
                && fold.accuInit().list().elements().isEmpty();
        Node range = node(fold.iterRange());
        Node init = node(fold.accuInit());
        int variable = depth++;
        int accumulator = depth++;
        most = Math.max(most, depth);
        Integer outerAccumulator = slots.put(fold.accuVar(), accumulator);
        Node result = node(fold.result());
        Integer outerVariable = slots.put(fold.iterVar(), variable);
        Node condition = node(fold.loopCondition());
        Node step = step(fold.loopStep(), fold.accuVar(), accumulator);
        restore(fold.iterVar(), outerVariable);
        restore(fold.accuVar(), outerAccumulator);
        depth -= 2;
        if (range == null || init == null || condition == null || step == null || result == null) {
            return null;
        }
        return new FoldNode(range, gathers ? null : init, variable, accumulator, condition, step, result);
    }

    private void restore(String name, @Nullable Integer outer) {
        if (outer == null) {
            slots.remove(name);
        } else {
            slots.put(name, outer);
        }
    }

    /** {@code condition ? accumulator + [item] : accumulator}, or without a condition: that appends. */
    private @Nullable Node step(CelExpr expr, String name, int accumulator) {
        Node plain = node(expr);
        if (plain == null || expr.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return plain;
        }
        List<CelExpr> arguments = expr.call().args();
        if (expr.call().function().equals("_+_") && isNamed(arguments.get(0), name)) {
            Node list = node(arguments.get(1));
            return list == null ? null : new FoldNode.Append(accumulator, list, plain);
        } else if (expr.call().function().equals("_?_:_") && isNamed(arguments.get(2), name)) {
            Node condition = node(arguments.get(0));
            Node yes = step(arguments.get(1), name, accumulator);
            Node no = node(arguments.get(2));
            return condition == null || yes == null || no == null ? null : new LogicNodes.Choice(condition, yes, no);
        }
        return plain;
    }

    private static boolean isNamed(CelExpr expr, String name) {
        return expr.getKind() == CelExpr.ExprKind.Kind.IDENT
                && expr.ident().name().equals(name);
    }
}
