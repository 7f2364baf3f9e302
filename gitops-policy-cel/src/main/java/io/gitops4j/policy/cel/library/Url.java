package io.gitops4j.policy.cel.library;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An absolute URL, or an absolute path.
 *
 * @param scheme in lower case, {@code ""} when there is none
 * @param host with its port, {@code ""} when there is none
 * @param path as written, with its escapes
 * @param query as written, without the question mark
 */
record Url(String scheme, String host, String path, String query) {
    private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*):");
    private static final Pattern PORT = Pattern.compile("^(.*?)(?::([0-9]*))?$");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%([^0-9a-fA-F]|[0-9a-fA-F][^0-9a-fA-F]|[0-9a-fA-F]?$)");

    /** The URL, or {@code null} and the reason in {@code why}. */
    static @Nullable Url parse(String text, StringBuilder why) {
        String quoted = "parse \"" + text + "\": ";
        if (text.isEmpty()) {
            return refuse(why, "parse \"\": empty url");
        }
        if (text.charAt(0) == ':') {
            return refuse(why, quoted + "missing protocol scheme");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) == 0x7f) {
                return refuse(why, quoted + "net/url: invalid control character in URL");
            }
        }
        Matcher scheme = SCHEME.matcher(text);
        String name = "";
        String rest = text;
        if (scheme.find()) {
            name = com.google.common.base.Ascii.toLowerCase(scheme.group(1));
            rest = text.substring(scheme.end());
        }
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        rest = question < 0 ? rest : rest.substring(0, question);
        if (!rest.startsWith("/")) {
            return name.isEmpty() ? refuse(why, quoted + "invalid URI for request") : new Url(name, "", "", query);
        }
        String host = "";
        if (rest.startsWith("//") && !(name.isEmpty() && rest.startsWith("///"))) {
            int slash = rest.indexOf('/', 2);
            host = rest.substring(2, slash < 0 ? rest.length() : slash);
            rest = slash < 0 ? "" : rest.substring(slash);
            host = host.substring(host.lastIndexOf('@') + 1);
            String wrong = badHost(host);
            if (wrong != null) {
                return refuse(why, quoted + wrong);
            }
        }
        Matcher escape = BAD_ESCAPE.matcher(rest);
        if (escape.find()) {
            return refuse(why, quoted + "invalid URL escape \"" + escape.group() + "\"");
        }
        return new Url(name, host, rest, query);
    }

    private static @Nullable Url refuse(StringBuilder why, String text) {
        why.append(text);
        return null;
    }

    private static @Nullable String badHost(String host) {
        String after = host;
        if (host.startsWith("[")) {
            int end = host.lastIndexOf(']');
            if (end < 0) {
                return "missing ']' in host";
            }
            after = host.substring(end + 1);
        } else if (host.indexOf(' ') >= 0) {
            return "invalid character \" \" in host name";
        }
        int colon = after.lastIndexOf(':');
        String port = colon < 0 ? "" : after.substring(colon + 1);
        if (!port.chars().allMatch(c -> c >= '0' && c <= '9') || (host.startsWith("[") && colon > 0)) {
            return "invalid port \":" + port + "\" after host";
        }
        return null;
    }

    String hostname() {
        if (host.startsWith("[")) {
            return host.substring(1, host.indexOf(']'));
        }
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    String port() {
        String after = host.startsWith("[") ? host.substring(host.indexOf(']') + 1) : host;
        Matcher port = PORT.matcher(after);
        return port.matches() && port.group(2) != null ? port.group(2) : "";
    }

    /** Path with what must be escaped escaped. */
    String escapedPath() {
        StringBuilder out = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0) {
                out.append(c);
            } else {
                out.append(String.format(java.util.Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return out.toString();
    }

    /** Keys and their values in the order written; pairs that are not readable are left out. */
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty() || pair.indexOf(';') >= 0) {
                continue;
            }
            int equals = pair.indexOf('=');
            try {
                String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                parameters.computeIfAbsent(key, unused -> new ArrayList<>()).add(value);
            } catch (IllegalArgumentException e) {
                continue;
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
