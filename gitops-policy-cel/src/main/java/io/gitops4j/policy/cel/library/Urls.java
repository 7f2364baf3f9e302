package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;

/** Kubernetes' URLs: {@code url(…)}, {@code isURL(…)} and the parts of a URL. */
final class Urls {
    private Urls() {}

    static void register(FunctionTable table) {
        OpaqueType url = table.opaque("kubernetes.URL", Url.class);
        table.global("url", "string_to_url", url, a -> parse((String) a[0]), SimpleType.STRING);
        table.global(
                "isURL",
                "is_url_string",
                SimpleType.BOOL,
                a -> Url.parse((String) a[0], new StringBuilder()) != null,
                SimpleType.STRING);
        table.member("getScheme", "url_get_scheme", SimpleType.STRING, a -> ((Url) a[0]).scheme(), url);
        table.member("getHost", "url_get_host", SimpleType.STRING, a -> ((Url) a[0]).host(), url);
        table.member("getHostname", "url_get_hostname", SimpleType.STRING, a -> ((Url) a[0]).hostname(), url);
        table.member("getPort", "url_get_port", SimpleType.STRING, a -> ((Url) a[0]).port(), url);
        table.member("getEscapedPath", "url_get_escaped_path", SimpleType.STRING, a -> ((Url) a[0]).escapedPath(), url);
        table.member(
                "getQuery",
                "url_get_query",
                MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
                a -> ((Url) a[0]).parameters(),
                url);
    }

    private static Url parse(String text) {
        StringBuilder why = new StringBuilder();
        Url url = Url.parse(text, why);
        if (url == null) {
            throw failure("URL parse error during conversion from string: " + why);
        }
        return url;
    }
}
