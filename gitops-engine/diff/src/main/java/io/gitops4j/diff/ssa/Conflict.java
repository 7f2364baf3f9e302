package io.gitops4j.diff.ssa;

import io.gitops4j.cluster.ApiStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A field that somebody else owns and that an apply would change.
 *
 * @param owner who owns it
 * @param path the field
 */
public record Conflict(FieldManager owner, List<PathElement> path) {

    /** The field as the server prints it, {@code .spec.containers[name="a"].image}. */
    public String field() {
        return FieldSet.text(path);
    }

    /** The owner as the server prints it: {@code "kubectl" with subresource "status" using apps/v1}. */
    public String who() {
        StringBuilder out = new StringBuilder("\"").append(owner.name()).append('"');
        if (!owner.subresource().isEmpty()) {
            out.append(" with subresource \"").append(owner.subresource()).append('"');
        }
        if (!owner.applied()) {
            out.append(" using ").append(owner.apiVersion());
        }
        return out.toString();
    }

    /** The 409 of a server for these conflicts. */
    public static ApiStatus status(List<Conflict> conflicts) {
        List<ApiStatus.Cause> causes = new ArrayList<>();
        for (Conflict conflict : sorted(conflicts)) {
            causes.add(
                    new ApiStatus.Cause("FieldManagerConflict", "conflict with " + conflict.who(), conflict.field()));
        }
        return ApiStatus.of(409, "Conflict", message(conflicts)).withCauses(causes);
    }

    /** The message of that 409. */
    public static String message(List<Conflict> conflicts) {
        if (conflicts.size() == 1) {
            Conflict only = conflicts.get(0);
            return "Apply failed with 1 conflict: conflict with " + only.who() + ": " + only.field();
        }
        Map<String, StringBuilder> byOwner = new LinkedHashMap<>();
        for (Conflict conflict : sorted(conflicts)) {
            byOwner.computeIfAbsent(
                            conflict.who(),
                            who -> new StringBuilder("conflicts with ")
                                    .append(who)
                                    .append(':'))
                    .append("\n- ")
                    .append(conflict.field());
        }
        return "Apply failed with " + conflicts.size() + " conflicts: " + String.join("\n", byOwner.values());
    }

    private static List<Conflict> sorted(List<Conflict> conflicts) {
        List<Conflict> sorted = new ArrayList<>(conflicts);
        sorted.sort(Comparator.comparing(Conflict::who));
        return sorted;
    }
}
