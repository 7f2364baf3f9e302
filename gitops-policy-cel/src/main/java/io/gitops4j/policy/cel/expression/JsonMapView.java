package io.gitops4j.policy.cel.expression;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link JsonObject} as CEL sees a map, without a copy. It is a CEL value of its own, so that the runtime takes it as it is
 * and does not walk its entries to convert them.
 */
@SuppressWarnings("Immutable") // JSON objects are, without saying so in Error Prone's words
final class JsonMapView extends CelValue implements Map<Object, Object>, SelectableValue<Object> {
    private static final CelType TYPE = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private final JsonObject object;

    JsonMapView(JsonObject object) {
        this.object = object;
    }

    JsonObject json() {
        return object;
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return object.isEmpty();
    }

    @Override
    public CelType celType() {
        return TYPE;
    }

    @Override
    public Object select(Object field) {
        Object value = get(field);
        if (value == null) {
            throw CelAttributeNotFoundException.forMissingMapKey(String.valueOf(field));
        }
        return value;
    }

    @Override
    public Optional<? extends Object> find(Object field) {
        return Optional.ofNullable(get(field));
    }

    @Override
    public int size() {
        return object.size();
    }

    @Override
    public boolean isEmpty() {
        return object.isEmpty();
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String text && object.has(text);
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return values().contains(value);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        if (!(key instanceof String text)) {
            return null;
        }
        Json value = object.get(text);
        return value == null ? null : CelValues.of(value);
    }

    @Override
    public @Nullable Object put(Object key, Object value) {
        throw immutable();
    }

    @Override
    public @Nullable Object remove(@Nullable Object key) {
        throw immutable();
    }

    @Override
    public void putAll(Map<? extends Object, ? extends Object> map) {
        throw immutable();
    }

    @Override
    public void clear() {
        throw immutable();
    }

    private static IllegalStateException immutable() {
        return new IllegalStateException("a view of a JSON object does not change");
    }

    @Override
    public Set<Object> keySet() {
        return asMap().keySet();
    }

    @Override
    public Collection<Object> values() {
        return asMap().values();
    }

    @Override
    public Set<Entry<Object, Object>> entrySet() {
        return new Entries(object);
    }

    private Map<Object, Object> asMap() {
        return new AbstractMap<>() {
            @Override
            public Set<Entry<Object, Object>> entrySet() {
                return new Entries(object);
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonMapView view ? object.equals(view.object) : asMap().equals(other);
    }

    @Override
    public int hashCode() {
        return asMap().hashCode();
    }

    @Override
    public String toString() {
        return object.toJson();
    }

    /** The entries in the object's order. */
    private static final class Entries extends AbstractSet<Entry<Object, Object>> {
        private final JsonObject object;

        Entries(JsonObject object) {
            this.object = object;
        }

        @Override
        public int size() {
            return object.size();
        }

        @Override
        public Iterator<Entry<Object, Object>> iterator() {
            return new Iterator<>() {
                private int position;

                @Override
                public boolean hasNext() {
                    return position < object.size();
                }

                @Override
                public Entry<Object, Object> next() {
                    if (!hasNext()) {
                        throw new java.util.NoSuchElementException();
                    }
                    int at = position++;
                    return Map.entry(object.keyAt(at), CelValues.of(object.valueAt(at)));
                }
            };
        }
    }
}
