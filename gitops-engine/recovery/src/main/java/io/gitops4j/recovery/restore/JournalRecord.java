package io.gitops4j.recovery.restore;

import io.gitops4j.json.JsonObject;

/**
 * One line of a journal.
 *
 * @param step {@code begin}, {@code existing}, {@code item}, {@code relaxed}, {@code tightened}, {@code hook}, {@code hooked},
 *     {@code end}
 * @param subject what it is about: a snapshot, an object, a hook
 * @param detail a result and a uid, as the step has them
 */
public record JournalRecord(String step, String subject, String detail) {

    /** For keeping. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("step", step)
                .put("subject", subject)
                .put("detail", detail)
                .build();
    }

    /** What {@link #toJson()} made. */
    public static JournalRecord from(JsonObject json) {
        return new JournalRecord(json.text("step", ""), json.text("subject", ""), json.text("detail", ""));
    }
}
