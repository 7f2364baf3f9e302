package io.gitops4j.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.spi.SecretResolver.Ref;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultSecretsTest {
    private static final String CANARY = "CANARY-77d2";
    private static final String TOKEN = "hvs.CANARY-token";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/v1/", this::answer);
        server.setExecutor(threads);
        server.start();
        address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private volatile String mutated = "";

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        asked.add(path);
        if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            send(exchange, 403, "{\"errors\":[\"permission denied " + CANARY + "\"]}");
        } else if (path.startsWith("/v1/secret/data/team%20a/db")) {
            String version = path.endsWith("?version=1") ? "old" : CANARY;
            send(
                    exchange,
                    200,
                    "{\"data\":{\"data\":{\"password\":\"" + version + "\",\"port\":5432},\"metadata\":{}}}");
        } else if (path.equals("/v1/kv/old")) {
            send(exchange, 200, "{\"data\":{\"password\":\"" + CANARY + "\"}}");
        } else if (path.endsWith("/deleted")) {
            send(exchange, 200, "{\"data\":{\"data\":null}}");
        } else if (path.endsWith("/moved")) {
            exchange.getResponseHeaders().add("Location", address + "/v1/secret/data/team%20a/db");
            send(exchange, 307, "");
        } else if (path.endsWith("/huge")) {
            send(exchange, 200, "{\"data\":{\"data\":{\"k\":\"" + "x".repeat(20 << 20) + "\"}}}");
        } else if (path.contains("/fuzz")) {
            send(exchange, 200, mutated);
        } else if (path.endsWith("/broken")) {
            send(exchange, 500, CANARY);
        } else if (path.endsWith("/hangs")) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            send(exchange, 404, "{\"errors\":[]}");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Test
    void resolve_severalKeysOfOnePath_asksOnceAndTakesVersions() {
        List<Ref> refs = List.of(
                new Ref("vault", "secret/team a/db", "password", ""),
                new Ref("vault", "secret/data/team a/db", "port", ""),
                new Ref("vault", "secret/team a/db", "port", ""),
                new Ref("vault", "secret/team a/db", "password", "1"));
        Map<Ref, SecretValue> values = vault().build().resolve(refs).orThrow();
        assertThat(values.values()).extracting(SecretValue::revealUtf8).containsExactly(CANARY, "5432", "5432", "old");
        assertThat(asked).hasSize(3);
        assertThat(vault().engine(1)
                        .build()
                        .resolve(List.of(new Ref("vault", "kv/old", "password", "")))
                        .orThrow()
                        .values())
                .extracting(SecretValue::revealUtf8)
                .containsExactly(CANARY);
    }

    @Test
    void resolve_placeholdersOfAnObject_getTheirValues() {
        SecretReferences references = SecretReferences.with(List.of(vault().build()));
        JsonObject object = JsonObject.of("spec", Json.of("u:<path:secret/team a/db#password>"));
        assertThat(references.resolve(object).orThrow().object().reveal().text("spec"))
                .isEqualTo("u:" + CANARY);
    }

    @ParameterizedTest
    @CsvSource({
        "secret/nowhere, MISSING_SECRET",
        "secret/deleted, MISSING_SECRET",
        "secret/moved, SECRET_BACKEND",
        "secret/broken, SECRET_BACKEND",
        "secret/huge, VALUE_SIZE",
        "secret/hangs, TIMEOUT"
    })
    void resolve_whatGoesWrong_isACodeWithoutTheServersWords(String path, String code) {
        Outcome<Map<Ref, SecretValue>> outcome = vault().deadline(
                        Duration.ofMillis(code.equals("TIMEOUT") ? 300 : 60_000))
                .build()
                .resolve(List.of(new Ref("vault", path, "k", "")));
        assertThat(outcome.problems()).extracting(Problem::code).containsExactly(code);
        assertThat(outcome.problems().get(0).display()).contains(path).doesNotContain(CANARY, TOKEN);
    }

    @Test
    void resolve_mutatedAnswers_giveTypedProblemsOnly() {
        String sample = "{\"data\":{\"data\":{\"k\":\"" + CANARY + "\",\"n\":[1,{\"x\":null}]},\"metadata\":{}}}";
        Random random = new Random(20_261_125L);
        VaultSecrets vault = vault().build();
        for (int i = 0; i < 150; i++) {
            StringBuilder text = new StringBuilder(sample);
            for (int edits = 1 + random.nextInt(3); edits > 0 && text.length() > 1; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "{}[]\",:0e\\u".charAt(random.nextInt(11)));
                    case 2 -> text.setLength(Math.max(1, at));
                    default -> text.insert(at, text.substring(0, random.nextInt(text.length())));
                }
            }
            mutated = text.toString();
            Outcome<Map<Ref, SecretValue>> outcome =
                    vault.resolve(List.of(new Ref("vault", "secret/fuzz" + i, i % 2 == 0 ? "k" : "n/x", "")));
            for (Problem problem : outcome.problems()) {
                assertThat(problem.code()).matches("[A-Z_]+");
                assertThat(problem.display()).as(mutated).doesNotContain(CANARY, TOKEN);
            }
        }
    }

    @Test
    void resolve_withAnotherToken_isForbidden() {
        VaultSecrets stranger =
                VaultSecrets.builder(address, SecretValue.utf8("wrong")).build();
        assertThat(stranger.resolve(List.of(new Ref("vault", "secret/team a/db", "password", "")))
                        .problems())
                .extracting(Problem::code)
                .containsExactly("SECRET_FORBIDDEN");
        assertThat(stranger.toString()).doesNotContain("wrong");
        assertThat(VaultSecrets.builder(URI.create("http://127.0.0.1:1"), SecretValue.utf8("t"))
                        .build()
                        .resolve(List.of(new Ref("vault", "a/b", "c", "")))
                        .problems())
                .extracting(Problem::code)
                .containsExactly("SECRET_BACKEND");
    }

    @Test
    void builder_unsafeAddress_isRefused() {
        for (String unsafe : List.of("http://vault.example.com", "ftp://localhost", "https://u:p@vault.example.com")) {
            assertThatThrownBy(() -> VaultSecrets.builder(URI.create(unsafe), SecretValue.utf8("t")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private VaultSecrets.Builder vault() {
        return VaultSecrets.builder(address, SecretValue.utf8(TOKEN));
    }
}
