package io.gitops4j.testkit.http;

import com.google.common.base.Splitter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a path below {@code /api} or {@code /apis} names.
 *
 * @param group API group
 * @param version version
 * @param namespace namespace, {@code ""} for none
 * @param plural resource
 * @param name object, {@code ""} for the collection
 * @param subresource {@code ""} for the object itself
 */
record Target(String group, String version, String namespace, String plural, String name, String subresource) {

    /** The target of a path; {@code null} when it names none. */
    static @Nullable Target of(String path) {
        List<String> parts = Splitter.on('/').omitEmptyStrings().splitToList(path);
        boolean core = !parts.isEmpty() && parts.get(0).equals("api");
        int at = core ? 2 : 3;
        if (parts.size() <= at || (!core && !parts.get(0).equals("apis"))) {
            return null;
        }
        String group = core ? "" : parts.get(1);
        String version = parts.get(at - 1);
        List<String> rest = parts.subList(at, parts.size());
        String namespace = "";
        if (rest.size() > 2 && rest.get(0).equals("namespaces") && !isNamespaceSubresource(rest)) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        return rest.size() > 3
                ? null
                : new Target(
                        group,
                        version,
                        namespace,
                        rest.get(0),
                        rest.size() > 1 ? rest.get(1) : "",
                        rest.size() > 2 ? rest.get(2) : "");
    }

    private static boolean isNamespaceSubresource(List<String> rest) {
        return rest.size() == 3 && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
    }
}
