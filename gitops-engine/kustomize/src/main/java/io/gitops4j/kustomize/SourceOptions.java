package io.gitops4j.kustomize;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.source.BuildEnvironment;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code source.kustomize} as edits of a kustomization, one after the other in the order of Argo CD.
 *
 * <p>Source: argocd §1.4.
 */
final class SourceOptions {
    private final JsonObject options;
    private final Map<String, String> environment;
    private final Predicate<String> componentExists;

    /** An option that would overwrite what the file says. */
    static final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict(String message) {
            super(message, null, false, false);
        }
    }

    SourceOptions(JsonObject options, Map<String, String> environment, Predicate<String> componentExists) {
        this.options = options;
        this.environment = environment;
        this.componentExists = componentExists;
    }

    Kustomization apply(Kustomization file) {
        Kustomization edited = text(text(file, "namePrefix"), "nameSuffix");
        edited = images(edited);
        edited = replicas(edited);
        edited = labels(edited);
        edited = annotations(edited);
        edited = text(edited, "namespace");
        edited = edited.appending("patches", options.array("patches"));
        return components(edited);
    }

    private Kustomization text(Kustomization file, String field) {
        String text = options.text(field, "");
        return text.isEmpty() ? file : file.with(field, Json.of(text));
    }

    private Kustomization images(Kustomization file) {
        JsonArray images = file.fields().array("images");
        for (Json item : options.array("images")) {
            images = put(
                    images,
                    ImageArgument.parse(BuildEnvironment.substituted(String.valueOf(item.textOrNull()), environment)));
        }
        return options.array("images").isEmpty() ? file : file.with("images", images);
    }

    private static JsonArray put(JsonArray images, ImageArgument image) {
        for (int i = 0; i < images.size(); i++) {
            if (images.get(i) instanceof JsonObject old && old.text("name", "").equals(image.name())) {
                return images.with(i, image.over(old));
            }
        }
        return images.appended(image.over(JsonObject.empty()));
    }

    private Kustomization replicas(Kustomization file) {
        JsonArray replicas = file.fields().array("replicas");
        for (Json item : options.array("replicas")) {
            if (item instanceof JsonObject replica) {
                String name = replica.text("name", "");
                JsonObject entry = JsonObject.of("name", Json.of(name), "count", count(name, replica.get("count")));
                int at = named(replicas, name);
                replicas = at < 0 ? replicas.appended(entry) : replicas.with(at, entry);
            }
        }
        return options.array("replicas").isEmpty() ? file : file.with("replicas", replicas);
    }

    private static int named(JsonArray entries, String name) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof JsonObject entry
                    && entry.text("name", "").equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static Json count(String name, @Nullable Json count) {
        if (count instanceof JsonNumber number && number.isWhole()) {
            return number;
        }
        String text = count == null ? "" : count.textOrNull();
        if (text != null && text.matches("[0-9]{1,9}")) {
            return Json.of(Long.parseLong(text));
        }
        throw new Conflict("the replica count of " + name + " is no whole number");
    }

    private Kustomization labels(Kustomization file) {
        JsonObject added = options.object("commonLabels");
        if (added.isEmpty()) {
            return file;
        }
        JsonObject.Builder pairs = JsonObject.builder();
        added.forEach((key, value) ->
                pairs.put(key, BuildEnvironment.substituted(String.valueOf(value.textOrNull()), environment)));
        if (options.bool("labelWithoutSelector", false)) {
            JsonObject entry = JsonObject.builder()
                    .put("pairs", pairs.build())
                    .put("includeSelectors", false)
                    .put("includeTemplates", options.bool("labelIncludeTemplates", false))
                    .build();
            return file.appending("labels", JsonArray.of(entry));
        }
        return merged(file, "commonLabels", pairs.build(), options.bool("forceCommonLabels", false));
    }

    private Kustomization annotations(Kustomization file) {
        JsonObject added = options.object("commonAnnotations");
        if (added.isEmpty()) {
            return file;
        }
        boolean substitute = options.bool("commonAnnotationsEnvsubst", false);
        JsonObject.Builder pairs = JsonObject.builder();
        added.forEach((key, value) -> {
            String text = String.valueOf(value.textOrNull());
            pairs.put(key, substitute ? BuildEnvironment.substituted(text, environment) : text);
        });
        return merged(file, "commonAnnotations", pairs.build(), options.bool("forceCommonAnnotations", false));
    }

    private static Kustomization merged(Kustomization file, String field, JsonObject added, boolean force) {
        JsonObject.Builder all = file.fields().object(field).toBuilder();
        added.forEach((key, value) -> {
            if (all.has(key) && !force) {
                throw new Conflict(field + ": '" + key + "' is already set by the kustomization file");
            }
            all.put(key, value);
        });
        return file.with(field, all.build());
    }

    private Kustomization components(Kustomization file) {
        boolean ignoreMissing = options.bool("ignoreMissingComponents", false);
        JsonArray.Builder kept = JsonArray.builder();
        for (Json component : options.array("components")) {
            if (!ignoreMissing || componentExists.test(String.valueOf(component.textOrNull()))) {
                kept.add(component);
            }
        }
        return file.appending("components", kept.build());
    }
}
