package io.gitops4j.policy.cel.expression;

import dev.cel.common.values.CelValueProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The literals of mutations, {@code Object.spec{replicas: 1}} and {@code JSONPatch{op: "add"}}: maps of their fields. */
final class ObjectLiterals implements CelValueProvider {
    @Override
    public Optional<Object> newValue(String type, Map<String, Object> fields) {
        return type.equals("JSONPatch") || type.equals("Object") || type.startsWith("Object.")
                ? Optional.of(new LinkedHashMap<>(fields))
                : Optional.empty();
    }
}
