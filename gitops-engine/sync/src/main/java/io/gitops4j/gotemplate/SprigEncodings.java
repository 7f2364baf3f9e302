package io.gitops4j.gotemplate;

import com.google.common.io.BaseEncoding;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Adler32;

/** Sprig's encodings, digests, paths and URLs, and Argo CD's YAML functions. */
final class SprigEncodings {
    private SprigEncodings() {}

    static void addTo(Map<String, GoFunction> functions) {
        functions.put(
                "b64enc", a -> BaseEncoding.base64().encode(bytes(a.exactly(1).text(0))));
        functions.put("b64dec", a -> decoded(BaseEncoding.base64(), a.exactly(1).text(0)));
        functions.put(
                "b32enc", a -> BaseEncoding.base32().encode(bytes(a.exactly(1).text(0))));
        functions.put("b32dec", a -> decoded(BaseEncoding.base32(), a.exactly(1).text(0)));
        functions.put("sha1sum", a -> digest("SHA-1", a.exactly(1).text(0)));
        functions.put("sha256sum", a -> digest("SHA-256", a.exactly(1).text(0)));
        functions.put("sha512sum", a -> digest("SHA-512", a.exactly(1).text(0)));
        functions.put("adler32sum", a -> {
            Adler32 sum = new Adler32();
            sum.update(bytes(a.exactly(1).text(0)));
            return Long.toString(sum.getValue());
        });
        for (String must : java.util.List.of("", "must")) {
            functions.put(
                    named(must, "toJson"),
                    a -> escaped(GoValues.json(a.exactly(1).any(0)).toJson()));
            functions.put(
                    named(must, "toRawJson"),
                    a -> GoValues.json(a.exactly(1).any(0)).toJson());
            functions.put(named(must, "toPrettyJson"), a -> {
                StringBuilder out = new StringBuilder();
                pretty(GoValues.json(a.exactly(1).any(0)), "", out);
                return out.toString();
            });
        }
        functions.put("fromJson", a -> {
            Json json = JsonReader.parse(a.exactly(1).text(0)).orNull();
            return json == null ? GoNil.NIL : GoValues.of(json);
        });
        functions.put(
                "mustFromJson",
                a -> GoValues.of(read(JsonReader.parse(a.exactly(1).text(0)))));
        functions.put("toYaml", a -> yaml(a.exactly(1).any(0)));
        functions.put("fromYaml", a -> {
            Json json = read(YamlReader.kubectl().read("", a.exactly(1).text(0)));
            if (!(json instanceof JsonObject) && !json.isNull()) {
                throw new TemplateException("the YAML is no mapping");
            }
            return json.isNull() ? new LinkedHashMap<String, Object>() : GoValues.of(json);
        });
        functions.put("fromYamlArray", a -> {
            Json json = read(YamlReader.kubectl().read("", a.exactly(1).text(0)));
            if (!(json instanceof JsonArray) && !json.isNull()) {
                throw new TemplateException("the YAML is no list");
            }
            return json.isNull() ? new java.util.ArrayList<Object>() : GoValues.of(json);
        });
        for (String os : java.util.List.of("", "os")) {
            functions.put(named(os, "base"), a -> base(a.exactly(1).text(0)));
            functions.put(named(os, "dir"), a -> directory(a.exactly(1).text(0)));
            functions.put(named(os, "clean"), a -> clean(a.exactly(1).text(0)));
            functions.put(named(os, "ext"), a -> extension(a.exactly(1).text(0)));
            functions.put(named(os, "isAbs"), a -> a.exactly(1).text(0).startsWith("/"));
        }
        functions.put("urlParse", a -> url(a.exactly(1).text(0)));
        functions.put("urlJoin", a -> joined(a.exactly(1).map(0)));
    }

