package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Graphs: objects of edges. */
final class GraphBuiltins {
    private GraphBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "graph.reachable" -> family.add(2, GraphBuiltins::reachable);
            case "graph.reachable_paths" -> family.add(2, GraphBuiltins::paths);
            case "walk" -> family.add(1, (c, a) -> null);
            default -> {}
        }
    }

    private static Value[] vertices(@Nullable Value edges) {
        if (edges instanceof ArrayValue array) {
            return array.toArray();
        }
        return edges instanceof SetValue set ? set.sorted() : new Value[0];
    }

    private static Value[] initial(Value[] args) {
        if (!(args[1] instanceof ArrayValue) && !(args[1] instanceof SetValue)) {
            throw Operands.error(2, "must be {array, set} but got " + args[1].typeName());
        }
        return vertices(args[1]);
    }

    private static Value reachable(BuiltinContext context, Value[] args) {
        ObjectValue graph = Operands.object(args, 1);
        SetValue.Builder reached = SetValue.builder();
        ArrayDeque<Value> open = new ArrayDeque<>(List.of(initial(args)));
        while (!open.isEmpty()) {
            context.step(1);
            Value at = open.poll();
            Value edges = graph.get(at);
            if (edges != null && reached.add(at)) {
                for (Value neighbour : vertices(edges)) {
                    if (!reached.contains(neighbour)) {
                        open.add(neighbour);
                    }
                }
            }
        }
        return reached.build();
    }

    /** What an element of a path that is kept costs. */
    private static final long PATH_STEPS = 4;

    private static Value paths(BuiltinContext context, Value[] args) {
        ObjectValue graph = Operands.object(args, 1);
        SetValue.Builder out = SetValue.builder();
        for (Value root : initial(args)) {
            if (graph.get(root) != null) {
                extend(context, graph, root, new ArrayList<>(), new HashSet<>(), out);
            }
        }
        return out.build();
    }

    private static void extend(
            BuiltinContext context,
            ObjectValue graph,
            Value at,
            List<Value> path,
            Set<Value> reached,
            SetValue.Builder out) {
        context.step(1);
        Value edges = graph.get(at);
        if (edges == null) {
            context.step(path.size() * PATH_STEPS);
            out.add(ArrayValue.of(path));
            return;
        }
        path.add(at);
        boolean added = reached.add(at);
        Value[] neighbours = vertices(edges);
        if (neighbours.length == 0) {
            out.add(ArrayValue.of(path));
        }
        boolean closed = false;
        for (Value neighbour : neighbours) {
            context.step(1);
            if (reached.contains(neighbour)) {
                closed = true;
            } else {
                extend(context, graph, neighbour, path, reached, out);
            }
        }
        if (closed) {
            context.step(path.size() * PATH_STEPS);
            out.add(ArrayValue.of(path));
        }
        path.remove(path.size() - 1);
        if (added && context.newest()) {
            reached.remove(at);
        }
    }
}
