package io.gitops4j.kustomize;

import io.gitops4j.json.JsonObject;

/**
 * An image as {@code kustomize edit set image} takes it: {@code name=newName:tag}, {@code name:tag}, {@code name@digest}.
 *
 * @param name image to change
 * @param newName name instead, {@code ""} to keep it
 * @param newTag tag instead, {@code ""} to keep it
 * @param digest digest instead, {@code ""} for none
 */
record ImageArgument(String name, String newName, String newTag, String digest) {

    static ImageArgument parse(String argument) {
        int equals = argument.indexOf('=');
        String rest = argument.substring(equals + 1);
        int at = rest.indexOf('@');
        String digest = at < 0 ? "" : rest.substring(at + 1);
        String before = at < 0 ? rest : rest.substring(0, at);
        int colon = before.indexOf(':', Math.max(before.lastIndexOf('/'), 0));
        String image = colon < 0 ? before : before.substring(0, colon);
        String tag = colon < 0 ? "" : before.substring(colon + 1);
        return equals < 0
                ? new ImageArgument(image, "", tag, digest)
                : new ImageArgument(argument.substring(0, equals), image, tag, digest);
    }

    /** The {@code images} entry that comes of putting this over an older one. */
    JsonObject over(JsonObject old) {
        JsonObject entry = old.with("name", name);
        if (!newName.isEmpty()) {
            entry = entry.with("newName", newName);
        }
        if (!newTag.isEmpty() || !digest.isEmpty()) {
            entry = entry.without("newTag").without("digest");
        }
        if (!newTag.isEmpty()) {
            entry = entry.with("newTag", newTag);
        }
        return digest.isEmpty() ? entry : entry.with("digest", digest);
    }
}
