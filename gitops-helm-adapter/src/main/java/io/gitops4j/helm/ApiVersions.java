package io.gitops4j.helm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * API versions of the target cluster. The engine takes none, so {@code .Capabilities.APIVersions.Has} becomes a call of a named
 * template that knows them.
 */
final class ApiVersions {
    private static final Pattern HAS =
            Pattern.compile("(?<![\\w.$])(?:\\$\\w*|\\.)?(?:\\.?\\w+)*\\.?Capabilities\\.APIVersions\\.Has\\b");
    private static final String NAME = "gitops4j.apiVersions.has";

    private ApiVersions() {}

    /** The template's text with its questions directed to {@link #helper}; the same array where it asks none. */
    static byte[] ask(byte[] template) {
        String text = new String(template, StandardCharsets.ISO_8859_1);
        if (!text.contains("APIVersions.Has")) {
            return template;
        }
        String asked = HAS.matcher(text).replaceAll(Matcher.quoteReplacement("include \"" + NAME + "\""));
        return asked.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The named template that answers. */
    static String helper(List<String> versions) {
        StringBuilder out = new StringBuilder("{{- define \"" + NAME + "\" }}{{- if has . (list");
        for (String version : versions) {
            if (version.matches("[\\w./-]+")) {
                out.append(" \"").append(version).append('"');
            }
        }
        return out.append(") }}true{{- end }}{{- end }}\n").toString();
    }
}
