package io.gitops4j.policy.cel.library;

import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kubernetes' named formats: {@code format.dns1123Label().validate(…)}, {@code format.named(…)}. */
final class Formats {
    private Formats() {}

    @SuppressWarnings("Immutable") // the table of formats is not changed once made
    static void register(FunctionTable table) {
        OpaqueType format = table.opaque("kubernetes.NamedFormat", NameFormat.class);
        Map<String, NameFormat> formats = NameFormat.all();
        formats.forEach(
                (name, value) -> table.global("format." + name, "kubernetes_format_" + name, format, unused -> value));
        table.global(
                "format.named",
                "kubernetes_format_named",
                OptionalType.create(format),
                a -> Optional.ofNullable(formats.get((String) a[0])),
                SimpleType.STRING);
        table.member(
                "validate",
                "format_validate",
                OptionalType.create(ListType.create(SimpleType.STRING)),
                a -> validate((NameFormat) a[0], (String) a[1]),
                format,
                SimpleType.STRING);
    }

    private static Optional<List<String>> validate(NameFormat format, String text) {
        List<String> errors = format.check().apply(text);
        return errors.isEmpty() ? Optional.empty() : Optional.of(errors);
    }
}
