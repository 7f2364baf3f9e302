package io.gitops4j.rollout;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.TemplateIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an aborted update left undone: the source of truth still asks for the revision that failed. Holds the template that is
 * really served and makes the text of the file that says so, for a commit that ends the difference.
 *
 * @param namespace of the Rollout
 * @param name of the Rollout
 * @param failedRevision the revision that was given up
 * @param stableRevision the revision that serves
 * @param reason why, {@code ""} when a person did it
 * @param failed the template of the failed revision
 * @param stable the template of the serving revision
 */
public record RevertCommit(
        String namespace,
        String name,
        int failedRevision,
        int stableRevision,
        String reason,
        JsonObject failed,
        JsonObject stable) {

    /** Message of the commit: a subject, a blank line, the reason. */
    public String message() {
        String subject =
                "Revert " + (namespace.isEmpty() ? name : namespace + "/" + name) + " to revision " + stableRevision;
        return reason.isEmpty() ? subject : subject + "\n\n" + reason;
    }

    /**
     * The file with the stable template in place of the failed one. Where only images differ, only they are touched and every
     * comment stays; otherwise the document of the Rollout is written anew.
     *
     * @param path of the file, for messages
     * @param text of the file; one of its documents is the Rollout
     */
    public Outcome<String> apply(String path, String text) {
        Map<String, String> images = images();
        if (!images.isEmpty()) {
            return Outcome.of(withImages(text, images));
        }
        return YamlReader.kubectl().readObjects(path, text).then(documents -> {
            List<JsonObject> written = new ArrayList<>();
            boolean found = false;
            for (JsonObject document : documents) {
                boolean own = document.text("kind", "").equals("Rollout")
                        && document.object("metadata").text("name", "").equals(name);
                found |= own;
                JsonObject spec = document.object("spec");
                written.add(own ? document.with("spec", spec.with("template", plain(stable))) : document);
            }
            return found
                    ? Outcome.of(YamlWriter.writeAll(written))
                    : Outcome.failed(Problem.error("ROLLOUT_REVERT", path + " does not hold the Rollout " + name));
        });
    }

    /** Old image → new image, when nothing but images differs; empty otherwise. */
    private Map<String, String> images() {
        Map<String, String> changes = new LinkedHashMap<>();
        JsonObject rewritten = plain(failed);
        JsonObject pod = rewritten.object("spec");
        for (String list : new String[] {"containers", "initContainers"}) {
            List<JsonObject> old = Fields.objects(failed.object("spec"), list);
            List<JsonObject> wanted = Fields.objects(stable.object("spec"), list);
            if (old.size() != wanted.size()) {
                return new LinkedHashMap<>();
            }
            io.gitops4j.json.JsonArray.Builder containers = io.gitops4j.json.JsonArray.builder();
            for (int i = 0; i < old.size(); i++) {
                String from = old.get(i).text("image", "");
                String to = wanted.get(i).text("image", "");
                String known = from.equals(to) ? null : changes.put(from, to);
                if (known != null && !known.equals(to)) {
                    return new LinkedHashMap<>();
                }
                containers.add(old.get(i).with("image", Json.of(to)));
            }
            pod = pod.has(list) ? pod.with(list, containers.build()) : pod;
        }
        boolean imagesOnly = TemplateIdentity.same(rewritten.with("spec", pod), plain(stable));
        return imagesOnly ? changes : new LinkedHashMap<>();
    }

    private static String withImages(String text, Map<String, String> images) {
        StringBuilder out = new StringBuilder();
        for (String line : text.split("(?<=\n)", -1)) {
            String changed = line;
            int at = line.indexOf("image:");
            if (at >= 0) {
                for (Map.Entry<String, String> image : images.entrySet()) {
                    if (Objects.equals(imageOf(line.substring(at + "image:".length())), image.getKey())) {
                        changed = line.replace(image.getKey(), image.getValue());
                    }
                }
            }
            out.append(changed);
        }
        return out.toString();
    }

    /** The scalar after {@code image:}, without quotes, comment and flow punctuation. */
    private static String imageOf(String rest) {
        String value = rest.strip();
        int comment = value.indexOf(" #");
        value = comment < 0 ? value : value.substring(0, comment).strip();
        while (value.endsWith("}") || value.endsWith("]") || value.endsWith(",")) {
            value = value.substring(0, value.length() - 1).strip();
        }
        boolean quoted = value.length() > 1
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static JsonObject plain(JsonObject template) {
        JsonObject metadata = template.object("metadata");
        JsonObject labels = metadata.object("labels").without(TemplateIdentity.HASH_LABEL);
        return metadata.has("labels") ? template.with("metadata", metadata.with("labels", labels)) : template;
    }
}
