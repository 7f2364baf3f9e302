package io.gitops4j.git.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {
    private static final String GITHUB = """
            {"ref":"refs/heads/main","before":"a1","after":"b2",
             "repository":{"clone_url":"https://github.com/Org/Repo.git","ssh_url":"git@github.com:Org/Repo.git",
             "default_branch":"main"},
             "commits":[{"added":["apps/x.yaml"],"modified":["README"],"removed":[]},{"removed":["old"]}]}""";

    @Test
    void github_pushIsRead() {
        SourceChanged change = Webhooks.unsigned()
                .read(Map.of("x-github-event", "push"), bytes(GITHUB))
                .orThrow();
        assertThat(change.host()).isEqualTo("github");
        assertThat(change.ref()).isEqualTo("refs/heads/main");
        assertThat(change.before() + change.after()).isEqualTo("a1b2");
        assertThat(change.files()).containsExactly("apps/x.yaml", "README", "old");
        assertThat(change.concerns("https://github.com/org/repo", "HEAD")).isTrue();
        assertThat(change.concerns("ssh://git@github.com/org/repo.git", "main")).isTrue();
        assertThat(change.concerns("git@github.com:org/repo.git", "refs/heads/main"))
                .isTrue();
        assertThat(change.concerns("https://github.com/org/repo", "release")).isFalse();
        assertThat(change.concerns("https://github.com/org/other", "HEAD")).isFalse();
        assertThat(change.concerns("https://evil.example.com/org/repo", "HEAD")).isFalse();
    }

    @Test
    void gitlabBitbucketAndGitea_areRead() {
        SourceChanged gitlab = Webhooks.unsigned()
                .read(Map.of("X-Gitlab-Event", "Tag Push Hook"), bytes("""
                        {"object_kind":"tag_push","ref":"refs/tags/v1.2.0","before":"0","after":"c",
                        "project":{"git_http_url":"https://gitlab.example.com/g/p.git","default_branch":"main"}}"""))
                .orThrow();
        assertThat(gitlab.concerns("https://gitlab.example.com/g/p", "1.x")).isTrue();
        assertThat(gitlab.concerns("https://gitlab.example.com/g/p", "HEAD")).isFalse();
        SourceChanged cloud = Webhooks.unsigned()
                .read(Map.of("X-Event-Key", "repo:push"), bytes("""
                        {"push":{"changes":[{"new":{"type":"branch","name":"main","target":{"hash":"d"}},
                        "old":{"target":{"hash":"c"}}}]},
                        "repository":{"links":{"html":{"href":"https://bitbucket.org/team/repo"}}}}"""))
                .orThrow();
        assertThat(cloud.ref()).isEqualTo("refs/heads/main");
        assertThat(cloud.after()).isEqualTo("d");
        SourceChanged server = Webhooks.unsigned()
                .read(Map.of("X-Event-Key", "repo:refs_changed"), bytes("""
                        {"changes":[{"ref":{"id":"refs/heads/dev"},"fromHash":"1","toHash":"2"}],
                        "repository":{"links":{"clone":[{"name":"http","href":"https://bb.example.com/scm/p/r.git"}]}}}"""))
                .orThrow();
        assertThat(server.concerns("https://bb.example.com/scm/p/r", "dev")).isTrue();
        SourceChanged gitea = Webhooks.unsigned()
                .read(
                        Map.of("X-Gitea-Event", "push", "X-GitHub-Event", "push"),
                        bytes(GITHUB.replace("github.com", "gitea.example.com")))
                .orThrow();
        assertThat(gitea.host()).isEqualTo("gitea");
    }

    @ParameterizedTest
    @CsvSource({
        "github, X-GitHub-Event, push, X-Hub-Signature-256, sha256=",
        "bitbucket, X-Event-Key, repo:push, X-Hub-Signature, sha256=",
        "gitea, X-Gitea-Event, push, X-Gitea-Signature, ''",
    })
    void signature_mustFit(String host, String event, String kind, String header, String prefix) throws Exception {
        Webhooks webhooks = Webhooks.unsigned().withSecret(host, "s3cret");
        byte[] body = bytes(
                host.equals("bitbucket")
                        ? "{\"repository\":{\"links\":{\"html\":{\"href\":\"https://bitbucket.org/a/b\"}}}}"
                        : GITHUB);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(bytes("s3cret"), "HmacSHA256"));
        String good = prefix + HexFormat.of().formatHex(mac.doFinal(body));
        assertThat(webhooks.read(Map.of(event, kind, header, good), body).ok()).isTrue();
        for (String bad : List.of("", prefix + "00", good.replace('a', 'b').replace('0', '1'))) {
            assertThat(webhooks.read(Map.of(event, kind, header, bad), body).problems())
                    .extracting(Problem::code)
                    .containsExactly("WEBHOOK_SIGNATURE");
        }
        assertThat(webhooks.read(Map.of(event, kind), body).ok()).isFalse();
    }

    @Test
    void gitlabToken_mustBeTheSecret() {
        Webhooks webhooks = Webhooks.unsigned().withSecret("gitlab", "s3cret");
        byte[] body = bytes("{\"ref\":\"refs/heads/main\",\"project\":{\"web_url\":\"https://gitlab.com/a/b\"}}");
        assertThat(webhooks.read(Map.of("X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", "s3cret"), body)
                        .ok())
                .isTrue();
        assertThat(webhooks.read(Map.of("X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", "S3cret"), body)
                        .problems())
                .singleElement()
                .satisfies(p -> {
                    assertThat(p.code()).isEqualTo("WEBHOOK_SIGNATURE");
                    assertThat(p.display()).doesNotContain("s3cret");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"repository\":{\"clone_url\":\"https://h/x\"},\"commits\":null}",
                "{\"repository\":{\"clone_url\":\"https://h/x\"},\"commits\":[null,1,{\"added\":[null,2]}]}",
                "{\"repository\":{\"clone_url\":\"https://h/x\"},\"ref\":null,\"before\":5}",
            })
    void missingOrWrongFields_areARefreshWithoutParticulars(String body) {
        SourceChanged change = Webhooks.unsigned()
                .read(Map.of("X-GitHub-Event", "push"), bytes(body))
                .orThrow();
        assertThat(change.files()).isEmpty();
        assertThat(change.concerns("https://h/x", "anything")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-GitHub-Event | push | {} | WEBHOOK_IGNORED",
                "X-GitHub-Event | star | {\"repository\":{\"clone_url\":\"https://h/x\"}} | WEBHOOK_IGNORED",
                "X-GitHub-Event | push | nonsense | WEBHOOK_BODY",
                "X-GitHub-Event | push | [] | WEBHOOK_BODY",
                "X-Nobody | push | {} | WEBHOOK_UNKNOWN",
                "X-GitHub-Event | push | {\"repository\":null} | WEBHOOK_IGNORED",
                "X-Event-Key | repo:push | {\"push\":{\"changes\":[null]},\"repository\":[]} | WEBHOOK_IGNORED",
            })
    void whatIsNoPush_isAProblem(String header, String event, String body, String code) {
        assertThat(Webhooks.unsigned().read(Map.of(header, event), bytes(body)).problems())
                .extracting(Problem::code)
                .containsExactly(code);
    }

    @Test
    void hugeOrDeepBodies_areRefused() {
        assertThat(Webhooks.unsigned()
                        .read(Map.of("X-GitHub-Event", "push"), new byte[2 << 20])
                        .problems())
                .extracting(Problem::code)
                .containsExactly("WEBHOOK_SIZE");
        assertThat(Webhooks.unsigned()
                        .read(Map.of("X-GitHub-Event", "push"), bytes("[".repeat(10_000)))
                        .problems())
                .extracting(Problem::code)
                .containsExactly("WEBHOOK_BODY");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
