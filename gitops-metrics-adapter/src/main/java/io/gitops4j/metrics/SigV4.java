package io.gitops4j.metrics;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AWS Signature Version 4 of a request: the headers that prove who sends it, for the request as it is and for minutes only. */
final class SigV4 {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final AwsCredentials credentials;
    private final String region;
    private final String service;

    /** A signature for a service of a region, such as {@code aps} of {@code eu-west-1}. */
    SigV4(AwsCredentials credentials, String region, String service) {
        this.credentials = credentials;
        this.region = region;
        this.service = service;
    }

    /**
     * The headers to add to a request; its own headers are signed with it.
     *
     * @param headers name → value
     */
    Map<String, String> sign(String method, URI uri, Map<String, String> headers, String body, Instant now) {
        String stamp = STAMP.format(now);
        Map<String, String> added = new LinkedHashMap<>();
        added.put("X-Amz-Date", stamp);
        if (!credentials.sessionToken().isEmpty()) {
            added.put("X-Amz-Security-Token", credentials.sessionToken());
        }
        TreeMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), plain(value)));
        added.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), plain(value)));
        signed.put("host", host(uri));
        String names = String.join(";", signed.keySet());
        StringBuilder request = new StringBuilder(method)
                .append('\n')
                .append(path(uri))
                .append('\n')
                .append(query(uri))
                .append('\n');
        signed.forEach(
                (name, value) -> request.append(name).append(':').append(value).append('\n'));
        request.append('\n').append(names).append('\n').append(hash(body));
        String day = stamp.substring(0, 8);
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String text = ALGORITHM + "\n" + stamp + "\n" + scope + "\n" + hash(request.toString());
        added.put(
                "Authorization",
                ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + HexFormat.of().formatHex(hmac(key(day), text)));
        return added;
    }

    private byte[] key(String day) {
        byte[] secret = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        return hmac(hmac(hmac(hmac(secret, day), region), service), "aws4_request");
    }

    private static String plain(String value) {
        return value.strip().replaceAll(" +", " ");
    }

    private static String host(URI uri) {
        int port = uri.getPort();
        boolean usual = port < 0
                || (port == 443 && "https".equals(uri.getScheme()))
                || (port == 80 && "http".equals(uri.getScheme()));
        return usual ? uri.getHost() : uri.getHost() + ":" + port;
    }

    /** Each segment of the path, encoded as it is sent, encoded once more. */
    private static String path(URI uri) {
        String raw = uri.getRawPath();
        if (raw == null || raw.isEmpty()) {
            return "/";
        }
        StringBuilder out = new StringBuilder();
        for (String segment : raw.split("/", -1)) {
            out.append(out.length() == 0 && segment.isEmpty() ? "" : "/").append(encoded(segment));
        }
        String text = out.toString();
        return text.startsWith("/") ? text : "/" + text;
    }

    private static String query(URI uri) {
        String raw = uri.getRawQuery();
        if (raw == null || raw.isEmpty()) {
            return "";
        }
        List<String> pairs = new ArrayList<>();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            pairs.add(encoded(decoded(name)) + "=" + encoded(decoded(value)));
        }
        pairs.sort(null);
        return String.join("&", pairs);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Everything but letters, digits and {@code -_.~} as {@code %XX}. */
    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || "-_.~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
