package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** URLs and queries as Go's {@code net/url} reads and writes them. */
final class GoUrl {
    private GoUrl() {}

    static String queryEscape(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(b)) {
                out.append((char) b);
            } else if (b == ' ') {
                out.append('+');
            } else {
                out.append('%').append(hex(b >> 4)).append(hex(b));
            }
        }
        return out.toString();
    }

    private static char hex(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
    }

    private static boolean isUnreserved(int b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '~';
    }

    static String queryUnescape(String text) {
        return unescape(text, true);
    }

    private static String unescape(String text, boolean query) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                int high = i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
                int low = i + 2 < bytes.length ? digit(bytes[i + 2]) : -1;
                if (i + 2 == bytes.length - 0 || high < 0 || low < 0) {
                    String shown = new String(bytes, i, Math.min(3, bytes.length - i), StandardCharsets.UTF_8);
                    throw BuiltinException.of("invalid URL escape " + io.gitops4j.rego.value.GoQuote.quote(shown));
                }
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(query && bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int digit(byte b) {
        return b > 0 ? Character.digit(b, 16) : -1;
    }

    private static BuiltinException invalid(String text) {
        return BuiltinException.of(text);
    }

    private record Parts(
            String scheme,
            String user,
            String host,
            String port,
            String path,
            String rawPath,
            String query,
            String fragment,
            boolean opaque) {}

    static boolean isValid(String text) {
        if (text.isEmpty()) {
            return false;
        }
        try {
            split(text);
            return true;
        } catch (BuiltinException e) {
            return false;
        }
    }

    static Value parse(String text) {
        Parts parts;
        try {
            parts = split(text);
        } catch (BuiltinException e) {
            throw BuiltinException.of("parse " + io.gitops4j.rego.value.GoQuote.quote(text) + ": " + e.text());
        }
        ObjectBuilder out = ObjectValue.builder();
        put(out, "scheme", parts.scheme());
        put(out, "hostname", parts.host());
        put(out, "port", parts.port());
        put(out, "path", parts.path());
        put(out, "raw_path", parts.rawPath());
        put(out, "raw_query", parts.query());
        put(out, "fragment", parts.fragment());
        return out.build();
    }

    private static void put(ObjectBuilder out, String key, String value) {
        if (!value.isEmpty()) {
            out.put(key, new StringValue(value));
        }
    }

    private static Parts split(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
                throw invalid("net/url: invalid control character in URL");
            }
        }
        String rest = text;
        String fragment = "";
        int hash = rest.indexOf('#');
        if (hash >= 0) {
            fragment = unescape(rest.substring(hash + 1), false);
            rest = rest.substring(0, hash);
        }
        String scheme = "";
        int colon = scheme(rest);
        if (colon > 0) {
            scheme = StringBuiltins.lower(rest.substring(0, colon));
            rest = rest.substring(colon + 1);
        }
        String query = "";
        int mark = rest.indexOf('?');
        if (mark >= 0) {
            query = rest.substring(mark + 1);
            rest = rest.substring(0, mark);
        }
        if (!rest.startsWith("/")) {
            if (!scheme.isEmpty()) {
                return new Parts(scheme, "", "", "", "", "", query, fragment, true);
            }
            int segment = rest.indexOf('/');
            String first = segment < 0 ? rest : rest.substring(0, segment);
            if (first.indexOf(':') >= 0) {
                throw invalid("first path segment in URL cannot contain colon");
            }
        }
        String host = "";
        String port = "";
        String user = "";
        if (rest.startsWith("//") && (!scheme.isEmpty() || !rest.startsWith("///"))) {
            int slash = rest.indexOf('/', 2);
            String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            rest = slash < 0 ? "" : rest.substring(slash);
            int at = authority.lastIndexOf('@');
            if (at >= 0) {
                user = authority.substring(0, at);
                checkUser(user);
                authority = authority.substring(at + 1);
            }
            String[] hostPort = host(authority);
            host = hostPort[0];
            port = hostPort[1];
        }
        String path = unescape(rest, false);
        return new Parts(
                scheme, user, host, port, path, pathEscape(path).equals(rest) ? path : rest, query, fragment, false);
    }

    private static int scheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (c == ':') {
                if (i == 0) {
                    throw invalid("missing protocol scheme");
                }
                return i;
            }
            if (!letter && !(other && i > 0)) {
                return -1;
            }
        }
        return -1;
    }

    private static void checkUser(String user) {
        for (int i = 0; i < user.length(); i++) {
            char c = user.charAt(i);
            if (!isUnreserved(c) && "-._:~!$&'()*+,;=%@".indexOf(c) < 0) {
                throw invalid("net/url: invalid userinfo");
            }
        }
        unescape(user, false);
    }

    private static String[] host(String authority) {
        int open = authority.lastIndexOf('[');
        if (open > 0) {
            throw invalid("invalid IP-literal");
        }
        String name = authority;
        String port = "";
        if (open == 0) {
            int close = authority.lastIndexOf(']');
            if (close < 0) {
                throw invalid("missing ']' in host");
            }
            port = port(authority.substring(close + 1));
            name = authority.substring(1, close);
            return new String[] {name.replace("%25", "%"), port};
        }
        int colon = authority.lastIndexOf(':');
        if (colon >= 0) {
            port = port(authority.substring(colon));
            name = authority.substring(0, colon);
        }
        return new String[] {unescapeHost(name), port};
    }

    private static String unescapeHost(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%') {
                int high = i + 2 < name.length() ? Character.digit(name.charAt(i + 1), 16) : -1;
                if (high >= 0 && high < 8) {
                    throw invalid(
                            "invalid URL escape " + io.gitops4j.rego.value.GoQuote.quote(name.substring(i, i + 3)));
                }
            } else if (c < 0x80 && !isUnreserved(c) && "!$&'()*+,;=:[]<>\"".indexOf(c) < 0) {
                throw invalid("invalid character " + io.gitops4j.rego.value.GoQuote.quote(String.valueOf(c))
                        + " in host name");
            }
        }
        return unescape(name, false);
    }

    private static String port(String text) {
        if (text.isEmpty()) {
            return "";
        }
        if (text.charAt(0) != ':' || !text.substring(1).matches("[0-9]*")) {
            throw invalid("invalid port " + io.gitops4j.rego.value.GoQuote.quote(text) + " after host");
        }
        return text.substring(1);
    }

    private static String pathEscape(String path) {
        StringBuilder out = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(b) || "$&+,/:;=@".indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(hex(b >> 4)).append(hex(b));
            }
        }
        return out.toString();
    }
}
