package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the four kinds of mutators may say, and what each writes at its location. Source: rego §2.6. */
final class MutatorRules {
    private MutatorRules() {}

    /** Why a mutator cannot be used; none when it can. */
    static List<String> refusals(Mutator mutator) {
        List<String> reasons = new ArrayList<>();
        boolean metadata = mutator.location().root().equals("metadata");
        if (mutator.kind().equals("AssignMetadata")) {
            assignMetadata(mutator, reasons);
            return reasons;
        }
        if (metadata) {
            reasons.add(mutator.kind() + " may not change metadata; AssignMetadata adds labels and annotations");
        }
        applyTo(mutator, reasons);
        boolean endsInList = mutator.location().last() instanceof MutationPath.Item;
        switch (mutator.kind()) {
            case "Assign" -> assign(mutator, reasons);
            case "ModifySet" -> modifySet(mutator, endsInList, reasons);
            default -> assignImage(mutator, endsInList, reasons);
        }
        return reasons;
    }

    private static void applyTo(Mutator mutator, List<String> reasons) {
        List<Gvk> targets = mutator.targets();
        if (targets.isEmpty()) {
            reasons.add("applyTo needs groups, versions and kinds");
        }
        for (Gvk gvk : targets) {
            if ((gvk.group() + gvk.version() + gvk.kind()).contains("*")) {
                reasons.add("applyTo takes no globs");
                return;
            }
        }
    }

    private static void assignMetadata(Mutator mutator, List<String> reasons) {
        List<MutationPath.Node> nodes = mutator.location().nodes();
        boolean place = nodes.size() == 3
                && mutator.location().root().equals("metadata")
                && List.of("labels", "annotations").contains(nodes.get(1).toString())
                && nodes.get(2) instanceof MutationPath.Member;
        if (!place) {
            reasons.add("AssignMetadata writes to metadata.labels.x and metadata.annotations.x only, not to "
                    + mutator.location());
        }
        source(mutator, reasons);
        Json value = assigned(mutator).get("value");
        if (value != null && value.textOrNull() == null) {
            reasons.add("parameters.assign.value must be a string");
        }
    }

    private static void assign(Mutator mutator, List<String> reasons) {
        source(mutator, reasons);
        if (mutator.location().last() instanceof MutationPath.Item item) {
            if (item.all()) {
                reasons.add("Assign cannot set all items of a list: the last step must not be a glob");
            } else if (!(assigned(mutator).get("value") instanceof JsonObject object
                    && item.value().equals(object.text(item.key())))) {
                reasons.add("parameters.assign.value must be an object with " + item.key() + ": " + item.value());
            }
        }
    }

    private static void source(Mutator mutator, List<String> reasons) {
        JsonObject assign = assigned(mutator);
        if (assign.has("externalData")) {
            reasons.add("parameters.assign.externalData asks a service, which is refused here");
            return;
        }
        if (assign.has("value") == assign.has("fromMetadata")) {
            reasons.add("parameters.assign needs either value or fromMetadata");
        } else if (assign.has("fromMetadata")
                && !List.of("name", "namespace")
                        .contains(assign.object("fromMetadata").text("field", ""))) {
            reasons.add("parameters.assign.fromMetadata.field must be name or namespace");
        }
    }

    private static void modifySet(Mutator mutator, boolean endsInList, List<String> reasons) {
        String operation = operation(mutator);
        if (endsInList) {
            reasons.add("ModifySet must end in the name of a list");
        }
        if (!operation.equals("merge") && !operation.equals("prune")) {
            reasons.add("parameters.operation \"" + operation + "\" is neither merge nor prune");
        }
        if (!(mutator.parameters().object("values").get("fromList") instanceof JsonArray)) {
            reasons.add("parameters.values.fromList must be a list");
        }
    }

    private static String operation(Mutator mutator) {
        return mutator.parameters().text("operation", "merge");
    }

    private static void assignImage(Mutator mutator, boolean endsInList, List<String> reasons) {
        JsonObject parameters = mutator.parameters();
        String refusal = ImageName.refusal(
                parameters.text("assignDomain", ""),
                parameters.text("assignPath", ""),
                parameters.text("assignTag", ""));
        if (refusal != null) {
            reasons.add(refusal);
        }
        if (endsInList) {
            reasons.add("AssignImage must end in the name of a string");
        }
    }

    private static JsonObject assigned(Mutator mutator) {
        return mutator.parameters().object("assign");
    }

    /** What the last step of a location implies: nothing for a value, else {@code set} or {@code string}. */
    static String leafType(Mutator mutator) {
        return switch (mutator.kind()) {
            case "ModifySet" -> "a set";
            case "AssignImage" -> "a string";
            default -> "";
        };
    }

    /** What stands at the location afterwards, {@code null} for nothing. */
    static @Nullable Json written(Mutator mutator, @Nullable Json current, JsonObject whole) throws Mutator.Clash {
        return switch (mutator.kind()) {
            case "Assign" -> allowsAssign(mutator, current) ? value(mutator, current, whole) : current;
            case "AssignMetadata" -> current == null ? value(mutator, null, whole) : current;
            case "ModifySet" -> modified(mutator, current);
            default -> imaged(mutator, current);
        };
    }

    private static boolean allowsAssign(Mutator mutator, @Nullable Json current) {
        JsonObject condition = mutator.parameters().object("assignIf");
        boolean in = !condition.has("in")
                || (current != null && condition.array("in").items().contains(current));
        boolean notIn = !condition.has("notIn")
                || current == null
                || !condition.array("notIn").items().contains(current);
        return in && notIn;
    }

    private static @Nullable Json value(Mutator mutator, @Nullable Json current, JsonObject whole) {
        JsonObject assign = assigned(mutator);
        Json value = assign.get("value");
        if (value == null) {
            String field = assign.object("fromMetadata").text("field", "");
            value = Json.of(whole.object("metadata").text(field, ""));
        }
        return value.equals(current) ? current : value;
    }

    private static @Nullable Json modified(Mutator mutator, @Nullable Json current) throws Mutator.Clash {
        if (current != null && !(current instanceof JsonArray)) {
            throw new Mutator.Clash(mutator.id() + ": " + mutator.location() + " is not a list");
        }
        JsonArray list = current instanceof JsonArray known ? known : JsonArray.empty();
        JsonArray values = mutator.parameters().object("values").array("fromList");
        List<Json> items = new ArrayList<>(list.items());
        if (operation(mutator).equals("prune")) {
            items.removeAll(values.items());
        } else {
            for (Json value : values) {
                if (!items.contains(value)) {
                    items.add(value);
                }
            }
        }
        return items.size() == list.size() ? current : JsonArray.of(items);
    }

    private static @Nullable Json imaged(Mutator mutator, @Nullable Json current) throws Mutator.Clash {
        String text = current == null ? "" : current.textOrNull();
        if (text == null) {
            throw new Mutator.Clash(mutator.id() + ": " + mutator.location() + " is not a string");
        }
        JsonObject parameters = mutator.parameters();
        ImageName image = ImageName.of(text)
                .with(
                        parameters.text("assignDomain", ""),
                        parameters.text("assignPath", ""),
                        parameters.text("assignTag", ""));
        return image.path().isEmpty() || image.toString().equals(text) ? current : Json.of(image.toString());
    }
}