    private static String named(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String decoded(BaseEncoding encoding, String text) {
        try {
            return new String(encoding.decode(text.replace("\n", "").replace("\r", "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "illegal base64 data";
        }
    }

    private static String digest(String algorithm, String text) {
        try {
            return BaseEncoding.base16()
                    .lowerCase()
                    .encode(MessageDigest.getInstance(algorithm).digest(bytes(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static Json read(Outcome<Json> outcome) {
        Json json = outcome.orNull();
        if (json == null) {
            throw new TemplateException(outcome.problems().get(0).text());
        }
        return json;
    }

    /** JSON as Go writes it for HTML. */
    private static String escaped(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    private static void pretty(Json json, String indent, StringBuilder out) {
        String deeper = indent + "  ";
        if (json instanceof JsonObject object && !object.isEmpty()) {
            out.append("{\n");
            for (int i = 0; i < object.size(); i++) {
                out.append(i > 0 ? ",\n" : "").append(deeper);
                JsonString.quote(object.keyAt(i), out);
                out.append(": ");
                pretty(object.valueAt(i), deeper, out);
            }
            out.append('\n').append(indent).append('}');
        } else if (json instanceof JsonArray array && !array.isEmpty()) {
            out.append("[\n");
            for (int i = 0; i < array.size(); i++) {
                out.append(i > 0 ? ",\n" : "").append(deeper);
                pretty(array.get(i), deeper, out);
            }
            out.append('\n').append(indent).append(']');
        } else {
            json.write(out);
        }
    }

    private static String yaml(Object value) {
        if (value == GoNil.NIL) {
            throw new TemplateException("there is no value to write");
        }
        String text = YamlWriter.write(GoValues.json(value));
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static String base(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        String plain = path;
        while (plain.length() > 1 && plain.endsWith("/")) {
            plain = plain.substring(0, plain.length() - 1);
        }
        return plain.equals("/") ? "/" : plain.substring(plain.lastIndexOf('/') + 1);
    }

    private static String directory(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }

    private static String extension(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }

    static String clean(String path) {
        boolean absolute = path.startsWith("/");
        java.util.ArrayDeque<String> elements = new java.util.ArrayDeque<>();
        for (String element : path.split("/", -1)) {
            if (element.equals("..")) {
                if (!elements.isEmpty() && !elements.getLast().equals("..")) {
                    elements.removeLast();
                } else if (!absolute) {
                    elements.addLast("..");
                }
            } else if (!element.isEmpty() && !element.equals(".")) {
                elements.addLast(element);
            }
        }
        String joined = String.join("/", elements);
        return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
    }

    private static Object url(String text) {
        try {
            URI uri = new URI(text);
            Map<String, Object> parts = new LinkedHashMap<>();
            parts.put("scheme", orEmpty(uri.getScheme()));
            parts.put(
                    "host",
                    uri.getHost() == null ? "" : uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
            parts.put("hostname", orEmpty(uri.getHost()));
            parts.put("path", orEmpty(uri.getPath()));
            parts.put("query", orEmpty(uri.getRawQuery()));
            parts.put("opaque", uri.isOpaque() ? orEmpty(uri.getSchemeSpecificPart()) : "");
            parts.put("fragment", orEmpty(uri.getFragment()));
            parts.put("userinfo", orEmpty(uri.getUserInfo()));
            return parts;
        } catch (URISyntaxException e) {
            throw new TemplateException("unable to parse url: " + e.getMessage());
        }
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }

    private static String joined(Map<String, Object> parts) {
        String scheme = part(parts, "scheme");
        String user = part(parts, "userinfo");
        String host = part(parts, "host");
        String query = part(parts, "query");
        String fragment = part(parts, "fragment");
        return (scheme.isEmpty() ? "" : scheme + ":")
                + (host.isEmpty() ? "" : "//" + (user.isEmpty() ? "" : user + "@") + host)
                + part(parts, "path")
                + (query.isEmpty() ? "" : "?" + query)
                + (fragment.isEmpty() ? "" : "#" + fragment);
    }

    private static String part(Map<String, Object> parts, String name) {
        Object value = parts.get(name);
        return value instanceof String text ? text : "";
    }
}
