package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.values.CelByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of one expression cost when they are evaluated: a read 1, a list 10, a map 30, an object 40, a call as much as
 * its arguments are large. The sizes of arguments are known since arguments are evaluated before their call.
 *
 * <p>Source: the cost table of Kubernetes' CEL (rego §4).
 */
final class NodeCosts {
    private static final double TRAVERSAL = 0.1;
    private static final double REGEX = 0.25;

    private final Map<Long, Integer> slotById = new LinkedHashMap<>();
    private final Map<Long, int[]> argumentSlots = new LinkedHashMap<>();

    NodeCosts(CelAbstractSyntaxTree ast) {
        CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.CALL)
                .forEach(node -> addCall(node.expr()));
    }

    private void addCall(CelExpr call) {
        List<CelExpr> arguments = new ArrayList<>();
        call.call().target().ifPresent(arguments::add);
        arguments.addAll(call.call().args());
        int[] slots = new int[arguments.size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slotById.computeIfAbsent(arguments.get(i).id(), unused -> slotById.size());
        }
        argumentSlots.put(call.id(), slots);
    }

    @Nullable
    Object[] slots() {
        return new @Nullable Object[slotById.size()];
    }

    void remember(long id, Object value, @Nullable Object[] values) {
        Integer slot = slotById.get(id);
        if (slot != null) {
            values[slot] = value;
        }
    }

    long of(CelExpr node, @Nullable Object result, @Nullable Object[] values) {
        return switch (node.getKind()) {
            case IDENT -> 1;
            case SELECT -> chain(node);
            case LIST -> 10;
            case MAP -> 30;
            case STRUCT -> 40;
            case CALL -> call(node, result, values);
            default -> 0;
        };
    }

    /** The runtime reads {@code a.b.c} in one step; it costs as three. */
    private static long chain(CelExpr node) {
        long cost = 0;
        CelExpr at = node;
        while (at.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            cost += at.select().testOnly() ? 0 : 1;
            at = at.select().operand();
        }
        return at.getKind() == CelExpr.ExprKind.Kind.IDENT ? cost + 1 : cost;
    }

    private long call(CelExpr node, @Nullable Object result, @Nullable Object[] values) {
        int[] slots = argumentSlots.getOrDefault(node.id(), new int[0]);
        return call(
                node.call().function(),
                slots.length > 0 ? values[slots[0]] : null,
                slots.length > 1 ? values[slots[1]] : null,
                result);
    }

    /** What a call costs, by its first two arguments, {@code null} where it has fewer, and its result. */
    static long call(String function, @Nullable Object one, @Nullable Object two, @Nullable Object result) {
        long first = size(one);
        long second = size(two);
        switch (function) {
            case "@has":
                return 0;
            case "_==_":
            case "_!=_":
            case "_<_":
            case "_<=_":
            case "_>_":
            case "_>=_":
                return traversal(Math.min(first, second));
            case "_+_":
                return result instanceof String || result instanceof CelByteString ? traversal(first + second) : 1;
            case "@in":
                return two instanceof List ? second : 1;
            case "contains":
                return traversal(first) * traversal(second);
            case "matches":
            case "find":
            case "findAll":
                return traversal(first + 1) * (long) Math.ceil(second * REGEX);
            case "startsWith":
            case "endsWith":
            case "quote":
            case "format":
            case "url":
            case "lowerAscii":
            case "upperAscii":
            case "substring":
            case "trim":
            case "cidr":
            case "ip":
            case "isIP":
            case "isCIDR":
            case "quantity":
            case "isQuantity":
            case "semver":
            case "isSemver":
            case "jsonpatch.escapeKey":
                return traversal(first);
            case "replace":
            case "split":
            case "ip.isCanonical":
                return traversal(2 * first);
            case "join":
                return traversal(2 * size(result));
            case "isSorted":
            case "sum":
            case "min":
            case "max":
            case "indexOf":
            case "lastIndexOf":
            case "reverse":
            case "sort":
            case "distinct":
            case "flatten":
            case "slice":
                return one instanceof String ? traversal(first) : Math.max(1, first);
            case "lists.range":
                return 10 + size(result);
            case "containsIP":
            case "containsCIDR":
                return 4 + traversal(second);
            case "validate":
                return traversal(second + 1) * 16;
            case "check":
                return 350_000;
            default:
                return 1;
        }
    }

    private static long traversal(long size) {
        return (long) Math.ceil(size * TRAVERSAL);
    }

    private static long size(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length();
        } else if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Map<?, ?> map) {
            return map.size();
        } else if (value instanceof CelByteString bytes) {
            return bytes.size();
        }
        return 1;
    }
}
