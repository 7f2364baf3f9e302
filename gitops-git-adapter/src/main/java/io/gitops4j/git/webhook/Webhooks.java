package io.gitops4j.git.webhook;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads the payloads of GitHub, GitLab, Bitbucket (Cloud and Server) and Gitea. Where a secret is set for a host, a payload
 * without its signature is refused. Immutable.
 *
 * <p>Source: secrets-dr-security §7.1 T25, §8 row 105.
 */
public final class Webhooks {
    private static final int LARGEST = 1 << 20;
    private static final int MOST_FILES = 10_000;
    private static final Limits PAYLOAD =
            Limits.builder().documentBytes(LARGEST).depth(64).build();

    private final Map<String, String> secrets;

    private Webhooks(Map<String, String> secrets) {
        this.secrets = secrets;
    }

    /** Webhooks without secrets: whoever calls can make Applications refresh, and nothing else. */
    public static Webhooks unsigned() {
        return new Webhooks(Map.of());
    }

    /** A copy that wants payloads of a host ({@code github}, {@code gitlab}, {@code bitbucket}, {@code gitea}) signed. */
    public Webhooks withSecret(String host, String secret) {
        Map<String, String> all = new LinkedHashMap<>(secrets);
        all.put(host, secret);
        return new Webhooks(all);
    }

    /**
     * The change that a payload tells of.
     *
     * @param headers of the HTTP request
     * @param body its bytes. Problems: {@code WEBHOOK_SIZE} (answer 413), {@code WEBHOOK_UNKNOWN}, {@code WEBHOOK_SIGNATURE},
     *     {@code WEBHOOK_BODY}, {@code WEBHOOK_IGNORED} (an event that changes no source)
     */
    public Outcome<SourceChanged> read(Map<String, String> headers, byte[] body) {
        if (body.length > LARGEST) {
            return refuse("WEBHOOK_SIZE", "the payload is larger than 1 MiB");
        }
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        String host = host(byName);
        if (host.isEmpty()) {
            return refuse("WEBHOOK_UNKNOWN", "the request comes from no Git host that is known");
        }
        if (!isSigned(host, byName, body)) {
            return refuse("WEBHOOK_SIGNATURE", "the signature of the payload does not fit the secret for " + host);
        }
        Json parsed = JsonReader.parse("", new String(body, StandardCharsets.UTF_8), PAYLOAD)
                .orNull();
        if (!(parsed instanceof JsonObject payload)) {
            return refuse("WEBHOOK_BODY", "the payload is no JSON object, or nested too deep");
        }
        SourceChanged change = switch (host) {
            case "gitlab" -> gitlab(payload);
            case "bitbucket" -> bitbucket(payload);
            default -> github(host, payload);
        };
        return change.urls().isEmpty() || !isPush(host, byName)
                ? refuse("WEBHOOK_IGNORED", "the event changes no source")
                : Outcome.of(change);
    }

    private static String host(Map<String, String> headers) {
        // Gitea also sends GitHub's headers, so it is asked first.
        if (headers.containsKey("X-Gitea-Event") || headers.containsKey("X-Gogs-Event")) {
            return "gitea";
        }
        if (headers.containsKey("X-GitHub-Event")) {
            return "github";
        }
        if (headers.containsKey("X-Gitlab-Event")) {
            return "gitlab";
        }
        return headers.containsKey("X-Event-Key") ? "bitbucket" : "";
    }

    private static boolean isPush(String host, Map<String, String> headers) {
        String event = headers.getOrDefault(
                        switch (host) {
                            case "gitea" -> headers.containsKey("X-Gitea-Event") ? "X-Gitea-Event" : "X-Gogs-Event";
                            case "gitlab" -> "X-Gitlab-Event";
                            case "bitbucket" -> "X-Event-Key";
                            default -> "X-GitHub-Event";
                        },
                        "")
                .toLowerCase(Locale.ROOT);
        return event.contains("push") || event.equals("create") || event.contains("refs_changed");
    }

