package io.gitops4j.health.internal;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What an expression is evaluated against: the object and the values of the names bound so far, by slot. */
public final class Frame {
    final JsonObject self;
    private final @Nullable Json[] slots;

    /** A frame for {@code self} with room for {@code size} names. */
    public Frame(JsonObject self, int size) {
        this.self = self;
        this.slots = new Json[size];
    }

    /** Binds the name in {@code slot}. */
    public void set(int slot, @Nullable Json value) {
        slots[slot] = value;
    }

    @Nullable
    Json get(int slot) {
        return slots[slot];
    }
}
