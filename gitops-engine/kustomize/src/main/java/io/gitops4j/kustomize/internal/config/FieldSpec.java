package io.gitops4j.kustomize.internal.config;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in objects of some kinds.
 *
 * @param gvk which kinds; blank parts match anything
 * @param path {@code /}-separated field names; {@code \/} is a literal slash, {@code x[]} a list that is never made
 * @param create whether a missing place is made
 * @param steps the path taken apart
 */
public record FieldSpec(Gvk gvk, String path, boolean create, List<String> steps) {

    /** A spec of these parts. */
    public static FieldSpec of(String group, String version, String kind, String path, boolean create) {
        return new FieldSpec(new Gvk(group, version, kind), path, create, split(path));
    }

    /** The spec of a configuration entry. */
    public static FieldSpec of(JsonObject entry) {
        return of(
                entry.text("group", ""),
                entry.text("version", ""),
                entry.text("kind", ""),
                entry.text("path", ""),
                entry.bool("create", false));
    }

    /** Whether it speaks of objects of this kind. */
    public boolean matches(Gvk object) {
        return Gvks.selects(gvk, object);
    }

    private static List<String> split(String path) {
        List<String> steps = new ArrayList<>();
        StringBuilder step = new StringBuilder();
        int from = path.startsWith("/") ? 1 : 0;
        for (int i = from; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && i + 1 < path.length() && path.charAt(i + 1) == '/') {
                step.append('/');
                i++;
            } else if (c == '/') {
                steps.add(step.toString());
                step.setLength(0);
            } else {
                step.append(c);
            }
        }
        steps.add(step.toString());
        return List.copyOf(steps);
    }
}
