package io.gitops4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import org.junit.jupiter.api.Test;

class ApplicationTest {
    private static final String GOOD = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: shop
              namespace: argocd
              finalizers: [resources-finalizer.argocd.argoproj.io]
            spec:
              project: team
              source:
                repoURL: https://git.example/shop.git
                targetRevision: main
                path: overlays/prod
                kustomize: {namePrefix: p-}
              destination: {server: https://kubernetes.default.svc, namespace: shop}
              syncPolicy:
                automated: {prune: true, selfHeal: true}
                syncOptions: [CreateNamespace=true]
              ignoreDifferences:
                - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}
            """;

    @Test
    void application_givesItsPartsAndKeepsItsBody() {
        Application application = read(GOOD).orThrow();

        assertThat(application.project()).isEqualTo("team");
        assertThat(application.sources()).hasSize(1);
        assertThat(application.sources().get(0).explicitTypes()).containsExactly("kustomize");
        assertThat(application.destination().namespace()).isEqualTo("shop");
        assertThat(application.syncPolicy().automated()).isTrue();
        assertThat(application.syncPolicy().prune()).isTrue();
        assertThat(application.syncPolicy().allowEmpty()).isFalse();
        assertThat(application.syncPolicy().option("CreateNamespace", "true")).isTrue();
        assertThat(application.ignoreDifferences().get(0).jsonPointers()).containsExactly("/spec/replicas");
        assertThat(application.revisionHistoryLimit()).isEqualTo(10);
        assertThat(application.body().toJson()).isEqualTo(manifest(GOOD).body().toJson());
    }

    @Test
    void unknownField_isAWarning() {
        Outcome<Application> read = read(GOOD.replace("project: team", "project: team\n  colour: red"));

        assertThat(read.ok()).isTrue();
        assertThat(read.problems()).extracting(Problem::code).containsExactly("APP_FIELD_UNKNOWN");
        assertThat(read.problems().get(0).text()).contains("spec.colour");
    }

    @Test
    void fieldOfAWrongType_isAnErrorThatNamesIt() {
        Outcome<Application> read = read(GOOD.replace("{prune: true", "{prune: \"yes\""));

        assertThat(read.errors()).extracting(Problem::code).containsExactly("APP_FIELD_TYPE");
        assertThat(read.errors().get(0).text()).contains("spec.syncPolicy.automated.prune");
    }

    @Test
    void destination_withServerAndName_isAnError() {
        assertThat(codes(GOOD.replace("namespace: shop}", "namespace: shop, name: prod}")))
                .containsExactly("APP_DESTINATION_AMBIGUOUS");
    }

    @Test
    void source_thatPointsOutsideItsRepository_isAnError() {
        assertThat(codes(GOOD.replace("overlays/prod", "overlays/../../etc"))).containsExactly("APP_PATH_OUTSIDE");
        assertThat(codes(GOOD.replace("overlays/prod", "/etc"))).containsExactly("APP_PATH_OUTSIDE");
    }

    @Test
    void source_ofTwoTypes_isAnErrorThatListsThem() {
        assertThat(codes(GOOD.replace("kustomize: {namePrefix: p-}", "kustomize: {namePrefix: p-}\n    helm: {}")))
                .containsExactly("APP_SOURCE_TYPES");
    }

    @Test
    void sources_winOverSource_andRefsMustBeUnique() {
        String many = GOOD.replace(
                "  destination:",
                "  sources:\n    - {repoURL: https://a, path: x, ref: v}\n    - {repoURL: https://b, ref: v}\n  destination:");

        assertThat(codes(many)).containsExactly("APP_REF_DUPLICATE");
    }

    @Test
    void automated_withEnabledFalse_isOff() {
        Application application = read(GOOD.replace("{prune: true", "{enabled: false, prune: true"))
                .orThrow();

        assertThat(application.syncPolicy().automated()).isFalse();
    }

    @Test
    void hydratedApplication_syncsFromTheSyncSource() {
        Application application = Application.trusted(manifest("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: Application
                        metadata: {name: h}
                        spec:
                          destination: {name: prod}
                          sourceHydrator:
                            drySource: {repoURL: https://git.example/dry.git, path: dry, targetRevision: HEAD}
                            syncSource: {targetBranch: env/prod, path: out}
                        """).body());

        assertThat(application.sources().get(0).repoUrl()).isEqualTo("https://git.example/dry.git");
        assertThat(application.sources().get(0).targetRevision()).isEqualTo("env/prod");
        assertThat(application.project()).isEqualTo("default");
    }

    @Test
    void projectAndSet_areReadWithTheirFields() {
        AppProject project = AppProject.of(manifest("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: AppProject
                        metadata: {name: team}
                        spec:
                          sourceRepos: [https://git.example/*]
                          destinations: [{server: '*', namespace: team-*}]
                          clusterResourceWhitelist: [{group: '', kind: Namespace}]
                          orphanedResources: {warn: true}
                        """)).orThrow();
        ApplicationSet set = ApplicationSet.of(manifest("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: ApplicationSet
                        metadata: {name: all}
                        spec:
                          goTemplate: true
                          generators: [{list: {elements: [{a: b}]}}]
                          template: {metadata: {name: x}, spec: {}}
                        """)).orThrow();

        assertThat(project.sourceRepos()).containsExactly("https://git.example/*");
        assertThat(project.kinds("clusterResourceWhitelist")).hasSize(1);
        assertThat(project.kinds("namespaceResourceWhitelist")).isNull();
        assertThat(project.warnsOfOrphans()).isTrue();
        assertThat(set.goTemplate()).isTrue();
        assertThat(set.generators()).hasSize(1);
        assertThat(set.applicationsSync()).isEqualTo("sync");
    }

    private static java.util.List<String> codes(String yaml) {
        return read(yaml).errors().stream().map(Problem::code).toList();
    }

    private static Outcome<Application> read(String yaml) {
        return Application.of(manifest(yaml));
    }

    private static Manifest manifest(String yaml) {
        return YamlReader.kubectl().readManifests("app.yaml", yaml).orThrow().get(0);
    }
}
