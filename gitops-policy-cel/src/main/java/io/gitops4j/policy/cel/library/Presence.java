package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import dev.cel.common.types.SimpleType;
import dev.cel.common.values.OptionalValue;
import dev.cel.common.values.SelectableValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code has(a.b)} means in Kubernetes: false where {@code a} has no fields at all, as null or a string. {@code dev.cel}
 * makes an error of that, on which policies of {@code has(variables.params.x)} without parameters would fail.
 */
public final class Presence {
    /** The function that the macro {@code has} becomes; no source text can name it. */
    public static final String FUNCTION = "@has";

    private Presence() {}

    static void register(FunctionTable table) {
        table.global(
                FUNCTION,
                "presence_test",
                SimpleType.BOOL,
                a -> has(a[0], (String) a[1]),
                SimpleType.DYN,
                SimpleType.STRING);
    }

    /** Whether {@code value} has the field. */
    public static boolean has(@Nullable Object value, String field) {
        if (value instanceof Map<?, ?> map) {
            return map.containsKey(field);
        } else if (value instanceof Optional<?> optional) {
            return optional.isPresent() && has(optional.get(), field);
        } else if (value instanceof OptionalValue<?, ?> optional) {
            return !optional.isZeroValue() && has(optional.value(), field);
        } else if (value instanceof SelectableValue<?> struct) {
            return find(struct, field);
        } else if (value instanceof List) {
            throw failure("unsupported index type 'string' in list");
        }
        return false;
    }

    @SuppressWarnings("unchecked") // fields are always named by strings here
    private static boolean find(SelectableValue<?> struct, String field) {
        return ((SelectableValue<Object>) struct).find(field).isPresent();
    }
}
