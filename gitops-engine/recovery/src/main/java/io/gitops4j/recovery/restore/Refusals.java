package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a server's refusal means for a restore. */
final class Refusals {
    private Refusals() {}

    static boolean isTransient(ApiException refusal) {
        int code = refusal.status().code();
        return code == 429 || code >= 500;
    }

    static boolean isQuota(ApiException refusal) {
        return refusal.status().code() == 403 && refusal.status().message().contains("exceeded quota");
    }

    static boolean isImmutable(ApiException refusal) {
        ApiStatus status = refusal.status();
        boolean validation = status.code() == 422 || status.code() == 403;
        return validation
                && (mentions(status.message(), "immutable")
                        || mentions(status.message(), "updates to statefulset spec")
                        || mentions(status.message(), "may not change once set"));
    }

    /** A stable code for an item that failed. */
    static String code(ApiException refusal) {
        if (isQuota(refusal)) {
            return "QUOTA";
        }
        if (isImmutable(refusal)) {
            return "IMMUTABLE";
        }
        if (refusal.status().code() == 422 && refusal.status().message().contains("already allocated")) {
            return "PORT_TAKEN";
        }
        return refusal.isConflict() ? "CONFLICT" : refusal.code().toUpperCase(Locale.ROOT);
    }

    /** The fields that a refusal names. */
    static List<String> fields(ApiException refusal) {
        List<String> fields = new ArrayList<>();
        refusal.status().causes().forEach(cause -> {
            if (!cause.field().isEmpty()) {
                fields.add(cause.field());
            }
        });
        return List.copyOf(fields);
    }

    /** Words for a report: the fields alone where the object is secret, since a server quotes what it refuses. */
    static String text(ApiException refusal, boolean secret) {
        List<String> fields = fields(refusal);
        String at = fields.isEmpty() ? "" : " at " + String.join(", ", fields);
        return secret || !fields.isEmpty()
                ? refusal.status().code() + " " + refusal.status().reason() + at
                : refusal.status().message();
    }

    private static boolean mentions(String text, String word) {
        return text.toLowerCase(Locale.ROOT).contains(word);
    }
}
