package io.gitops4j.rego;

import io.gitops4j.rego.value.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query gave. With strict errors there may be rows and an error.
 *
 * @param rows one for each solution: the query's variables with their values; no row means undefined
 * @param error what ended the evaluation, or the first builtin error where those are strict
 */
public record RegoResult(
        List<Map<String, Value>> rows, @Nullable RegoError error) {
    /** A result with unmodifiable rows. */
    public RegoResult {
        rows = List.copyOf(rows);
    }

    /** Whether there is no error and at least one row. */
    public boolean holds() {
        return error == null && !rows.isEmpty();
    }
}
