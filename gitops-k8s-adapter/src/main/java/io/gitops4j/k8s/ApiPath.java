package io.gitops4j.k8s;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.manifest.Gvk;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the paths of the Kubernetes API. */
final class ApiPath {
    private ApiPath() {}

    static String group(Gvk gvk) {
        return gvk.group().isEmpty() ? "/api/" + gvk.version() : "/apis/" + gvk.group() + "/" + gvk.version();
    }

    static String collection(ApiResource resource, String namespace) {
        String scope = resource.namespaced() && !namespace.isEmpty() ? "/namespaces/" + segment(namespace) : "";
        return group(resource.gvk()) + scope + "/" + resource.plural();
    }

    static String object(ApiResource resource, ObjectRef ref) {
        String sub = ref.subresource().isEmpty() ? "" : "/" + segment(ref.subresource());
        return collection(resource, ref.namespace()) + "/" + segment(ref.name()) + sub;
    }

    static String withQuery(String path, Map<String, String> query) {
        StringBuilder out = new StringBuilder(path);
        char separator = '?';
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            if (!parameter.getValue().isEmpty()) {
                out.append(separator)
                        .append(parameter.getKey())
                        .append('=')
                        .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
                separator = '&';
            }
        }
        return out.toString();
    }

    static Map<String, String> query() {
        return new LinkedHashMap<>();
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
