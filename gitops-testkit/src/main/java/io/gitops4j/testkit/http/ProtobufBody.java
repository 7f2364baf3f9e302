package io.gitops4j.testkit.http;

import com.google.common.base.Splitter;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the protobuf bodies that typed clients such as {@code kubectl create configmap} send: an envelope with apiVersion and
 * kind around the object. The numbers of the fields are a table.
 */
final class ProtobufBody {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final String META = "k8s.io.apimachinery.pkg.apis.meta.v1.";
    /** Fields whose content stands, in JSON, beside them. */
    private static final Set<String> INLINED = Set.of(
            "volumeSource", "handler", "localObjectReference", "persistentVolumeSource", "ephemeralContainerCommon");

    /** One field of a message; {@code shape} is {@code ' '}, {@code L} or {@code M}. */
    private record Field(String name, char shape, String type) {}

    private static final class Table {
        static final Map<String, Map<Integer, Field>> MESSAGES = read();
    }

    /** The body is no protobuf of a known kind. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    private ProtobufBody() {}

    /**
     * The object of a body.
     *
     * @throws Unreadable when it is malformed or of a kind that is not in the table
     */
    static JsonObject read(byte[] body) {
        try {
            ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
            for (byte expected : MAGIC) {
                if (!in.hasRemaining() || in.get() != expected) {
                    throw new Unreadable("no k8s protobuf envelope");
                }
            }
            String apiVersion = "";
            String kind = "";
            ByteBuffer raw = ByteBuffer.allocate(0);
            while (in.hasRemaining()) {
                long tag = varint(in);
                ByteBuffer part = bytes(in);
                if (tag >>> 3 == 1) {
                    while (part.hasRemaining()) {
                        long inner = varint(part);
                        String text = text(bytes(part));
                        apiVersion = inner >>> 3 == 1 ? text : apiVersion;
                        kind = inner >>> 3 == 2 ? text : kind;
                    }
                } else if (tag >>> 3 == 2) {
                    raw = part;
                }
            }
            JsonObject.Builder out =
                    JsonObject.builder().put("apiVersion", apiVersion).put("kind", kind);
            message(messageOf(apiVersion, kind), raw).forEach(out::put);
            return out.build();
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException cut) {
            throw new Unreadable("the protobuf body is cut short");
        }
    }

    private static String messageOf(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "core" : apiVersion.substring(0, slash);
        int dot = group.indexOf('.');
        String name = "k8s.io.api." + (dot < 0 ? group : group.substring(0, dot)) + "."
                + apiVersion.substring(slash + 1) + "." + kind;
        String found = kind.equals("DeleteOptions") ? META + kind : name;
        if (!Table.MESSAGES.containsKey(found)) {
            throw new Unreadable("no protobuf of " + apiVersion + " " + kind + " is known");
        }
        return found;
    }

    private static JsonObject message(String type, ByteBuffer in) {
        Map<Integer, Field> fields = Table.MESSAGES.getOrDefault(type, Map.of());
        Map<String, Json> out = new LinkedHashMap<>();
        Map<String, List<Json>> lists = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            Field field = fields.get((int) (tag >>> 3));
            int wire = (int) (tag & 7);
            if (field == null) {
                skip(in, wire);
                continue;
            }
            Json value = field.shape() == 'M' ? entry(field, bytes(in), out) : value(field.type(), wire, in);
            if (field.shape() == 'L') {
                lists.computeIfAbsent(field.name(), name -> new ArrayList<>()).add(value);
            } else if (INLINED.contains(field.name()) && value instanceof JsonObject object) {
                out.putAll(object.asMap());
            } else {
                out.put(field.name(), value);
            }
        }
        lists.forEach((name, items) -> out.put(name, JsonArray.of(items)));
        return Json.object(out);
    }

    private static Json entry(Field field, ByteBuffer in, Map<String, Json> out) {
        String key = "";
        Json value = Json.of("");
        while (in.hasRemaining()) {
            long tag = varint(in);
            if (tag >>> 3 == 1) {
                key = text(bytes(in));
            } else {
                value = value(field.type(), (int) (tag & 7), in);
            }
        }
        JsonObject before = out.get(field.name()) instanceof JsonObject object ? object : JsonObject.empty();
        return before.with(key, value);
    }

    private static Json value(String type, int wire, ByteBuffer in) {
        switch (wire) {
            case 0 -> {
                long number = varint(in);
                return type.equals("b") ? Json.of(number != 0) : Json.of(number);
            }
            case 1 -> {
                return Json.of(BigDecimal.valueOf(in.getDouble()));
            }
            case 5 -> {
                return Json.of(BigDecimal.valueOf(in.getFloat()));
            }
            case 2 -> {
                ByteBuffer part = bytes(in);
                return switch (type.charAt(0)) {
                    case 's' -> Json.of(text(part));
                    case 'y' -> Json.of(Base64.getEncoder().encodeToString(array(part)));
                    default -> object(type.substring(1), part);
                };
            }
            default -> throw new Unreadable("wire type " + wire);
        }
    }

    /** Messages that are something simpler in JSON. */
    private static Json object(String type, ByteBuffer part) {
        JsonObject message = message(type, part);
        String simple = type.substring(type.lastIndexOf('.') + 1);
        return switch (simple) {
            case "Quantity" -> Json.of(message.text("string", "0"));
            case "IntOrString" -> {
                boolean text = Json.of(1).equals(message.get("type"));
                Json number = message.get("intVal");
                yield text ? Json.of(message.text("strVal", "")) : number == null ? Json.of(0) : number;
            }
            case "Time", "MicroTime" ->
                message.get("seconds") instanceof io.gitops4j.json.JsonNumber seconds
                        ? Json.of(Instant.ofEpochSecond(seconds.longValue()).toString())
                        : Json.nul();
            case "RawExtension", "FieldsV1" -> raw(message);
            case "ExtraValue", "Verbs" -> message.array("items");
            default -> message;
        };
    }

    private static Json raw(JsonObject message) {
        String encoded = message.text("raw", message.text("Raw", ""));
        Json parsed = JsonReader.parse(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
                .orNull();
        return parsed == null ? JsonObject.empty() : parsed;
    }

    private static void skip(ByteBuffer in, int wire) {
        switch (wire) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 2 -> bytes(in);
            case 5 -> in.getInt();
            default -> throw new Unreadable("wire type " + wire);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new Unreadable("a number is too long");
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return part;
    }

    private static byte[] array(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer in) {
        return new String(array(in), StandardCharsets.UTF_8);
    }

    private static Map<String, Map<Integer, Field>> read() {
        Map<String, Map<Integer, Field>> messages = new HashMap<>();
        try (InputStream in = ProtobufBody.class.getResourceAsStream("protobuf-fields.txt")) {
            if (in == null) {
                throw new IllegalStateException("protobuf-fields.txt is missing from the jar");
            }
            Map<Integer, Field> fields = new HashMap<>();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : Splitter.on('\n').omitEmptyStrings().split(text)) {
                if (line.startsWith("=")) {
                    fields = new HashMap<>();
                    messages.put(line.substring(1), fields);
                } else if (!line.startsWith("#")) {
                    List<String> cells = Splitter.on(' ').splitToList(line);
                    String type = cells.get(2);
                    @Nullable Character shape = type.charAt(0) == 'L' || type.charAt(0) == 'M' ? type.charAt(0) : null;
                    fields.put(
                            Integer.valueOf(cells.get(0)),
                            new Field(
                                    cells.get(1),
                                    shape == null ? ' ' : shape,
                                    shape == null ? type : type.substring(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages;
    }
}
