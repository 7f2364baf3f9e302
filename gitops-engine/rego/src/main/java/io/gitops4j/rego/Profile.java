package io.gitops4j.rego;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.eval.EvalListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of evaluations goes, expression by expression, in the form of {@code opa eval --profile}. The clock is the caller's.
 * The modules must be compiled with {@link RegoOptions#watched}.
 */
public final class Profile implements EvalListener {
    private final LongSupplier nanos;
    private final Map<Place, Entry> entries = new LinkedHashMap<>();
    private @Nullable Entry running;
    private long since;

    private record Place(String file, int row, int column) {}

    private static final class Entry {
        final Place place;
        long time;
        long evaluations;
        long redos;

        Entry(Place place) {
            this.place = place;
        }
    }

    /** An empty profile by a clock that counts nanoseconds. */
    public Profile(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public void on(Event event, String text, Location location, int depth) {
        long now = nanos.getAsLong();
        Entry before = running;
        if (before != null) {
            before.time += now - since;
        }
        since = now;
        if (event != Event.EVAL && event != Event.REDO) {
            return;
        }
        Entry entry =
                entries.computeIfAbsent(new Place(location.file(), location.row(), location.column()), Entry::new);
        if (event == Event.EVAL) {
            entry.evaluations++;
        } else {
            entry.redos++;
        }
        running = entry;
    }

    /** The expressions that took longest, at most {@code limit} of them. */
    public JsonArray report(int limit) {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong((Entry entry) -> -entry.time)
                .thenComparing(entry -> entry.place.file())
                .thenComparingInt(entry -> entry.place.row())
                .thenComparingInt(entry -> entry.place.column()));
        JsonArray.Builder out = JsonArray.builder();
        for (Entry entry : sorted.subList(0, Math.min(limit, sorted.size()))) {
            out.add(JsonObject.builder()
                    .put("total_time_ns", Json.of(entry.time))
                    .put("num_eval", Json.of(entry.evaluations))
                    .put("num_redo", Json.of(entry.redos))
                    .put("num_gen_expr", Json.of(1))
                    .put(
                            "location",
                            JsonObject.builder()
                                    .put("file", entry.place.file())
                                    .put("row", entry.place.row())
                                    .put("col", entry.place.column())
                                    .build())
                    .build());
        }
        return out.build();
    }
}
