package io.gitops4j.policy.cel.expression;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import dev.cel.runtime.CelVariableResolver;
import io.gitops4j.json.Json;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of one evaluation see: the roots ({@code object}, {@code request}, …), and below {@code variables} the
 * policy's own variables, each evaluated when first read and then remembered, its error too. One scope serves one evaluation of
 * a policy, by one thread.
 */
public final class CelScope {
    private final Map<String, Object> roots = new HashMap<>();
    private Map<String, CelExpression> expressions = Collections.emptyMap();
    private final Map<String, CelResult> results = new HashMap<>();

    /** Adds a root. */
    public CelScope root(String name, Json value) {
        roots.put(name, CelValues.of(value));
        return this;
    }

    /** Adds a root that is no JSON. */
    public CelScope root(String name, Object value) {
        roots.put(name, value);
        return this;
    }

    /** The variables by name, instead of those before. The map is not copied. */
    public CelScope variables(Map<String, CelExpression> byName) {
        expressions = Collections.unmodifiableMap(byName);
        return this;
    }

    /** Adds {@code variables.name} with its value, as {@link CelValues} makes it. */
    public CelScope variable(String name, Object value) {
        results.put(name, new CelResult(value, null));
        return this;
    }

    CelVariableResolver resolver(CostMeter meter) {
        return name ->
                name.equals("variables") ? Optional.of(new Variables(meter)) : Optional.ofNullable(roots.get(name));
    }

    @Nullable
    Object root(String name) {
        return roots.get(name);
    }

    /** What a variable gives, {@code null} when there is none of that name. */
    @Nullable
    CelResult result(String name, CostMeter meter) {
        CelResult result = results.get(name);
        if (result == null) {
            CelExpression expression = expressions.get(name);
            if (expression == null) {
                return null;
            }
            result = expression.evaluate(this, meter);
            results.put(name, result);
        }
        return result;
    }

    static String failure(String name, CelResult result) {
        return "composited variable \"" + name + "\" fails to evaluate: " + result.error();
    }

    private Object value(String name, CostMeter meter) {
        CelResult result = result(name, meter);
        if (result == null) {
            throw CelAttributeNotFoundException.forMissingMapKey(name);
        }
        Object value = result.value();
        if (value == null) {
            throw new CelInvalidArgumentException(failure(name, result));
        }
        return value;
    }

    /** The value of {@code variables}: a struct whose fields are evaluated on demand. */
    @SuppressWarnings("Immutable") // it lives as long as one evaluation, in one thread
    private final class Variables extends CelValue implements SelectableValue<Object> {
        private final CostMeter meter;

        Variables(CostMeter meter) {
            this.meter = meter;
        }

        @Override
        public Object select(Object field) {
            return CelScope.this.value(String.valueOf(field), meter);
        }

        @Override
        public Optional<? extends Object> find(Object field) {
            String name = String.valueOf(field);
            return expressions.containsKey(name) || results.containsKey(name)
                    ? Optional.of(select(name))
                    : Optional.empty();
        }

        @Override
        public Object value() {
            return this;
        }

        @Override
        public boolean isZeroValue() {
            return expressions.isEmpty() && results.isEmpty();
        }

        @Override
        public CelType celType() {
            return StructTypeReference.create(KubernetesTypes.VARIABLES);
        }
    }
}
