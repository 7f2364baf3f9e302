package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KustomizationEditorTest {
    private static final String FILE = """
            # our shop
            resources:
            - web.yaml   # the front
            # last one
            images:
            - name: nginx
              newTag: "1.25" # pinned
            - digest: sha256:aa
              name: side
            namespace: old # who lives here
            """;

    @Test
    void setNamespace_keepsComments() {
        assertThat(KustomizationEditor.setNamespace(FILE, "new").orThrow())
                .isEqualTo(FILE.replace("namespace: old #", "namespace: new #"));
        assertThat(KustomizationEditor.setNamespace("resources: [a]\n", "n").orThrow())
                .isEqualTo("resources: [a]\nnamespace: \"n\"\n");
    }

    @Test
    void removeResource_keepsTheRest() {
        assertThat(KustomizationEditor.removeResource(FILE, "gone.yaml").orThrow())
                .isEqualTo(FILE);
        assertThat(KustomizationEditor.removeResource("# c\nresources:\n- a # x\n- b # y\n", "a")
                        .orThrow())
                .isEqualTo("# c\nresources:\n- b # y\n");
        assertThat(KustomizationEditor.removeResource("resources:\n- a\nnamespace: x\n", "a")
                        .orThrow())
                .isEqualTo("namespace: x\n");
        assertThat(KustomizationEditor.removeResource("resources: [a, \"b\", c] # x\n", "b")
                        .orThrow())
                .isEqualTo("resources: [a, c] # x\n");
        assertThat(KustomizationEditor.removeResource("resources: [a, c]\n", "c")
                        .orThrow())
                .isEqualTo("resources: [a]\n");
    }

    @Test
    void namePrefixSuffixAndComponents_areSet() {
        assertThat(KustomizationEditor.setNamePrefix("namePrefix: a- # who\n", "b-")
                        .orThrow())
                .isEqualTo("namePrefix: b- # who\n");
        assertThat(KustomizationEditor.setNameSuffix("namePrefix: a-\n", "-z").orThrow())
                .isEqualTo("namePrefix: a-\nnameSuffix: -z\n");
        assertThat(KustomizationEditor.addComponent("namePrefix: a-\n", "../c").orThrow())
                .isEqualTo("namePrefix: a-\ncomponents:\n- ../c\n");
    }

    @Test
    void addResource_goesBehindTheLastOne() {
        assertThat(KustomizationEditor.addResource(FILE, "db.yaml").orThrow())
                .isEqualTo(FILE.replace("# the front\n", "# the front\n- db.yaml\n"));
        assertThat(KustomizationEditor.addResource(FILE, "web.yaml").orThrow()).isEqualTo(FILE);
        assertThat(KustomizationEditor.addResource("resources: [a] # x\n", "b").orThrow())
                .isEqualTo("resources: [a, \"b\"] # x\n");
        assertThat(KustomizationEditor.addResource("namePrefix: a-\n", "b").orThrow())
                .isEqualTo("namePrefix: a-\nresources:\n- b\n");
    }

    @Test
    void setImage_changesOrAddsTheEntry() {
        assertThat(KustomizationEditor.setImage(FILE, "nginx=mirror/nginx:1.27").orThrow())
                .isEqualTo(FILE.replace("\"1.25\" # pinned", "\"1.27\" # pinned")
                        .replace("# pinned\n", "# pinned\n")
                        .replace("- name: nginx\n", "- name: nginx\n")
                        .replace("# pinned\n- digest", "# pinned\n  newName: mirror/nginx\n- digest")
                        .replace(
                                "  newTag: \"1.27\" # pinned\n  newName: mirror/nginx\n",
                                "  newTag: \"1.27\" # pinned\n  newName: mirror/nginx\n"));
        assertThat(KustomizationEditor.setImage(FILE, "redis:7").orThrow())
                .contains("  name: side\n- name: redis\n  newTag: \"7\"\nnamespace: old");
        assertThat(KustomizationEditor.setImage(FILE, "side@sha256:bb").orThrow())
                .contains("- digest: sha256:bb\n");
        assertThat(KustomizationEditor.setImage(FILE, "nginx").errors().get(0).code())
                .isEqualTo("IMAGE_ARGUMENT");
    }

    @Test
    void json_staysJson() {
        String json = """
                {
                  "resources": [
                    "a.yaml"
                  ]
                }
                """;
        assertThat(KustomizationEditor.addResource(json, "b.yaml").orThrow())
                .isEqualTo(json.replace("\"a.yaml\"\n", "\"a.yaml\",\n    \"b.yaml\"\n"));
    }

    @Test
    void brokenFile_isRefused() {
        assertThat(KustomizationEditor.setNamespace("a: [\n", "n")
                        .errors()
                        .get(0)
                        .code())
                .isEqualTo("YAML_SYNTAX");
        assertThat(KustomizationEditor.setNamespace("zzz: 1\n", "n")
                        .errors()
                        .get(0)
                        .code())
                .isEqualTo("UNKNOWN_FIELD");
    }
}