    private boolean isSigned(String host, Map<String, String> headers, byte[] body) {
        String secret = secrets.get(host);
        if (secret == null) {
            return true;
        }
        if (host.equals("gitlab")) {
            return same(secret, headers.getOrDefault("X-Gitlab-Token", ""));
        }
        String hex = hmac(secret, body);
        return switch (host) {
            case "github" -> same("sha256=" + hex, headers.getOrDefault("X-Hub-Signature-256", ""));
            case "bitbucket" -> same("sha256=" + hex, headers.getOrDefault("X-Hub-Signature", ""));
            default ->
                same(hex, headers.getOrDefault("X-Gitea-Signature", headers.getOrDefault("X-Gogs-Signature", "")));
        };
    }

    /** Takes as long for every wrong value of one length. */
    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("HMAC-SHA256 needs a secret that is not empty", e);
        }
    }

    private static SourceChanged github(String host, JsonObject payload) {
        JsonObject repository = payload.object("repository");
        return new SourceChanged(
                host,
                texts(repository, "clone_url", "ssh_url", "html_url", "git_url"),
                fullRef(payload.text("ref", ""), payload.text("ref_type", "branch")),
                payload.text("before", ""),
                payload.text("after", ""),
                files(payload.array("commits")),
                repository.text("default_branch", ""));
    }

    private static SourceChanged gitlab(JsonObject payload) {
        JsonObject project = payload.object("project");
        return new SourceChanged(
                "gitlab",
                texts(project, "git_http_url", "git_ssh_url", "web_url"),
                payload.text("ref", ""),
                payload.text("before", ""),
                payload.text("after", ""),
                files(payload.array("commits")),
                project.text("default_branch", ""));
    }

    private static SourceChanged bitbucket(JsonObject payload) {
        JsonObject repository = payload.object("repository");
        List<String> urls = new ArrayList<>(texts(repository.object("links").object("html"), "href"));
        for (Json link : repository.object("links").array("clone")) {
            if (link instanceof JsonObject named) {
                urls.addAll(texts(named, "href"));
            }
        }
        JsonObject change = first(payload.object("push").array("changes"));
        if (!change.isEmpty()) {
            JsonObject now = change.object("new").isEmpty() ? change.object("old") : change.object("new");
            return new SourceChanged(
                    "bitbucket",
                    urls,
                    fullRef(now.text("name", ""), now.text("type", "branch")),
                    change.object("old").object("target").text("hash", ""),
                    change.object("new").object("target").text("hash", ""),
                    List.of(),
                    repository.object("mainbranch").text("name", ""));
        }
        JsonObject moved = first(payload.array("changes"));
        return new SourceChanged(
                "bitbucket",
                urls,
                moved.object("ref").text("id", ""),
                moved.text("fromHash", ""),
                moved.text("toHash", ""),
                List.of(),
                "");
    }

    private static String fullRef(String ref, String type) {
        return ref.isEmpty() || ref.startsWith("refs/")
                ? ref
                : (type.equals("tag") ? "refs/tags/" : "refs/heads/") + ref;
    }

    private static JsonObject first(JsonArray array) {
        return !array.isEmpty() && array.get(0) instanceof JsonObject object ? object : JsonObject.empty();
    }

    private static List<String> texts(JsonObject object, String... fields) {
        List<String> texts = new ArrayList<>();
        for (String field : fields) {
            @Nullable String text = object.text(field);
            if (text != null && !text.isBlank()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static List<String> files(JsonArray commits) {
        Set<String> files = new LinkedHashSet<>();
        for (Json item : commits) {
            if (!(item instanceof JsonObject commit)) {
                continue;
            }
            for (String list : List.of("added", "modified", "removed")) {
                for (Json file : commit.array(list)) {
                    String path = file.textOrNull();
                    if (path != null && files.size() < MOST_FILES) {
                        files.add(path);
                    }
                }
            }
        }
        return List.copyOf(files);
    }

    private static <T> Outcome<T> refuse(String code, String why) {
        return Outcome.failed(Problem.error(code, why));
    }
}
