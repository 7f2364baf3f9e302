package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApplicationDependenciesTest {
    private final Map<String, Application> known = new LinkedHashMap<>();

    private Application add(String name, String needs, String status) {
        JsonObject body = (JsonObject) YamlReader.kubectl()
                .read(
                        "a.yaml",
                        "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: " + name
                                + ", namespace: argocd, annotations: {" + needs + "}}, status: {" + status + "}}")
                .orThrow();
        Application application = Application.trusted(body);
        known.put(application.qualifiedName(), application);
        return application;
    }

    private Optional<Application> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Test
    void names_areTakenFromTheSameNamespace_unlessTheyHaveOne() {
        Application app = add("app", "gitops4j.io/depends-on: 'db, infra/net, db'", "");

        assertThat(ApplicationDependencies.of(app)).containsExactly("argocd/db", "infra/net");
        assertThat(ApplicationDependencies.of(add("free", "", ""))).isEmpty();
    }

    @Test
    void application_waitsUntilWhatItNeedsIsSyncedAndHealthy_orAsItSaysItself() {
        Application app = add("app", "gitops4j.io/depends-on: db", "");
        add("db", "", "sync: {status: Synced}, health: {status: Progressing}");
        assertThat(ApplicationDependencies.waitsFor(app, this::find).orThrow())
                .contains("waits for argocd/db, which is Synced and Progressing");
        add("db", "", "sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Running}");
        assertThat(ApplicationDependencies.waitsFor(app, this::find).orThrow()).isPresent();
        add("db", "", "sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Succeeded}");
        assertThat(ApplicationDependencies.waitsFor(app, this::find).orThrow()).isEmpty();

        Application own = add(
                "own",
                "gitops4j.io/depends-on: db, gitops4j.io/ready-when: \"status.health.status in ['Healthy', 'Suspended']\"",
                "");
        add("db", "", "sync: {status: OutOfSync}, health: {status: Suspended}");
        assertThat(ApplicationDependencies.waitsFor(own, this::find).orThrow()).isEmpty();
        Application broken = add("broken", "gitops4j.io/depends-on: db, gitops4j.io/ready-when: 'status.('", "");
        assertThat(ApplicationDependencies.waitsFor(broken, this::find).errors())
                .extracting(Problem::code)
                .containsExactly("APP_DEPENDS_CONDITION");
    }

    @Test
    void unknownNamesAndCircles_areErrorsThatNameThem() {
        Application lost = add("lost", "gitops4j.io/depends-on: nowhere", "");
        assertThat(ApplicationDependencies.waitsFor(lost, this::find).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("argocd/nowhere"));
        Application a = add("a", "gitops4j.io/depends-on: b", "");
        Application b = add("b", "gitops4j.io/depends-on: c", "");
        Application c = add("c", "gitops4j.io/depends-on: a", "");
        assertThat(ApplicationDependencies.waitsFor(a, this::find).errors())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("APP_DEPENDS_CYCLE");
                    assertThat(problem.text()).contains("argocd/a -> argocd/b -> argocd/c -> argocd/a");
                });
        assertThat(ApplicationDependencies.stages(List.of(a, b, c)).errors())
                .extracting(Problem::code)
                .containsOnly("APP_DEPENDS_CYCLE");
    }

    @Test
    void stages_holdEveryApplicationBehindWhatItNeeds() {
        Application web = add("web", "gitops4j.io/depends-on: 'api, elsewhere'", "");
        Application api = add("api", "gitops4j.io/depends-on: db", "");
        Application db = add("db", "", "");
        Application other = add("other", "", "");

        assertThat(ApplicationDependencies.stages(List.of(web, api, db, other)).orThrow())
                .containsExactly(List.of(db, other), List.of(api), List.of(web));
    }
}
