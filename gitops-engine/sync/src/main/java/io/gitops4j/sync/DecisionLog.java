package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * What was decided about applications, when and why. Entries are only ever added; each holds the digest of the one before, so
 * that a changed or removed entry shows. Entries hold no contents of objects. For use by one thread.
 */
public final class DecisionLog {
    private final Consumer<Entry> sink;
    private final java.util.ArrayDeque<Entry> entries = new java.util.ArrayDeque<>();
    private final int capacity;
    private long count;
    private String last = "";

    /**
     * One decision.
     *
     * @param number counts up from 1
     * @param time when
     * @param application about which
     * @param decision what, such as {@code SYNC} or {@code REFUSE}
     * @param reason why, in words
     * @param previous digest of the entry before, {@code ""} for the first
     */
    public record Entry(
            long number, Instant time, String application, String decision, String reason, String previous) {

        /** The digest of this entry and so of all before it. */
        public String digest() {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256")
                        .digest(toJson().canonical().getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        /** The entry as JSON. */
        public JsonObject toJson() {
            return JsonObject.builder()
                    .put("number", number)
                    .put("time", time.toString())
                    .put("application", application)
                    .put("decision", decision)
                    .put("reason", reason)
                    .put("previous", previous)
                    .build();
        }
    }

    /** A log that keeps the last {@code capacity} entries and hands each to {@code sink}, which keeps them all. */
    public DecisionLog(int capacity, Consumer<Entry> sink) {
        this.capacity = capacity;
        this.sink = sink;
    }

    /** Adds a decision. */
    public Entry append(Instant time, String application, String decision, String reason) {
        Entry entry = new Entry(++count, time, application, decision, reason, last);
        last = entry.digest();
        entries.addLast(entry);
        if (entries.size() > capacity) {
            entries.removeFirst();
        }
        sink.accept(entry);
        return entry;
    }

    /** The entries that are kept, oldest first. */
    public List<Entry> entries() {
        return List.copyOf(new ArrayList<>(entries));
    }

    /** The first of these entries that does not follow from the one before; 0 when all do. */
    public static long firstBroken(List<Entry> entries) {
        for (int i = 1; i < entries.size(); i++) {
            if (!entries.get(i).previous().equals(entries.get(i - 1).digest())) {
                return entries.get(i).number();
            }
        }
        return 0;
    }
}
