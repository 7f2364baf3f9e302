package io.gitops4j.sync;

import io.gitops4j.cluster.ApiStatus;
import java.util.Locale;

/**
 * What a server's refusal of a write means, as a code behind its words, so that nobody has to guess from a sentence.
 *
 * <p>Source: secrets-dr-security §8, rows 74, 76, 77 and 83.
 *
 * @param code {@code ""} for a refusal that needs no name of its own
 */
record RefusalCode(String code) {
    private static final RefusalCode NONE = new RefusalCode("");

    /** The code of an answer. */
    static RefusalCode of(ApiStatus status) {
        String message = status.message();
        if (message.contains("admission webhook") && message.contains("denied the request")) {
            return new RefusalCode("WEBHOOK_DENIED");
        }
        return switch (status.code()) {
            case 403 -> new RefusalCode("FORBIDDEN");
            case 409 -> status.reason().equals("AlreadyExists") ? new RefusalCode("NOT_OWNED") : NONE;
            case 422 -> immutable(status);
            default -> NONE;
        };
    }

    private static RefusalCode immutable(ApiStatus status) {
        for (ApiStatus.Cause cause : status.causes()) {
            if (speaksOfIt(cause.message())) {
                return new RefusalCode("IMMUTABLE " + cause.field());
            }
        }
        return speaksOfIt(status.message()) ? new RefusalCode("IMMUTABLE") : NONE;
    }

    private static boolean speaksOfIt(String message) {
        String words = message.toLowerCase(Locale.ROOT);
        return words.contains("immutable") || words.contains("updates to statefulset spec for fields other than");
    }

    /** Behind the words. */
    String suffix() {
        return code.isEmpty() ? "" : " [" + code.strip() + "]";
    }
}
