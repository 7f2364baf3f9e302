package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildEditCliTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("kustomization.yaml"), """
                # our shop
                resources:
                - c.yaml # settings
                """);
        Files.writeString(folder.resolve("c.yaml"), """
                apiVersion: v1
                kind: Service
                metadata: {name: Web}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec: {template: {spec: {containers: [{name: w, image: nginx}]}}}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                """);
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return GitOpsCli.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void edit_keepsComments() throws IOException {
        String dir = folder.toString();
        assertThat(run("edit", "--dir", dir, "set", "image", "nginx=mirror/nginx:1.27", "redis:7"))
                .isZero();
        assertThat(run("edit", "--dir", dir, "set", "namespace", "shop")).isZero();
        assertThat(run("edit", "--dir", dir, "set", "nameprefix", "a-")).isZero();
        assertThat(run("edit", "--dir", dir, "set", "namesuffix", "--", "-z")).isZero();
        assertThat(run("edit", "--dir", dir, "add", "resource", "d.yaml", "e.yaml"))
                .isZero();
        assertThat(run("edit", "--dir", dir, "add", "component", "../c")).isZero();
        assertThat(run("edit", "--dir", dir, "remove", "resource", "e.yaml")).isZero();
        assertThat(folder.resolve("kustomization.yaml")).hasContent("""
                # our shop
                resources:
                - c.yaml # settings
                - d.yaml
                images:
                - name: nginx
                  newName: mirror/nginx
                  newTag: "1.27"
                - name: redis
                  newTag: "7"
                namespace: shop
                namePrefix: a-
                nameSuffix: -z
                components:
                - ../c
                """);
    }

    @Test
    void edit_ofNothing_isOneProblem() {
        assertThat(run("edit", "--dir", folder.resolve("gone").toString(), "set", "namespace", "x"))
                .isEqualTo(20);
        assertThat(err.toString()).contains("NO_KUSTOMIZATION");
        assertThat(run("edit", "--dir", folder.toString(), "set", "image", "nginx"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("IMAGE_ARGUMENT");
    }

    @Test
    void build_intoADirectory_writesOneFileForEachObject() throws IOException {
        Path to = Files.createDirectory(folder.resolve("out"));
        assertThat(run("build", folder.toString(), "-o", to.toString())).isZero();
        assertThat(out.toString()).isEmpty();
        try (Stream<Path> files = Files.list(to)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "apps_v1_deployment_web.yaml", "v1_namespace_shop.yaml", "v1_service_web.yaml");
        }
    }

    @Test
    void build_takesTheReferencesFlags() {
        assertThat(run("build", "--reorder", "none", folder.toString())).isZero();
        assertThat(out.toString()).startsWith("apiVersion: v1\nkind: Service");
        assertThat(run("build", folder.toString())).isZero();
        assertThat(out.toString()).startsWith("apiVersion: v1\nkind: Namespace");
        assertThat(run(
                        "build",
                        "--enable-helm",
                        "--enable-alpha-plugins",
                        "--enable-exec",
                        "--network",
                        "--network-name=x",
                        "--as-current-user",
                        "-e",
                        "A=b",
                        "--mount=type=bind",
                        "--helm-command=helm",
                        "--helm-debug",
                        "--helm-api-versions=a/v1",
                        "--helm-kube-version=1.30",
                        "--load-restrictor=LoadRestrictionsNone",
                        "--enable-managedby-label",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("app.kubernetes.io/managed-by: kustomize-");
        assertThat(err.toString()).contains("have no effect here");
        assertThat(run("build", "--reorder=some", folder.toString())).isEqualTo(2);
        assertThat(run("build", "--load-restrictor=some", folder.toString())).isEqualTo(2);
    }

    @Test
    void build_ofARemoteBase_isRefusedUnlessAllowed() throws IOException {
        Files.writeString(folder.resolve("kustomization.yaml"), "resources: ['https://github.com/org/repo?ref=v1']\n");
        assertThat(run("build", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("REMOTE_BASE_OFF");
        assertThat(run(
                        "build",
                        "--allow-remote",
                        "https://example.com/",
                        "--remote-cache",
                        folder.resolve("cache").toString(),
                        folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("REMOTE_REFUSED");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void build_ofABrokenFile_namesItByAPathThatOpens() throws IOException {
        Path file = folder.resolve("kustomization.yaml");
        Files.writeString(file, "resource: [c.yaml]\n");

        assertThat(run("build", folder.toString())).isEqualTo(1);

        assertThat(err.toString()).startsWith(file.toRealPath() + ":1:1: error:");
    }
}
