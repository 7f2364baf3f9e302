package io.gitops4j.diff;

import io.gitops4j.codec.GoJson;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Hides the values of Secrets so that two of them can still be told equal or different, and nothing else: neither content nor
 * length. Of one key the target's value is {@code ++++++++}; every further distinct value, of live and of the last-applied
 * annotations, has four more plus signs.
 */
public final class SecretMask {
    private static final String FIRST = "++++++++";
    private static final String MORE = "++++";

    private SecretMask() {}

    /**
     * Two masked sides.
     *
     * @param target the target, {@code null} when there is none
     * @param live the live object, {@code null} when there is none
     */
    public record Pair(
            @Nullable JsonObject target, @Nullable JsonObject live) {}

    /** Whether values of the object are secret. */
    public static boolean isSecret(JsonObject object) {
        return object.text("kind", "").equals("Secret")
                && object.text("apiVersion", "v1").equals("v1");
    }

    /**
     * Masks both sides; a side that is no Secret stays as it is.
     *
     * @param annotations names of annotations whose values are secret, too
     */
    public static Pair mask(@Nullable JsonObject target, @Nullable JsonObject live, Set<String> annotations) {
        JsonObject wanted = target == null ? null : Normalizer.secretData(target);
        JsonObject present = live == null ? null : Normalizer.secretData(live);
        JsonObject wantedBefore = lastApplied(wanted);
        JsonObject presentBefore = lastApplied(present);
        JsonObject[] sides = {wanted, present, wantedBefore, presentBefore};
        maskMap(sides, "data", null);
        for (String annotation : new TreeSet<>(annotations)) {
            maskMap(sides, "metadata", annotation);
        }
        return new Pair(shown(rewritten(sides[0], sides[2])), shown(rewritten(sides[1], sides[3])));
    }

    /** Empty data is shown as none. */
    private static @Nullable JsonObject shown(@Nullable JsonObject object) {
        return object != null && object.get("data") instanceof JsonObject data && data.isEmpty()
                ? object.with("data", Json.nul())
                : object;
    }

    /** Masks one object, for logs and problems. */
    public static JsonObject mask(JsonObject object) {
        JsonObject masked = mask(object, null, Set.of()).target();
        return masked == null ? object : masked;
    }

    private static @Nullable JsonObject lastApplied(@Nullable JsonObject object) {
        String text = text(object);
        Json read = text == null ? null : JsonReader.parse(text).orNull();
        if (!(read instanceof JsonObject before)) {
            return null;
        }
        Json data = before.get("data");
        return data == null || data.isNull() || data instanceof JsonObject ? Normalizer.secretData(before) : null;
    }

    private static @Nullable String text(@Nullable JsonObject object) {
        return object == null
                ? null
                : object.object("metadata").object("annotations").text(ClientSideApply.LAST_APPLIED);
    }

    /** The annotation as masked; what cannot be read is masked as a whole. */
    private static @Nullable JsonObject rewritten(@Nullable JsonObject object, @Nullable JsonObject before) {
        if (object == null || text(object) == null) {
            return object;
        }
        String masked = before == null ? FIRST : GoJson.write(before);
        JsonObject metadata = object.object("metadata");
        return object.with(
                "metadata",
                metadata.with(
                        "annotations", metadata.object("annotations").with(ClientSideApply.LAST_APPLIED, masked)));
    }

    private static void maskMap(@Nullable JsonObject[] sides, String field, @Nullable String annotation) {
        Set<String> keys = new TreeSet<>();
        for (JsonObject side : sides) {
            if (side != null) {
                keys.addAll(annotation == null ? side.object(field).keys() : Set.of(annotation));
            }
        }
        for (String key : keys) {
            Map<Json, String> masks = new LinkedHashMap<>();
            for (int i = 0; i < sides.length; i++) {
                JsonObject side = sides[i];
                if (side != null) {
                    sides[i] = maskKey(side, field, annotation, key, masks);
                }
            }
        }
    }

    private static JsonObject maskKey(
            JsonObject side, String field, @Nullable String annotation, String key, Map<Json, String> masks) {
        JsonObject map =
                annotation == null ? side.object(field) : side.object(field).object("annotations");
        Json value = map.get(key);
        if (value == null) {
            return side;
        }
        Json plain = value.isNull() ? Json.of("") : value;
        String mask = masks.get(plain);
        if (mask == null) {
            mask = FIRST + MORE.repeat(masks.size());
            masks.put(plain, mask);
        }
        JsonObject masked = map.with(key, mask);
        return annotation == null
                ? side.with(field, masked)
                : side.with(field, side.object(field).with("annotations", masked));
    }
}
