package io.gitops4j.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.MetricsProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigV4Test {
    private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
    private static final AwsCredentials EXAMPLE =
            new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "");

    @Test
    void aPlainGet_isSignedAsThePublicExample() {
        Map<String, String> signed = new SigV4(EXAMPLE, "us-east-1", "service")
                .sign("GET", URI.create("https://example.amazonaws.com/"), Map.of(), "", NOW);
        assertThat(signed)
                .containsEntry("X-Amz-Date", "20150830T123600Z")
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                                + " SignedHeaders=host;x-amz-date,"
                                + " Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @Test
    void aQueryAndAHeader_areSignedAsThePublicExample() {
        Map<String, String> signed = new SigV4(EXAMPLE, "us-east-1", "iam")
                .sign(
                        "GET",
                        URI.create("https://iam.amazonaws.com/?Version=2010-05-08&Action=ListUsers"),
                        Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                        "",
                        NOW);
        assertThat(signed.get("Authorization"))
                .contains("SignedHeaders=content-type;host;x-amz-date")
                .endsWith("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    @Test
    void theOrderOfParametersAndTheSpellingOfBlanks_changeNothing() {
        SigV4 signer = new SigV4(EXAMPLE, "eu-west-1", "aps");
        assertThat(signer.sign("GET", URI.create("https://h/a%20b/q?b=1&a=x%20y"), Map.of(), "", NOW))
                .isEqualTo(signer.sign("GET", URI.create("https://h/a%20b/q?a=x+y&b=1"), Map.of(), "", NOW))
                .isNotEqualTo(signer.sign("GET", URI.create("https://h/a%20b/q?a=x+y&b=2"), Map.of(), "", NOW))
                .isNotEqualTo(signer.sign("GET", URI.create("https://h/a%20b/q?a=x+y&b=1"), Map.of(), "body", NOW));
    }

    @Test
    void credentials_neverShowTheirSecret() {
        assertThat(EXAMPLE.toString()).contains("AKIDEXAMPLE").doesNotContain("wJalr");
    }

    @Test
    void profiles_comeFromTheEnvironmentOrTheFile(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(home.resolve(".aws/credentials"), """
                [default]
                aws_access_key_id = A
                aws_secret_access_key = a
                # a remark
                [ops]
                aws_access_key_id=B
                aws_secret_access_key=b=b
                aws_session_token=t
                """);
        AwsProfiles file = new AwsProfiles(Map.of(), home);
        assertThat(file.of("")).contains(new AwsCredentials("A", "a", ""));
        assertThat(file.of("ops")).contains(new AwsCredentials("B", "b=b", "t"));
        assertThat(file.of("none")).isEmpty();
        AwsProfiles set = new AwsProfiles(Map.of("AWS_ACCESS_KEY_ID", "C", "AWS_SECRET_ACCESS_KEY", "c"), home);
        assertThat(set.of("")).contains(new AwsCredentials("C", "c", ""));
        assertThat(set.of("ops")).contains(new AwsCredentials("B", "b=b", "t"));
        assertThat(new AwsProfiles(Map.of(), home.resolve("nowhere")).of("")).isEmpty();
    }

    @Test
    void aMetricOfPrometheus_isAskedForWithASignature_ofARoleWhereItNamesOne() throws IOException {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("X-Amz-Security-Token") + " " + body);
            String answer = exchange.getRequestURI().getPath().startsWith("/sts")
                    ? "<R><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                            + "<SessionToken>TOKEN</SessionToken></Credentials></R>"
                    : "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"1\"]}}";
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer.getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
        try {
            String base = "http://127.0.0.1:" + server.getAddress().getPort();
            HttpMetrics metrics =
                    HttpMetrics.create().withAws(profile -> Optional.of(EXAMPLE), () -> NOW, base + "/sts/%s");
            assertThat(metrics.ask(request(base, "{region: \"eu-west-1\"}")).status())
                    .isEqualTo(200);
            assertThat(seen.get(0))
                    .startsWith("/api/v1/query?query=sum(%20up%20) AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/"
                            + "eu-west-1/aps/aws4_request, SignedHeaders=host;x-amz-date, Signature=");
            assertThat(metrics.ask(request(base, "{region: \"eu-west-1\", roleArn: \"arn:aws:iam::1:role/r\"}"))
                            .status())
                    .isEqualTo(200);
            assertThat(seen.get(1))
                    .startsWith("/sts/eu-west-1 AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/sts/")
                    .endsWith("&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr");
            assertThat(seen.get(2))
                    .contains("Credential=ROLE/", "SignedHeaders=host;x-amz-date;x-amz-security-token", " TOKEN ");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whatIsMissing_isSaid() {
        HttpMetrics none = HttpMetrics.create();
        assertThat(none.ask(request("http://127.0.0.1:1", "{region: r}")).error())
                .isEqualTo("prometheus: SigV4 needs AWS credentials, and none were handed in");
        HttpMetrics empty = none.withAws(profile -> Optional.empty());
        assertThat(empty.ask(request("http://127.0.0.1:1", "{region: r, profile: ops}"))
                        .error())
                .isEqualTo("prometheus: no AWS credentials of the profile ops");
        assertThat(empty.ask(request("http://127.0.0.1:1", "{profile: ops}")).error())
                .isEqualTo("prometheus: SigV4 needs a region");
    }

    private static MetricsProvider.Request request(String base, String sigv4) {
        String quoted = sigv4.replaceAll("([a-zA-Z]+):(?= )", "\"$1\":").replaceAll(": ([a-z]+)", ": \"$1\"");
        JsonObject config = (JsonObject) JsonReader.parse("{\"authentication\":{\"sigv4\":" + quoted + "}}")
                .orThrow();
        return new MetricsProvider.Request(
                "prometheus",
                config,
                "GET",
                base + "/api/v1/query?query=sum(+up+)",
                new LinkedHashMap<>(),
                "",
                Duration.ofSeconds(30));
    }
}
