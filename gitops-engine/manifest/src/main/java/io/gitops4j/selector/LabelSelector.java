package io.gitops4j.selector;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A condition on labels: all requirements must hold. Empty, it matches everything.
 *
 * <p>Source: k8s-apply §5.4 (label selectors).
 */
public final class LabelSelector {
    private static final LabelSelector EVERYTHING = new LabelSelector(List.of(), true);
    private static final LabelSelector NOTHING = new LabelSelector(List.of(), false);

    private final List<Requirement> requirements;
    private final boolean satisfiable;

    private LabelSelector(List<Requirement> requirements, boolean satisfiable) {
        this.requirements = requirements;
        this.satisfiable = satisfiable;
    }

    /** Matches every object. */
    public static LabelSelector everything() {
        return EVERYTHING;
    }

    /** Matches no object; this is what a missing LabelSelector means in most specs. */
    public static LabelSelector nothing() {
        return NOTHING;
    }

    /** A selector of these requirements, in their order. */
    public static LabelSelector of(List<Requirement> requirements) {
        return requirements.isEmpty() ? EVERYTHING : new LabelSelector(List.copyOf(requirements), true);
    }

    /**
     * The selector that {@code text} spells, as {@code kubectl -l} takes it: {@code a=b}, {@code a!=b}, {@code a in (b,c)},
     * {@code a notin (b)}, {@code a}, {@code !a}, {@code a>1}, {@code a<1}, joined by commas; {@code ""} is everything.
     *
     * @return a failure with code {@code SELECTOR} where it spells none
     */
    public static Outcome<LabelSelector> parse(String text) {
        return new SelectorParser(text).parse().map(LabelSelector::of);
    }

    /**
     * The selector of a LabelSelector object with {@code matchLabels} and {@code matchExpressions}; the empty object is
     * everything.
     *
     * @return a failure with code {@code SELECTOR} where a part has the wrong type, operator or number of values
     */
    public static Outcome<LabelSelector> of(JsonObject selector) {
        List<Requirement> out = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        selector.object("matchLabels").sorted().forEach((key, value) -> {
            if (value instanceof JsonString text) {
                out.add(new Requirement(key, Operator.IN, List.of(text.value())));
            } else {
                problems.add(Problem.error("SELECTOR", "matchLabels." + key + " must be a string"));
            }
        });
        for (Json item : selector.array("matchExpressions")) {
            Requirement requirement = expression(item);
            if (requirement == null) {
                problems.add(Problem.error("SELECTOR", "not a valid label selector requirement: " + item.toJson()));
            } else {
                out.add(requirement);
            }
        }
        return problems.isEmpty() ? Outcome.of(of(out)) : Outcome.failed(problems);
    }

    private static @Nullable Requirement expression(Json item) {
        JsonObject object = item.asObject();
        String key = object == null ? null : object.text("key");
        if (object == null || key == null || SelectorNames.keyProblem(key) != null) {
            return null;
        }
        List<String> values = new ArrayList<>();
        for (Json value : object.array("values")) {
            if (!(value instanceof JsonString text)) {
                return null;
            }
            values.add(text.value());
        }
        return switch (object.text("operator", "")) {
            case "In" -> values.isEmpty() ? null : new Requirement(key, Operator.IN, values);
            case "NotIn" -> values.isEmpty() ? null : new Requirement(key, Operator.NOT_IN, values);
            case "Exists" -> values.isEmpty() ? new Requirement(key, Operator.EXISTS, values) : null;
            case "DoesNotExist" -> values.isEmpty() ? new Requirement(key, Operator.DOES_NOT_EXIST, values) : null;
            default -> null;
        };
    }

    /** The requirements in the order given. */
    public List<Requirement> requirements() {
        return requirements;
    }

    /** Whether it matches every object. */
    public boolean isEverything() {
        return satisfiable && requirements.isEmpty();
    }

    /** Whether an object with these labels matches; values that are no strings count as missing. */
    public boolean matches(JsonObject labels) {
        return test(labels::text);
    }

    /** Whether an object with these labels matches. */
    public boolean matches(Map<String, String> labels) {
        return test(labels::get);
    }

    private boolean test(Function<String, @Nullable String> labels) {
        if (!satisfiable) {
            return false;
        }
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels.apply(requirement.key()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelSelector that
                && satisfiable == that.satisfiable
                && requirements.equals(that.requirements);
    }

    @Override
    public int hashCode() {
        return requirements.hashCode() + (satisfiable ? 1 : 0);
    }

    /** Selector text with the requirements sorted by key. */
    @Override
    public String toString() {
        List<Requirement> sorted = new ArrayList<>(requirements);
        sorted.sort(Comparator.comparing(Requirement::key));
        return satisfiable
                ? String.join(",", sorted.stream().map(Requirement::toString).toList())
                : "<nothing>";
    }
}
