package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code providers.aws.sign_req}: signature version 4. */
final class AwsBuiltins {
    private static final List<String> NOT_SIGNED = List.of("authorization", "user-agent", "x-amzn-trace-id");

    private AwsBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "providers.aws.sign_req" -> family.add(3, (c, a) -> sign(a));
            default -> {}
        }
    }

    private static String names(TreeSet<String> names) {
        return "{" + String.join(", ", names.stream().map(GoQuote::quote).toList()) + "}";
    }

    private static void strings(ObjectValue object, int position, List<String> keys, String missing, String wrong) {
        TreeSet<String> absent = new TreeSet<>();
        TreeSet<String> bad = new TreeSet<>();
        for (String key : keys) {
            Value value = object.get(key);
            if (value == null) {
                absent.add(key);
            } else if (!(value instanceof StringValue)) {
                bad.add(key);
            }
        }
        if (!absent.isEmpty()) {
            throw Operands.error(position, missing + names(absent));
        }
        if (!bad.isEmpty()) {
            throw Operands.error(position, wrong + names(bad));
        }
    }

    private static String text(ObjectValue object, String key) {
        return object.get(key) instanceof StringValue text ? text.text() : "";
    }

    private static Value sign(Value[] args) {
        ObjectValue request = Operands.object(args, 1);
        ObjectValue config = Operands.object(args, 2);
        NumberValue moment = Operands.number(args, 3);
        strings(
                request,
                1,
                List.of("method", "url"),
                "missing required request parameters(s): ",
                "invalid values for required request parameters(s): ");
        strings(
                config,
                2,
                List.of("aws_service", "aws_access_key", "aws_secret_access_key", "aws_region"),
                "missing required AWS config parameters(s): ",
                "invalid values for required AWS config parameters(s): ");
        byte[] body = body(request);
        boolean unsigned = config.get("disable_payload_signing") == BoolValue.TRUE;
        String hash = unsigned ? "UNSIGNED-PAYLOAD" : EncodingBuiltins.hex(CryptoBuiltins.sha("SHA-256", body));
        String stamp = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(Instant.ofEpochSecond(0, moment.longValue()));
        String url = text(request, "url");
        String authority = url.replaceFirst("^[a-zA-Z][a-zA-Z0-9+.-]*://", "");
        String rest = authority.replaceFirst("^[^/?#]*", "");
        String service = text(config, "aws_service");
        TreeMap<String, String> own = new TreeMap<>();
        own.put("host", authority.substring(0, authority.length() - rest.length()));
        own.put("x-amz-date", stamp);
        if (service.equals("s3") || service.equals("glacier")) {
            own.put("x-amz-content-sha256", hash);
        }
        if (!text(config, "aws_session_token").isEmpty()) {
            own.put("x-amz-security-token", text(config, "aws_session_token"));
        }
        ObjectValue headers = request.get("headers") instanceof ObjectValue given ? given : ObjectValue.empty();
        TreeMap<String, String> signed = new TreeMap<>(own);
        for (int i = 0; i < headers.size(); i++) {
            String name = GoJson.keyText(headers.keyAt(i)).toLowerCase(Locale.ROOT);
            if (!NOT_SIGNED.contains(name)) {
                signed.put(name, headers.valueAt(i).display());
            }
        }
        String authorization = authorization(request, config, rest, signed, hash, stamp, service);
        ObjectBuilder out = ObjectValue.builder().putAll(headers);
        own.forEach((name, value) -> out.put(name, new StringValue(value)));
        out.put("Authorization", new StringValue(authorization));
        return ObjectValue.builder().putAll(request).put("headers", out.build()).build();
    }

    private static byte[] body(ObjectValue request) {
        Value raw = request.get("raw_body");
        Value body = request.get("body");
        String text = raw instanceof StringValue string ? string.text() : body == null ? "" : GoJson.text(body);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String authorization(
            ObjectValue request,
            ObjectValue config,
            String rest,
            Map<String, String> signed,
            String hash,
            String stamp,
            String service) {
        int mark = rest.indexOf('?');
        String path = mark < 0 ? rest : rest.substring(0, mark);
        StringBuilder canonical = new StringBuilder(text(request, "method")).append('\n');
        canonical
                .append(path)
                .append('\n')
                .append(mark < 0 ? "" : rest.substring(mark + 1))
                .append('\n');
        signed.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        String list = String.join(";", signed.keySet());
        canonical.append('\n').append(list).append('\n').append(hash);
        String date = stamp.substring(0, 8);
        String scope = date + "/" + text(config, "aws_region") + "/" + service + "/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n"
                + EncodingBuiltins.hex(
                        CryptoBuiltins.sha("SHA-256", canonical.toString().getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + text(config, "aws_secret_access_key")).getBytes(StandardCharsets.UTF_8);
        for (String part : StringBuiltins.split(scope, "/", -1)) {
            key = Signatures.hmac("HmacSHA256", key, part.getBytes(StandardCharsets.UTF_8));
        }
        String signature =
                EncodingBuiltins.hex(Signatures.hmac("HmacSHA256", key, toSign.getBytes(StandardCharsets.UTF_8)));
        return "AWS4-HMAC-SHA256 Credential=" + text(config, "aws_access_key") + "/" + scope + ",SignedHeaders=" + list
                + ",Signature=" + signature;
    }
}
