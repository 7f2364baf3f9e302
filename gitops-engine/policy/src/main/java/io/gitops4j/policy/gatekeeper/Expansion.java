package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An expansion template: what a controller will make of an object, so that it can be reviewed now. Source: rego §2.6. */
final class Expansion {
    private static final String GROUP = "expansion.gatekeeper.sh";
    private static final int DEEPEST = 30;

    private final JsonObject body;

    private Expansion(JsonObject body) {
        this.body = body;
    }

    /**
     * An object that comes of an expansion.
     *
     * @param object what was made; the object itself where nothing could be made
     * @param template name of the expansion template
     * @param enforcementAction that it wants, {@code null} for the constraint's
     * @param failure why nothing could be made, {@code null} when something was
     */
    record Expanded(
            JsonObject object,
            String template,
            @Nullable String enforcementAction,
            @Nullable String failure) {}

    static boolean isTemplate(JsonObject object) {
        return object.text("kind", "").equals("ExpansionTemplate")
                && Gvk.of(object.text("apiVersion", ""), "").group().equals(GROUP);
    }

    /** Problem: {@code EXPANSION_INVALID}. */
    static Outcome<Expansion> parse(JsonObject template) {
        String name = template.object("metadata").text("name", "");
        JsonObject spec = template.object("spec");
        String why = name.isEmpty()
                ? "has no metadata.name"
                : name.length() > 63
                        ? "has a name of more than 63 characters"
                        : spec.array("applyTo").isEmpty()
                                ? "has an empty applyTo"
                                : spec.text("templateSource", "").isEmpty()
                                        ? "has no templateSource"
                                        : spec.object("generatedGVK")
                                                        .text("kind", "")
                                                        .isEmpty()
                                                ? "has no generatedGVK"
                                                : "";
        return why.isEmpty()
                ? Outcome.of(new Expansion(template))
                : Outcome.failed(Problem.error("EXPANSION_INVALID", "expansion template " + name + " " + why));
    }

    /** Everything that the templates make of {@code object}, mutated, and of what they make of that. */
    static List<Expanded> expand(JsonObject object, List<Expansion> templates, UnaryOperator<JsonObject> mutation) {
        List<Expanded> all = new ArrayList<>();
        expand(object, templates, mutation, 0, all);
        return all;
    }

    private static void expand(
            JsonObject object,
            List<Expansion> templates,
            UnaryOperator<JsonObject> mutation,
            int depth,
            List<Expanded> all) {
        if (depth >= DEEPEST) {
            return;
        }
        for (Expansion template : templates) {
            if (!template.appliesTo(object)) {
                continue;
            }
            JsonObject raw = template.make(object);
            String name = template.body.object("metadata").text("name", "");
            if (raw == null) {
                String parent = object.object("metadata").text("name", "");
                String why = "error expanding resource " + parent + ": could not find source field \""
                        + template.spec().text("templateSource", "") + "\" in resource " + parent;
                all.add(new Expanded(object, name, null, why));
            } else {
                JsonObject made = mutation.apply(raw);
                String action = template.spec().text("enforcementAction");
                all.add(new Expanded(made, name, action == null || action.isEmpty() ? null : action, null));
                expand(made, templates, mutation, depth + 1, all);
            }
        }
    }

    private JsonObject spec() {
        return body.object("spec");
    }

    private boolean appliesTo(JsonObject object) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        for (Json item : spec().array("applyTo")) {
            if (item instanceof JsonObject entry
                    && has(entry.array("groups"), gvk.group())
                    && has(entry.array("versions"), gvk.version())
                    && has(entry.array("kinds"), gvk.kind())) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(JsonArray wanted, String value) {
        for (Json item : wanted) {
            if (value.equals(item.textOrNull())) {
                return true;
            }
        }
        return false;
    }

    private @Nullable JsonObject make(JsonObject parent) {
        Json part = parent.find(spec().text("templateSource", "").split("\\.", -1));
        if (!(part instanceof JsonObject source)) {
            return null;
        }
        JsonObject generated = spec().object("generatedGVK");
        Gvk gvk = new Gvk(generated.text("group", ""), generated.text("version", ""), generated.text("kind", ""));
        JsonObject parentMetadata = parent.object("metadata");
        JsonObject metadata = source.object("metadata");
        String name = parentMetadata.text("name", "") + "-" + gvk.kind().toLowerCase(Locale.ROOT);
        String namespace = parentMetadata.text("namespace", "");
        metadata = metadata.with("name", name);
        metadata = namespace.isEmpty() ? metadata : metadata.with("namespace", namespace);
        metadata = metadata.with(
                "ownerReferences",
                JsonArray.of(JsonObject.builder()
                        .put("apiVersion", parent.text("apiVersion", ""))
                        .put("kind", parent.text("kind", ""))
                        .put("name", parentMetadata.text("name", ""))
                        .put("uid", parentMetadata.text("uid", ""))
                        .build()));
        JsonObject.Builder out = JsonObject.builder()
                .put("apiVersion", gvk.apiVersion())
                .put("kind", gvk.kind())
                .put("metadata", metadata);
        source.without("metadata").without("apiVersion").without("kind").forEach(out::put);
        return out.build();
    }
}
