package io.gitops4j.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.AppProject;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectTest {
    @Test
    void refusal_takesOut_andPermitsNothingByItself() {
        AppProject project = project("sourceRepos: ['!https://git.example/secret.git']");

        assertThat(ProjectRules.of(project).permitsSource("https://git.example/open.git"))
                .isFalse();
        assertThat(ProjectRules.asArgoCd(project).permitsSource("https://git.example/open.git"))
                .isTrue();

        ProjectRules both =
                ProjectRules.of(project("sourceRepos: ['https://git.example/*', '!https://git.example/secret']"));
        assertThat(both.permitsSource("https://git.example/open.git")).isTrue();
        assertThat(both.permitsSource("https://GIT.example/secret.git")).isFalse();
        assertThat(both.permitsSource("https://git.example/a/b")).isFalse();
    }

    @Test
    void destinations_needServerOrNameAndNamespace() {
        ProjectRules rules = ProjectRules.of(project(
                "destinations: [{server: 'https://*.example', namespace: 'team-*'}, {name: prod, namespace: web},"
                        + " {server: '*', namespace: '!kube-system'}]"));

        assertThat(rules.permitsDestination("https://eu.example", "", "team-a", List.of()))
                .isTrue();
        assertThat(rules.permitsDestination("https://other", "prod", "web", List.of()))
                .isTrue();
        assertThat(rules.permitsDestination("https://eu.example", "", "kube-system", List.of()))
                .isFalse();
        assertThat(rules.permitsDestination("https://eu.example", "", "other", List.of()))
                .isFalse();
    }

    @Test
    void kinds_clusterScopedNeedAnAllowList_namespacedDoNot() {
        ProjectRules none = ProjectRules.of(project("{}"));
        assertThat(none.permitsKind("", "Namespace", "x", false)).isFalse();
        assertThat(none.permitsKind("apps", "Deployment", "x", true)).isTrue();

        ProjectRules lists =
                ProjectRules.of(project("{clusterResourceWhitelist: [{group: '', kind: Namespace, name: 'team-*'}],"
                        + " namespaceResourceBlacklist: [{group: '', kind: Secret}], namespaceResourceWhitelist: []}"));
        assertThat(lists.permitsKind("", "Namespace", "team-a", false)).isTrue();
        assertThat(lists.permitsKind("", "Namespace", "kube-system", false)).isFalse();
        assertThat(lists.permitsKind("", "ConfigMap", "x", true)).isFalse();
    }

    @Test
    void projectScopedClusters_andSourceNamespaces_andOrphans() {
        ProjectRules rules = ProjectRules.of(
                project("{permitOnlyProjectScopedClusters: true, destinations: [{server: '*', namespace: '*'}],"
                        + " sourceNamespaces: ['/^team-[ab]$/', 'x*'], orphanedResources: {ignore: [{kind: Job}]}}"));

        assertThat(rules.permitsDestination("https://eu", "", "x", List.of())).isFalse();
        assertThat(rules.permitsDestination("https://eu", "", "x", List.of("https://eu")))
                .isTrue();
        assertThat(rules.permitsApplicationsIn("team-a", "argocd")).isTrue();
        assertThat(rules.permitsApplicationsIn("team-c", "argocd")).isFalse();
        assertThat(rules.ignoresOrphan("", "ConfigMap", "kube-root-ca.crt")).isTrue();
        assertThat(rules.ignoresOrphan("", "Job", "any")).isTrue();
        assertThat(rules.ignoresOrphan("", "Secret", "any")).isFalse();
    }

    @Test
    void validation_namesEveryMistake() {
        List<Problem> problems = ProjectValidation.check(project("""
                {sourceRepos: ['!*', a, a], destinations: [{server: '*', namespace: '!*'}],
                 roles: [{name: 'bad name', groups: ['', ' x'], policies: ['p, proj:p:bad name, applications, fly, p/*, allow']}],
                 syncWindows: [{kind: x, schedule: '* * * * *', duration: 1h, applications: ['*']}],
                 destinationServiceAccounts: [{server: '!a', namespace: x, defaultServiceAccount: 'a/b'}]}"""));

        assertThat(problems)
                .extracting(Problem::code)
                .contains(
                        "PROJECT_SOURCE",
                        "PROJECT_DUPLICATE",
                        "PROJECT_DESTINATION",
                        "PROJECT_ROLE",
                        "PROJECT_GROUP",
                        "PROJECT_POLICY",
                        "WINDOW_KIND",
                        "PROJECT_SERVICE_ACCOUNT");
        assertThat(ProjectValidation.check(project("{sourceRepos: ['*']}"))).isEmpty();
    }

    @Test
    void denyWindow_blocks_unlessManualOrOverrun() {
        String deny = "{kind: deny, schedule: '0 10 * * *', duration: 1h, applications: ['*']";
        Instant open = Instant.parse("2024-02-29T10:30:00Z");

        assertThat(windows(deny + "}").allow(open, false, null)).isFalse();
        assertThat(windows(deny + ", manualSync: true}").allow(open, true, null))
                .isTrue();
        assertThat(windows(deny + ", syncOverrun: true}").allow(open, false, Instant.parse("2024-02-29T09:30:00Z")))
                .isTrue();
        assertThat(windows(deny + "}").allow(Instant.parse("2024-02-29T11:00:00Z"), false, null))
                .isTrue();
    }

    @Test
    void allowWindow_closed_blocks() {
        SyncWindows allow = windows("{kind: allow, schedule: '0 20 * * *', duration: 1h, applications: ['*']}");

        assertThat(allow.allow(Instant.parse("2024-02-29T10:30:00Z"), true, null))
                .isFalse();
        assertThat(allow.allow(Instant.parse("2024-02-29T20:30:00Z"), false, null))
                .isTrue();
    }

    @Test
    void window_followsTheWallClockOfItsZone_onBothSidesOfAChange() {
        SyncWindows berlin = windows(
                "{kind: allow, schedule: '0 10 * * *', duration: 1h, timeZone: Europe/Berlin, applications: ['*']}");

        assertThat(berlin.open(Instant.parse("2024-01-15T09:30:00Z"))).hasSize(1);
        assertThat(berlin.open(Instant.parse("2024-07-15T08:30:00Z"))).hasSize(1);
        assertThat(berlin.open(Instant.parse("2024-07-15T09:30:00Z"))).isEmpty();
    }

    @Test
    void unknownZone_isNotDecidable_soNothingRuns() {
        assertThat(windows("{kind: deny, schedule: '0 1 * * *', duration: 1m, timeZone: No/Where, applications: ['*']}")
                        .allow(Instant.parse("2024-07-15T09:30:00Z"), false, null))
                .isFalse();
    }

    @Test
    void windows_matchByApplicationNamespaceOrCluster() {
        SyncWindows windows = windows("{kind: deny, schedule: '* * * * *', duration: 1h, andOperator: true,"
                + " applications: ['web*'], clusters: ['prod']}");

        assertThat(windows.matching("web", "ns", "https://x", "prod").windows()).hasSize(1);
        assertThat(windows.matching("web", "ns", "https://x", "dev").windows()).isEmpty();
    }

    @Test
    void cron_findsTheNextTime() {
        assertThat(next("0 0 29 2 *", "2024-03-01T00:00Z")).isEqualTo("2028-02-29T00:00Z");
        assertThat(next("*/15 9-17 * * MON-FRI", "2024-03-01T17:50Z")).isEqualTo("2024-03-04T09:00Z");
        assertThat(next("0 12 13 * 5", "2024-03-01T00:00Z")).isEqualTo("2024-03-01T12:00Z");
        assertThat(CronSchedule.parse("0 0 30 2 *").orThrow().next(ZonedDateTime.parse("2024-03-01T00:00Z")))
                .isEmpty();
        assertThat(CronSchedule.parse("TZ=Asia/Tokyo 0 9 * * *").orThrow().zone())
                .contains(ZoneId.of("Asia/Tokyo"));
    }

    @Test
    void cron_refusesWhatIsNoSchedule() {
        for (String bad : List.of(
                "",
                "@daily",
                "* * * *",
                "60 * * * *",
                "5-1 * * * *",
                "* * * * 7",
                "*/0 * * * *",
                "x * * * *",
                "1-2-3 * * * *",
                "TZ=No/Where * * * * *")) {
            assertThat(CronSchedule.parse(bad).errors())
                    .as(bad)
                    .extracting(Problem::code)
                    .containsExactly("CRON_INVALID");
        }
    }

    private static String next(String schedule, String from) {
        return CronSchedule.parse(schedule)
                .orThrow()
                .next(ZonedDateTime.parse(from))
                .orElseThrow()
                .toString();
    }

    private static SyncWindows windows(String yaml) {
        return SyncWindows.of(List.of(object(yaml))).orThrow();
    }

    private static AppProject project(String spec) {
        return AppProject.of("p", object(spec));
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
