package io.gitops4j.rego.eval;

import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules of a name that can hold: by what they demand of an input path or an argument (equal to a constant, one of some
 * constants, beginning with a constant). Rules keep their order.
 */
abstract class RuleIndex {
    private static final int TOO_MANY_COPIES = 200_000;
    private static final int DEEPEST = 4;

    /** The positions of the rules that can hold. */
    abstract int[] candidates(@Nullable Value input, Value[] args);

    /** What a rule demands: {@code source} is one of {@code values}, or begins with {@code prefix}. */
    record Demand(
            Source source, List<Value> values, @Nullable String prefix) {}

    /** A value that an index looks at: a path of the input or an argument. */
    record Source(int argument, List<String> path) {
        @Nullable
        Value read(@Nullable Value input, Value[] args) {
            Value at = argument >= 0 ? args[argument] : input;
            for (int i = 0; i < path.size() && at != null; i++) {
                at = at instanceof io.gitops4j.rego.value.ObjectValue object
                        ? object.get(path.get(i))
                        : at.get(new StringValue(path.get(i)));
            }
            return at;
        }
    }

    /** An index that always gives all. */
    static RuleIndex all(int rules) {
        int[] every = new int[rules];
        for (int i = 0; i < rules; i++) {
            every[i] = i;
        }
        return new Leaf(every);
    }

    /** The index of rules with these demands. */
    static RuleIndex of(List<List<Demand>> demands) {
        if (demands.size() < 3) {
            return all(demands.size());
        }
        int[] every = new int[demands.size()];
        for (int i = 0; i < every.length; i++) {
            every[i] = i;
        }
        return build(every, demands, new LinkedHashSet<>());
    }

    private static RuleIndex build(int[] rules, List<List<Demand>> demands, Set<Source> used) {
        if (rules.length < 3 || used.size() >= DEEPEST) {
            return new Leaf(rules);
        }
        Source best = best(rules, demands, used);
        if (best == null) {
            return new Leaf(rules);
        }
        List<Integer> free = new ArrayList<>();
        Map<Value, List<Integer>> byValue = new LinkedHashMap<>();
        Map<String, List<Integer>> byPrefix = new LinkedHashMap<>();
        for (int rule : rules) {
            Demand demand = demandOn(best, demands.get(rule));
            if (demand == null) {
                free.add(rule);
            } else if (demand.prefix() != null) {
                byPrefix.computeIfAbsent(demand.prefix(), any -> new ArrayList<>())
                        .add(rule);
            } else {
                for (Value value : demand.values()) {
                    byValue.computeIfAbsent(value, any -> new ArrayList<>()).add(rule);
                }
            }
        }
        if ((long) free.size() * byValue.size() > TOO_MANY_COPIES) {
            return new Leaf(rules);
        }
        Set<Source> deeper = new LinkedHashSet<>(used);
        deeper.add(best);
        if (!byPrefix.isEmpty()) {
            return new ByPrefix(best, byPrefix, byValue, free);
        }
        Map<Value, RuleIndex> branches = new HashMap<>();
        byValue.forEach((value, matching) -> branches.put(value, build(merged(matching, free), demands, deeper)));
        return new ByValue(best, branches, build(merged(free, List.of()), demands, deeper));
    }

    private static int[] merged(List<Integer> some, List<Integer> others) {
        TreeSet<Integer> all = new TreeSet<>(some);
        all.addAll(others);
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    private static @Nullable Source best(int[] rules, List<List<Demand>> demands, Set<Source> used) {
        Map<Source, Integer> counts = new LinkedHashMap<>();
        Map<Source, Set<Object>> distinct = new LinkedHashMap<>();
        for (int rule : rules) {
            Set<Source> seen = new LinkedHashSet<>();
            for (Demand demand : demands.get(rule)) {
                if (!used.contains(demand.source()) && seen.add(demand.source())) {
                    counts.merge(demand.source(), 1, Integer::sum);
                    Set<Object> values = distinct.computeIfAbsent(demand.source(), any -> new LinkedHashSet<>());
                    values.addAll(demand.values());
                    if (demand.prefix() != null) {
                        values.add(demand.prefix());
                    }
                }
            }
        }
        Source best = null;
        long bestGain = 0;
        for (Map.Entry<Source, Integer> entry : counts.entrySet()) {
            long gain = (long) entry.getValue()
                    * Math.min(
                            64, distinct.getOrDefault(entry.getKey(), Set.of()).size());
            if (entry.getValue() >= 2 && gain > bestGain) {
                best = entry.getKey();
                bestGain = gain;
            }
        }
        return best;
    }

    private static @Nullable Demand demandOn(Source source, List<Demand> demands) {
        for (Demand demand : demands) {
            if (demand.source().equals(source)) {
                return demand;
            }
        }
        return null;
    }

    private static final class Leaf extends RuleIndex {
        private final int[] rules;

        Leaf(int[] rules) {
            this.rules = rules;
        }

        @Override
        int[] candidates(@Nullable Value input, Value[] args) {
            return rules;
        }
    }

    private static final class ByValue extends RuleIndex {
        private final Source source;
        private final Map<Value, RuleIndex> branches;
        private final RuleIndex others;

        ByValue(Source source, Map<Value, RuleIndex> branches, RuleIndex others) {
            this.source = source;
            this.branches = branches;
            this.others = others;
        }

        @Override
        int[] candidates(@Nullable Value input, Value[] args) {
            Value value = source.read(input, args);
            RuleIndex branch = value == null ? null : branches.get(value);
            return (branch == null ? others : branch).candidates(input, args);
        }
    }

    private static final class ByPrefix extends RuleIndex {
        private final Source source;
        private final Map<String, List<Integer>> prefixes;
        private final Map<Value, List<Integer>> values;
        private final int[] lengths;
        private final List<Integer> free;
        private final int[] freeOnly;

        ByPrefix(
                Source source,
                Map<String, List<Integer>> prefixes,
                Map<Value, List<Integer>> values,
                List<Integer> free) {
            this.source = source;
            this.prefixes = new HashMap<>(prefixes);
            this.values = new HashMap<>(values);
            this.free = free;
            this.freeOnly = merged(free, List.of());
            this.lengths = prefixes.keySet().stream()
                    .mapToInt(String::length)
                    .distinct()
                    .sorted()
                    .toArray();
        }

        @Override
        int[] candidates(@Nullable Value input, Value[] args) {
            Value value = source.read(input, args);
            if (value == null) {
                return freeOnly;
            }
            List<Integer> found = new ArrayList<>(values.getOrDefault(value, List.of()));
            if (value instanceof StringValue text) {
                for (int length : lengths) {
                    if (length > text.text().length()) {
                        break;
                    }
                    found.addAll(prefixes.getOrDefault(text.text().substring(0, length), List.of()));
                }
            }
            if (found.isEmpty()) {
                return freeOnly;
            }
            found.addAll(free);
            int[] all = found.stream().mapToInt(Integer::intValue).distinct().toArray();
            Arrays.sort(all);
            return all;
        }
    }
}
