package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types, casts, UUIDs, and what tells of the runtime. */
final class TypeBuiltins {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final long GREGORIAN_TO_UNIX_100NS = 122_192_928_000_000_000L;

    private TypeBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "type_name" -> family.add(1, (c, a) -> Operands.text(a[0].typeName()));
            case "is_array" -> is(family, ArrayValue.class);
            case "is_boolean" -> is(family, BoolValue.class);
            case "is_null" -> is(family, NullValue.class);
            case "is_number" -> is(family, NumberValue.class);
            case "is_object" -> is(family, ObjectValue.class);
            case "is_set" -> is(family, SetValue.class);
            case "is_string" -> is(family, StringValue.class);
            case "cast_boolean" -> cast(family, BoolValue.class, "boolean");
            case "cast_null" -> cast(family, NullValue.class, "null");
            case "cast_object" -> cast(family, ObjectValue.class, "object");
            case "cast_string" -> cast(family, StringValue.class, "string");
            case "cast_array" ->
                family.add(1, (c, a) -> a[0] instanceof ArrayValue ? a[0] : ArrayValue.of(castable(a)));
            case "cast_set" -> family.add(1, (c, a) -> a[0] instanceof SetValue ? a[0] : SetValue.of(castable(a)));
            case "opa.runtime" -> family.add(0, (c, a) -> c.runtime());
            case "trace" -> family.add(1, (c, a) -> BoolValue.TRUE);
            case "internal.test_case" -> family.add(1, (c, a) -> BoolValue.TRUE);
            case "uuid.rfc4122" -> family.add(1, (c, a) -> c.once("uuid.rfc4122", a[0], () -> random(c)));
            case "uuid.parse" -> family.add(1, (c, a) -> parse(a));
            default -> {}
        }
    }

    private static void is(Builtins.Family family, Class<? extends Value> type) {
        family.add(1, (c, a) -> BoolValue.of(type.isInstance(a[0])));
    }

    private static void cast(Builtins.Family family, Class<? extends Value> type, String wanted) {
        family.add(1, (c, a) -> {
            if (!type.isInstance(a[0])) {
                throw Operands.wrongType(1, a[0], wanted);
            }
            return a[0];
        });
    }

    private static Value[] castable(Value[] args) {
        if (!(args[0] instanceof ArrayValue) && !(args[0] instanceof SetValue)) {
            throw Operands.wrongType(1, args[0], "array", "set");
        }
        return Operands.members(args, 1);
    }

    private static Value random(BuiltinContext context) {
        long high = (context.nextRandom() & ~0xF000L) | 0x4000L;
        long low = (context.nextRandom() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return Operands.text(new UUID(high, low).toString());
    }

    private static @Nullable Value parse(Value[] args) {
        String text = Operands.string(args, 1).toLowerCase(Locale.ROOT);
        if (text.startsWith("urn:uuid:")) {
            text = text.substring(9);
        } else if (text.startsWith("{") && text.endsWith("}")) {
            text = text.substring(1, text.length() - 1);
        } else if (text.matches("[0-9a-f]{32}")) {
            text = text.substring(0, 8) + "-" + text.substring(8, 12) + "-" + text.substring(12, 16) + "-"
                    + text.substring(16, 20) + "-" + text.substring(20);
        }
        if (!UUID_FORM.matcher(text).matches()) {
            return null;
        }
        UUID uuid = UUID.fromString(text);
        io.gitops4j.rego.value.ObjectBuilder out = ObjectValue.builder();
        int version = (int) ((uuid.getMostSignificantBits() >> 12) & 15);
        out.put("version", NumberValue.of(version));
        out.put("variant", Operands.text(variant(uuid.getLeastSignificantBits())));
        if (version == 1 || version == 2) {
            long node = uuid.getLeastSignificantBits() & 0xFFFFFFFFFFFFL;
            StringBuilder nodeId = new StringBuilder();
            for (int shift = 40; shift >= 0; shift -= 8) {
                nodeId.append(nodeId.isEmpty() ? "" : "-")
                        .append(String.format(Locale.ROOT, "%02x", (node >> shift) & 255));
            }
            out.put("nodeid", Operands.text(nodeId.toString()));
            out.put("macvariables", Operands.text(mac((int) (node >> 40))));
            out.put("clocksequence", NumberValue.of((uuid.getLeastSignificantBits() >>> 48) & 0x3FFF));
            long high = uuid.getMostSignificantBits();
            long time = (high >>> 32) | ((high & 0xFFFF0000L) << 16) | ((high & 0xFFFL) << 48);
            out.put("time", NumberValue.of((time - GREGORIAN_TO_UNIX_100NS) * 100));
            if (version == 2) {
                out.put("id", NumberValue.of(high >>> 32));
                long domain = (uuid.getLeastSignificantBits() >>> 48) & 255;
                out.put(
                        "domain",
                        Operands.text(
                                domain == 0
                                        ? "Person"
                                        : domain == 1 ? "Group" : domain == 2 ? "Org" : "Domain" + domain));
            }
        }
        return out.build();
    }

    private static String variant(long low) {
        int top = (int) (low >>> 61);
        return switch (top) {
            case 0, 1, 2, 3 -> "Reserved";
            case 4, 5 -> "RFC4122";
            case 6 -> "Microsoft";
            default -> "Future";
        };
    }

    private static String mac(int first) {
        String scope = (first & 2) == 0 ? "global" : "local";
        return scope + ":" + ((first & 1) == 0 ? "unicast" : "multicast");
    }
}
