package io.gitops4j.diff;

import io.gitops4j.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place where live is not what the target wants.
 *
 * @param path the place as Kubernetes prints it, {@code .spec.containers[name="a"].image}
 * @param kind what would happen there
 * @param live the value there, {@code null} when there is none
 * @param wanted the value wanted, {@code null} when none is
 * @param owners managers that own the live field, in the order of managedFields
 * @param why why the difference counts, or why not
 * @param rule the rule that ignores it, {@code null} when it counts
 */
public record Difference(
        String path,
        Kind kind,
        @Nullable Json live,
        @Nullable Json wanted,
        List<String> owners,
        String why,
        @Nullable IgnoreRule rule) {

    /** What would happen. */
    public enum Kind {
        /** The field would be added. */
        ADD,
        /** The value would change. */
        CHANGE,
        /** The field would be removed. */
        REMOVE,
        /** Live has a field that nobody owns, no target wants and no server adds; an apply would leave it. */
        EXTRA
    }

    /** Copies the owners. */
    public Difference {
        owners = List.copyOf(owners);
    }

    /** Whether a rule takes it out of the comparison. */
    public boolean ignored() {
        return rule != null;
    }

    /** One line: sign, path, values, owners. */
    @Override
    public String toString() {
        String sign = switch (kind) {
            case ADD -> "+ ";
            case CHANGE -> "~ ";
            case REMOVE -> "- ";
            case EXTRA -> "! ";
        };
        StringBuilder out = new StringBuilder(sign).append(path).append(": ");
        if (live != null) {
            out.append(live.canonical());
        }
        if (live != null && wanted != null) {
            out.append(" -> ");
        }
        if (wanted != null) {
            out.append(wanted.canonical());
        }
        if (!owners.isEmpty()) {
            out.append(" (owned by ").append(String.join(", ", owners)).append(')');
        }
        return out.append(why.isEmpty() ? "" : ", " + why).toString();
    }
}
