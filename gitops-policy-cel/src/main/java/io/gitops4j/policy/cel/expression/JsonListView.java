package io.gitops4j.policy.cel.expression;

import io.gitops4j.json.JsonArray;
import java.util.AbstractList;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A {@link JsonArray} as CEL sees a list, without a copy; items are made once, when first asked for. */
final class JsonListView extends AbstractList<Object> implements RandomAccess {
    private final JsonArray array;
    private final @Nullable Object[] items;

    JsonListView(JsonArray array) {
        this.array = array;
        this.items = new @Nullable Object[array.size()];
    }

    JsonArray json() {
        return array;
    }

    @Override
    public Object get(int index) {
        Object item = items[index];
        if (item == null) {
            item = CelValues.of(array.get(index));
            items[index] = item;
        }
        return item;
    }

    @Override
    public int size() {
        return items.length;
    }
}
