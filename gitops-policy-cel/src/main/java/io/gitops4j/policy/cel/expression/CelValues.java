package io.gitops4j.policy.cel.expression;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Between our values and CEL's. Objects and lists become views; whole numbers that fit are {@code int}, others {@code double}. */
public final class CelValues {
    private CelValues() {}

    /** The CEL value of a JSON value. */
    public static Object of(Json value) {
        return switch (value.kind()) {
            case OBJECT -> new JsonMapView((JsonObject) value);
            case ARRAY -> new JsonListView((JsonArray) value);
            case STRING -> ((JsonString) value).value();
            case NUMBER -> number((JsonNumber) value);
            case BOOL -> value.equals(JsonBool.TRUE);
            case NULL -> NullValue.NULL_VALUE;
        };
    }

    private static Object number(JsonNumber number) {
        return number.isLong() ? (Object) number.longValue() : (Object) number.doubleValue();
    }

    /**
     * The JSON value of a CEL value: durations and timestamps as text, bytes in base64, an optional's value or null.
     *
     * @throws IllegalArgumentException if the value has no JSON form, as types and library objects
     */
    public static Json toJson(Object value) {
        if (value instanceof JsonMapView view) {
            return view.json();
        } else if (value instanceof JsonListView view) {
            return view.json();
        } else if (value instanceof String text) {
            return Json.of(text);
        } else if (value instanceof Long number) {
            return JsonNumber.of(number);
        } else if (value instanceof Boolean bool) {
            return Json.of(bool);
        } else if (value instanceof UnsignedLong number) {
            return JsonNumber.parse(number.toString());
        } else if (value instanceof Double number) {
            return JsonNumber.parse(new BigDecimal(number).stripTrailingZeros().toPlainString());
        } else if (value instanceof NullValue) {
            return Json.nul();
        } else if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? toJson(optional.get()) : Json.nul();
        } else if (value instanceof CelByteString bytes) {
            return Json.of(Base64.getEncoder().encodeToString(bytes.toByteArray()));
        } else if (value instanceof Instant || value instanceof Duration) {
            return Json.of(value instanceof Duration duration ? duration.toSeconds() + "s" : value.toString());
        } else if (value instanceof List<?> list) {
            JsonArray.Builder array = JsonArray.builder();
            list.forEach(item -> array.add(toJson(item)));
            return array.build();
        } else if (value instanceof Map<?, ?> map) {
            JsonObject.Builder object = JsonObject.builder();
            map.forEach((key, item) -> {
                if (!(item instanceof Optional<?> optional) || optional.isPresent()) {
                    object.put(String.valueOf(key), toJson(item));
                }
            });
            return object.build();
        }
        throw new IllegalArgumentException("no JSON form: " + value);
    }
}
