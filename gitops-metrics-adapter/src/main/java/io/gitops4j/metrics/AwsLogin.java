package io.gitops4j.metrics;

import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests to Prometheus of AWS as a metric's {@code authentication.sigv4} says: {@code region}, {@code profile},
 * {@code roleArn}. A role is taken on for each request; its credentials are never kept.
 */
final class AwsLogin {
    private static final String SERVICE = "aps";

    private final AwsCredentials.@Nullable Source source;
    private final InstantSource clock;
    private final String tokenService;

    /**
     * A login.
     *
     * @param source credentials, {@code null} for none
     * @param tokenService address of the security token service, {@code %s} stands for the region
     */
    AwsLogin(AwsCredentials.@Nullable Source source, InstantSource clock, String tokenService) {
        this.source = source;
        this.clock = clock;
        this.tokenService = tokenService;
    }

    /** Adds the signature to the headers of a request. */
    void sign(
            HttpExchange exchange,
            JsonObject sigv4,
            String method,
            URI uri,
            Map<String, String> headers,
            String body,
            Duration timeout)
            throws IOException {
        if (source == null) {
            throw new IOException("SigV4 needs AWS credentials, and none were handed in");
        }
        String region = sigv4.text("region", "");
        if (region.isEmpty()) {
            throw new IOException("SigV4 needs a region");
        }
        String profile = sigv4.text("profile", "");
        AwsCredentials credentials = source.of(profile)
                .orElseThrow(() -> new IOException(
                        "no AWS credentials" + (profile.isEmpty() ? "" : " of the profile " + profile)));
        String role = sigv4.text("roleArn", "");
        if (!role.isEmpty()) {
            credentials = assume(exchange, credentials, region, role, timeout);
        }
        headers.putAll(new SigV4(credentials, region, SERVICE).sign(method, uri, headers, body, clock.instant()));
    }

    private AwsCredentials assume(
            HttpExchange exchange, AwsCredentials own, String region, String role, Duration timeout)
            throws IOException {
        String address = tokenService.replace("%s", region);
        String form = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=gitops4j&RoleArn="
                + URLEncoder.encode(role, StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.putAll(new SigV4(own, region, "sts").sign("POST", URI.create(address), headers, form, clock.instant()));
        HttpExchange.Answer answer = exchange.send("POST", address, headers, form, timeout);
        AwsCredentials taken = new AwsCredentials(
                element(answer.body(), "AccessKeyId"),
                element(answer.body(), "SecretAccessKey"),
                element(answer.body(), "SessionToken"));
        if (answer.status() / 100 != 2 || taken.accessKeyId().isEmpty()) {
            throw new IOException("the role " + role + " was not given: HTTP " + answer.status());
        }
        return taken;
    }

    private static String element(String xml, String name) {
        Matcher matcher =
                Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
        return matcher.find() ? matcher.group(1).strip() : "";
    }
}
