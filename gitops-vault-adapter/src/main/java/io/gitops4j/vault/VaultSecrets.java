package io.gitops4j.vault;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.spi.SecretResolver;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code vault:MOUNT/PATH#KEY} from the key-value engine of a Vault server, one request for each path and version.
 * Plain HTTP is taken for loopback addresses only, redirects are never followed, and an answer is bounded in time and size.
 * Immutable and safe for use by several threads.
 *
 * <p>Source: secrets-dr-security §3.
 */
public final class VaultSecrets implements SecretResolver {
    private static final int BODY = 4 << 20;

    private final URI address;
    private final SecretValue token;
    private final String namespace;
    private final int engine;
    private final Duration deadline;
    private final HttpClient client;

    private VaultSecrets(Builder builder) {
        this.address = builder.address;
        this.token = builder.token;
        this.namespace = builder.namespace;
        this.engine = builder.engine;
        this.deadline = builder.deadline;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(builder.deadline)
                .build();
    }

    /**
     * Begins a resolver.
     *
     * @param address such as {@code https://vault.example.com:8200}
     * @param token the client token
     * @throws IllegalArgumentException when the address is neither https nor http on a loopback address
     */
    public static Builder builder(URI address, SecretValue token) {
        return new Builder(address, token);
    }

    @Override
    public List<String> schemes() {
        return List.of("vault");
    }

    @Override
    public Outcome<Map<Ref, SecretValue>> resolve(List<Ref> refs) {
        long end = System.nanoTime() + deadline.toNanos();
        Map<String, JsonObject> read = new LinkedHashMap<>();
        Map<Ref, SecretValue> values = new LinkedHashMap<>();
        for (Ref ref : refs) {
            String path = ref.path() + "?" + ref.version();
            JsonObject data = read.get(path);
            if (data == null) {
                Outcome<JsonObject> answer = ask(ref, end - System.nanoTime());
                data = answer.orNull();
                if (data == null) {
                    return Outcome.failed(answer.problems());
                }
                read.put(path, data);
            }
            Json value = ref.key().isEmpty() ? data : data.get(ref.key());
            if (value == null || value.isNull()) {
                return Outcome.failed(Problem.error("MISSING_SECRET", ref.path() + " has no " + ref.key()));
            }
            String text = value.textOrNull();
            values.put(ref, SecretValue.utf8(text == null ? value.toJson() : text));
        }
        return Outcome.of(values);
    }

    private Outcome<JsonObject> ask(Ref ref, long nanos) {
        if (nanos <= 0) {
            return timeout(ref);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(ref))
                .header("X-Vault-Token", token.revealUtf8())
                .header("X-Vault-Request", "true");
        if (!namespace.isEmpty()) {
            request.header("X-Vault-Namespace", namespace);
        }
        CompletableFuture<HttpResponse<byte @Nullable []>> sent =
                client.sendAsync(request.build(), info -> new BoundedBody(BODY));
        try {
            HttpResponse<byte @Nullable []> response = sent.get(nanos, TimeUnit.NANOSECONDS);
            return data(ref, response.statusCode(), response.body());
        } catch (TimeoutException e) {
            sent.cancel(true);
            return timeout(ref);
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            return timeout(ref);
        } catch (ExecutionException e) {
            return failed("SECRET_BACKEND", ref, "the server cannot be reached");
        }
    }

    private Outcome<JsonObject> data(Ref ref, int status, byte @Nullable [] body) {
        if (status == 404) {
            return failed("MISSING_SECRET", ref, "was not found");
        }
        if (status == 403 || status == 401) {
            return failed("SECRET_FORBIDDEN", ref, "is not permitted to this token");
        }
        if (status != 200) {
            return failed("SECRET_BACKEND", ref, "the server answered " + status);
        }
        if (body == null) {
            return failed("VALUE_SIZE", ref, "the answer has more than " + BODY + " bytes");
        }
        Json read = JsonReader.parse(new String(body, StandardCharsets.UTF_8)).orNull();
        JsonObject data = read instanceof JsonObject object ? object.object("data") : JsonObject.empty();
        Json inner = engine == 2 ? data.get("data") : data;
        return inner instanceof JsonObject found
                ? Outcome.of(found)
                : failed("MISSING_SECRET", ref, "was deleted or is no secret");
    }

    /** Version 2 of the engine has {@code data} after the mount, which a path may say itself. */
    private URI uri(Ref ref) {
        List<String> segments = List.of(ref.path().split("/", -1));
        boolean inserts = engine == 2 && segments.size() > 1 && !segments.get(1).equals("data");
        StringBuilder path = new StringBuilder("/v1");
        for (int i = 0; i < segments.size(); i++) {
            path.append('/').append(encoded(segments.get(i)));
            if (i == 0 && inserts) {
                path.append("/data");
            }
        }
        String query = ref.version().isEmpty() || engine != 2 ? "" : "?version=" + encoded(ref.version());
        return address.resolve(path + query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Outcome<JsonObject> timeout(Ref ref) {
        return failed("TIMEOUT", ref, "was not answered within " + deadline.toMillis() + " ms");
    }

    private static Outcome<JsonObject> failed(String code, Ref ref, String why) {
        return Outcome.failed(Problem.error(code, ref.path() + ": " + why));
    }

    @Override
    public String toString() {
        return "VaultSecrets[" + address + "]";
    }

    /** Collects the parts of a resolver. */
    public static final class Builder {
        private final URI address;
        private final SecretValue token;
        private String namespace = "";
        private int engine = 2;
        private Duration deadline = Duration.ofSeconds(10);

        private Builder(URI address, SecretValue token) {
            String host = address.getHost() == null ? "" : address.getHost();
            boolean loopback = host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("localhost");
            if (!"https".equals(address.getScheme()) && !("http".equals(address.getScheme()) && loopback)) {
                throw new IllegalArgumentException("the address of a server is https: " + address);
            }
            if (address.getUserInfo() != null) {
                throw new IllegalArgumentException("an address holds no credentials");
            }
            this.address = address;
            this.token = token;
        }

        /** The namespace of an enterprise server; none by default. */
        public Builder namespace(String name) {
            namespace = name;
            return this;
        }

        /** Version of the key-value engine, 1 or 2; 2 by default. */
        public Builder engine(int version) {
            if (version != 1 && version != 2) {
                throw new IllegalArgumentException("the engine is 1 or 2: " + version);
            }
            engine = version;
            return this;
        }

        /** For all requests of one call together; ten seconds by default. */
        public Builder deadline(Duration time) {
            deadline = time;
            return this;
        }

        /** The resolver. */
        public VaultSecrets build() {
            return new VaultSecrets(this);
        }
    }
}
