package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A constraint template: a kind of constraint, the schema of its parameters, and its code in one or two languages.
 *
 * <p>Source: rego §2.1.
 */
final class ConstraintTemplate {
    static final String GROUP = "templates.gatekeeper.sh";
    static final String REGO = "Rego";
    static final String CEL = "K8sNativeValidation";

    private final String name;
    private final String kind;
    private final StructuralSchema schema;
    private final JsonObject rego;
    private final @Nullable JsonObject cel;

    private ConstraintTemplate(
            String name, String kind, StructuralSchema schema, JsonObject rego, @Nullable JsonObject cel) {
        this.name = name;
        this.kind = kind;
        this.schema = schema;
        this.rego = rego;
        this.cel = cel;
    }

    static boolean isTemplate(JsonObject object) {
        return object.text("kind", "").equals("ConstraintTemplate")
                && Gvk.of(object.text("apiVersion", ""), "").group().equals(GROUP);
    }

    /** Problems: {@code TEMPLATE_INVALID}. */
    static Outcome<ConstraintTemplate> parse(JsonObject template) {
        String name = template.object("metadata").text("name", "");
        JsonObject crd = template.object("spec").object("crd").object("spec");
        String kind = crd.object("names").text("kind", "");
        if (name.isEmpty()) {
            return invalid(name, "has no metadata.name", "metadata");
        }
        if (kind.isEmpty()) {
            return invalid(name, "has no CRD kind", "spec.crd.spec.names.kind");
        }
        if (!name.equals(kind.toLowerCase(Locale.ROOT))) {
            return invalid(
                    name,
                    "template's name " + name + " is not equal to the lowercase of CRD's Kind: "
                            + kind.toLowerCase(Locale.ROOT),
                    "metadata.name");
        }
        JsonArray targets = template.object("spec").array("targets");
        if (targets.size() != 1 || !(targets.get(0) instanceof JsonObject target)) {
            return invalid(name, "expected exactly 1 item in targets, got " + targets.size(), "spec.targets");
        }
        if (!target.text("target", "").equals("admission.k8s.gatekeeper.sh")) {
            return invalid(name, "target " + target.text("target", "") + " is not known", "spec.targets[0].target");
        }
        JsonObject validation = crd.object("validation");
        boolean v1 = template.text("apiVersion", "").equals(GROUP + "/v1");
        boolean legacy = validation.bool("legacySchema", !v1);
        StructuralSchema schema = new StructuralSchema(validation.object("openAPIV3Schema"), legacy);
        String why = schema.notStructural();
        if (why != null) {
            return invalid(name, why, "spec.crd.spec.validation.openAPIV3Schema");
        }
        return Outcome.of(new ConstraintTemplate(name, kind, schema, source(target, REGO), sourceOrNull(target, CEL)));
    }

    private static JsonObject source(JsonObject target, String engine) {
        String text = target.text("rego", "");
        if (!text.isEmpty()) {
            return JsonObject.of("rego", Json.of(text), "libs", target.array("libs"));
        }
        JsonObject source = sourceOrNull(target, engine);
        return source == null ? JsonObject.empty() : source;
    }

    private static @Nullable JsonObject sourceOrNull(JsonObject target, String engine) {
        for (Json item : target.array("code")) {
            if (item instanceof JsonObject code && engine.equals(code.text("engine"))) {
                return code.object("source");
            }
        }
        return null;
    }

    static <T> Outcome<T> invalid(String name, String why) {
        return invalid(name, why, "");
    }

    private static <T> Outcome<T> invalid(String name, String why, String field) {
        return Outcome.failed(
                Problem.error("TEMPLATE_INVALID", "adding template: invalid ConstraintTemplate: " + name + ": " + why)
                        .at(Where.file(field)));
    }

    /** The name that problems of its Rego give the code: {@code name.rego}; libraries are {@code name.lib0.rego} and so on. */
    static String moduleName(String template, int library) {
        return template + (library < 0 ? "" : ".lib" + library) + ".rego";
    }

    /**
     * The path within a template of the code that problems call {@code module}: a {@link #moduleName}, or the path of an expression
     * below {@code source}; {@code null} where it is none of its code.
     */
    static @Nullable String codePath(JsonObject template, String module) {
        if (!isTemplate(template)) {
            return null;
        }
        if (module.startsWith("source.")) {
            return holder(template, CEL) + module.substring("source".length());
        }
        String name = template.object("metadata").text("name", "");
        if (module.equals(moduleName(name, -1))) {
            return holder(template, REGO) + ".rego";
        }
        String library = name + ".lib";
        return module.startsWith(library) && module.endsWith(".rego")
                ? holder(template, REGO) + ".libs["
                        + module.substring(library.length(), module.length() - ".rego".length()) + "]"
                : null;
    }

    private static String holder(JsonObject template, String engine) {
        JsonArray targets = template.object("spec").array("targets");
        JsonObject target =
                targets.size() > 0 && targets.get(0) instanceof JsonObject first ? first : JsonObject.empty();
        if (engine.equals(REGO) && !target.text("rego", "").isEmpty()) {
            return "spec.targets[0]";
        }
        JsonArray code = target.array("code");
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i) instanceof JsonObject item && engine.equals(item.text("engine"))) {
                return "spec.targets[0].code[" + i + "].source";
            }
        }
        return "spec.targets[0]";
    }

    String name() {
        return name;
    }

    /** The kind of its constraints. */
    String kind() {
        return kind;
    }

    StructuralSchema schema() {
        return schema;
    }

    /** The languages that it has code in. */
    List<String> engines() {
        List<String> engines = new ArrayList<>();
        if (!rego.isEmpty()) {
            engines.add(REGO);
        }
        if (cel != null) {
            engines.add(CEL);
        }
        return engines;
    }

    /** {@code rego}, {@code libs} and {@code version}, empty when there is no Rego. */
    JsonObject rego() {
        return rego;
    }

    /** {@code validations}, {@code variables} and the rest, {@code null} when there is no CEL. */
    @Nullable
    JsonObject cel() {
        return cel;
    }
}
