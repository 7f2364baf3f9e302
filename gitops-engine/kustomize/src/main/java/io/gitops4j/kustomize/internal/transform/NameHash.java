package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.kustomize.internal.load.FileLog;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Appends a hash of the content to the names of the resources that are marked for it. */
public final class NameHash implements Transformer {

    @Override
    public void transform(ResMap map) {
        for (Resource resource : map.resources()) {
            if (resource.needsHash()) {
                resource.pushId();
                resource.setName(resource.name() + "-" + hash(resource.root()));
                map.touched(resource);
            }
        }
    }

    /** The ten characters for an object. The name is always left out of the text that is hashed. */
    static String hash(Node object) {
        StringBuilder text = new StringBuilder("{");
        switch (object.textOf("kind")) {
            case "ConfigMap" -> {
                map(text, "binaryData", object.value("binaryData"));
                field(text, "data", object.value("data"));
                text.append(",\"kind\":\"ConfigMap\",\"name\":\"\"");
            }
            case "Secret" -> {
                field(text, "data", object.value("data"));
                text.append(",\"kind\":\"Secret\",\"name\":\"\"");
                Node strings = object.value("stringData");
                if (strings != null && strings.isMap()) {
                    text.append(',');
                    field(text, "stringData", strings);
                }
                text.append(",\"type\":");
                Node type = object.value("type");
                write(type == null ? Json.of("") : NodeJson.toJson(type), text);
            }
            default -> {
                text.setLength(0);
                write(NodeJson.toJson(object), text);
                return encode(text.toString());
            }
        }
        return encode(text.append('}').toString());
    }

    private static void map(StringBuilder text, String name, @Nullable Node value) {
        if (value != null && value.isMap()) {
            field(text, name, value);
            text.append(',');
        }
    }

    private static void field(StringBuilder text, String name, @Nullable Node value) {
        text.append('"').append(name).append("\":");
        write(value == null ? Json.of("") : NodeJson.raw(value), text);
    }

    private static String encode(String text) {
        String hex = FileLog.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, 10);
        StringBuilder out = new StringBuilder(10);
        for (int i = 0; i < hex.length(); i++) {
            out.append(
                    switch (hex.charAt(i)) {
                        case '0' -> 'g';
                        case '1' -> 'h';
                        case '3' -> 'k';
                        case 'a' -> 'm';
                        case 'e' -> 't';
                        default -> hex.charAt(i);
                    });
        }
        return out.toString();
    }

    /** JSON as Go's encoder writes it: sorted keys, and HTML characters escaped. */
    static void write(Json value, StringBuilder out) {
        if (value instanceof JsonObject object) {
            JsonObject sorted = object.sorted();
            out.append('{');
            for (int i = 0; i < sorted.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                quote(sorted.keyAt(i), out);
                out.append(':');
                write(sorted.valueAt(i), out);
            }
            out.append('}');
        } else if (value instanceof JsonArray array) {
            out.append('[');
            for (int i = 0; i < array.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                write(array.get(i), out);
            }
            out.append(']');
        } else if (value instanceof JsonString string) {
            quote(string.value(), out);
        } else if (value instanceof JsonNumber number) {
            out.append(number.lexeme());
        } else {
            value.write(out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '<', '>', '&', 0x2028, 0x2029 -> escape(c, out);
                default -> {
                    if (c < 0x20) {
                        escape(c, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit((c >> shift) & 15, 16));
        }
    }
}
