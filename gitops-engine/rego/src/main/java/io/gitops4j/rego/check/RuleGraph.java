package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rules a rule refers to; each {@code else} branch is a node of its own. A reference that varies refers to everything
 * below that its variables may be.
 */
final class RuleGraph {
    private final RuleTree tree;
    private final List<Rule> nodes = new ArrayList<>();
    private final Map<Rule, Integer> index = new IdentityHashMap<>();
    private final List<int[]> edges = new ArrayList<>();

    private final boolean valuesMatter;
    /** What is known in the rule that is looked at. */
    private KnownValues known = new KnownValues();

    RuleGraph(RuleTree tree, boolean valuesMatter) {
        this.tree = tree;
        this.valuesMatter = valuesMatter;
        tree.visit(node -> node.rules().forEach(this::addNode));
        for (Rule rule : nodes) {
            edges.add(referredBy(rule));
        }
    }

    private void addNode(Rule rule) {
        for (Rule at = rule; at != null; at = at.otherwise()) {
            index.put(at, nodes.size());
            nodes.add(at);
        }
    }

    private int[] referredBy(Rule rule) {
        Set<Integer> found = new LinkedHashSet<>();
        known = valuesMatter ? new KnownValues(rule.body()) : known;
        Head head = rule.head();
        for (Term part : head.ref().terms()) {
            collect(part, found);
        }
        head.parameters().forEach(arg -> collect(arg, found));
        Term key = head.key();
        Term value = head.value();
        if (key != null) {
            collect(key, found);
        }
        if (value != null) {
            collect(value, found);
        }
        collect(rule.body(), found);
        int[] targets = new int[found.size()];
        int at = 0;
        for (int target : found) {
            targets[at++] = target;
        }
        return targets;
    }

    private void collect(Term term, Set<Integer> found) {
        Walk.terms(term, inner -> {
            if (inner instanceof Ref ref && ref.startsWithVar(Var.DATA)) {
                walk(tree, ref, 1, found);
            }
            return true;
        });
    }

    private void collect(Body body, Set<Integer> found) {
        Walk.terms(body, inner -> {
            if (inner instanceof Ref ref && ref.startsWithVar(Var.DATA)) {
                walk(tree, ref, 1, found);
            }
            return true;
        });
    }

    private void walk(RuleTree node, Ref ref, int at, Set<Integer> found) {
        if (at >= ref.size()) {
            node.visit(inner -> insert(inner, ref, found));
        } else if (ref.get(at).isConstant()) {
            RuleTree child = node.child(ref.get(at));
            if (child != null) {
                insert(child, ref, found);
                walk(child, ref, at + 1, found);
            }
        } else {
            for (Map.Entry<Term, RuleTree> entry : node.children().entrySet()) {
                if (known.mayBe(ref.get(at), entry.getKey(), ref.location().offset())) {
                    RuleTree child = entry.getValue();
                    insert(child, ref, found);
                    walk(child, ref, at + 1, found);
                }
            }
        }
    }

    /** Whether no two constants in the same position differ. */
    private static boolean mayMeet(Ref rule, Ref ref) {
        for (int i = 1; i < rule.size() && i < ref.size(); i++) {
            if (rule.get(i).isConstant()
                    && ref.get(i).isConstant()
                    && !rule.get(i).equals(ref.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void insert(RuleTree node, Ref ref, Set<Integer> found) {
        for (Rule rule : node.rules()) {
            if (!mayMeet(rule.ref(), ref)) {
                continue;
            }
            for (Rule at = rule; at != null; at = at.otherwise()) {
                Integer number = index.get(at);
                if (number != null) {
                    found.add(number);
                }
            }
        }
    }

    /** A cycle through each rule that is on one. */
    List<List<Rule>> cycles() {
        List<List<Rule>> cycles = new ArrayList<>();
        boolean[] cyclic = onCycles();
        for (int i = 0; i < nodes.size(); i++) {
            if (cyclic[i]) {
                cycles.add(cycle(i, cyclic));
            }
        }
        return cycles;
    }

    /** The first cycle found depth first, neighbours in the order of the text. */
    private List<Rule> cycle(int start, boolean[] cyclic) {
        Deque<int[]> path = new ArrayDeque<>();
        Set<Integer> seen = new HashSet<>();
        path.push(new int[] {start, 0});
        while (!path.isEmpty()) {
            int[] top = path.peek();
            int[] targets = edges.get(top[0]);
            if (top[1] >= targets.length) {
                path.pop();
                continue;
            }
            int next = targets[top[1]++];
            if (next == start) {
                List<Rule> rules = new ArrayList<>();
                path.descendingIterator().forEachRemaining(step -> rules.add(nodes.get(step[0])));
                rules.add(nodes.get(start));
                return rules;
            }
            if (cyclic[next] && seen.add(next)) {
                path.push(new int[] {next, 0});
            }
        }
        return List.of(nodes.get(start), nodes.get(start));
    }

    /** Nodes in a strongly connected component with a cycle. */
    private boolean[] onCycles() {
        int count = nodes.size();
        boolean[] cyclic = new boolean[count];
        for (List<Integer> component : components()) {
            boolean cycle = component.size() > 1;
            for (int node : component) {
                for (int target : edges.get(node)) {
                    cycle |= target == node;
                }
            }
            if (cycle) {
                component.forEach(node -> cyclic[node] = true);
            }
        }
        return cyclic;
    }

    /** Strongly connected components (Tarjan), each after those it refers to. */
    private List<List<Integer>> components() {
        int count = nodes.size();
        int[] order = new int[count];
        int[] low = new int[count];
        boolean[] onStack = new boolean[count];
        int[] cursor = new int[count];
        List<List<Integer>> components = new ArrayList<>();
        Deque<Integer> stack = new ArrayDeque<>();
        Deque<Integer> calls = new ArrayDeque<>();
        int next = 1;
        for (int root = 0; root < count; root++) {
            if (order[root] != 0) {
                continue;
            }
            calls.push(root);
            while (!calls.isEmpty()) {
                int node = calls.peek();
                if (order[node] == 0) {
                    order[node] = low[node] = next++;
                    stack.push(node);
                    onStack[node] = true;
                }
                int[] targets = edges.get(node);
                boolean descended = false;
                while (cursor[node] < targets.length && !descended) {
                    int target = targets[cursor[node]++];
                    if (order[target] == 0) {
                        calls.push(target);
                        descended = true;
                    } else if (onStack[target]) {
                        low[node] = Math.min(low[node], order[target]);
                    }
                }
                if (descended) {
                    continue;
                }
                calls.pop();
                if (!calls.isEmpty()) {
                    int parent = calls.peek();
                    low[parent] = Math.min(low[parent], low[node]);
                }
                if (low[node] == order[node]) {
                    components.add(popComponent(stack, onStack, node));
                }
            }
        }
        return components;
    }

    private static List<Integer> popComponent(Deque<Integer> stack, boolean[] onStack, int root) {
        List<Integer> component = new ArrayList<>();
        int member;
        do {
            member = stack.pop();
            onStack[member] = false;
            component.add(member);
        } while (member != root);
        return component;
    }

    /** All rules, each after those it refers to; branches apart. */
    List<Rule> dependenciesFirst() {
        List<Rule> sorted = new ArrayList<>(nodes.size());
        for (List<Integer> component : components()) {
            for (int node : component) {
                sorted.add(nodes.get(node));
            }
        }
        return sorted;
    }
}
