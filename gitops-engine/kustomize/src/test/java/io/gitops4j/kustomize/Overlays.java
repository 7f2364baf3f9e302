package io.gitops4j.kustomize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Overlays made from a seed, of what real repositories use: the same seed makes the same files. */
final class Overlays {
    private static final List<String> NAMES = List.of("web", "api", "db", "cache", "worker");
    private static final List<String> TEXTS = List.of(
            "x",
            "\"yes\"",
            "'1'",
            "on",
            "1.50",
            "0x1F",
            "1_000",
            "~",
            "\"a: b\"",
            "'it''s'",
            "v1.2.3",
            "\"tab\\tx\"",
            "12:30",
            "2020-01-01",
            "|\n      two\n      lines",
            ">-\n      folded\n      text",
            "\"é 日\"",
            "k=v",
            "http://a.b/c?d");
    private final Random random;
    private final OverlayParts parts;
    private final Map<String, String> files = new LinkedHashMap<>();

    private Overlays(long seed) {
        random = new Random(seed);
        parts = new OverlayParts(random);
    }

    /** Files of one case; {@code top} is the directory to build. */
    static Map<String, String> of(long seed) {
        Overlays made = new Overlays(seed);
        made.base();
        made.top();
        return made.files;
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean chance(double of) {
        return random.nextDouble() < of;
    }

    private void base() {
        StringBuilder file = new StringBuilder();
        for (String name : NAMES) {
            if (chance(0.5)) {
                file.append(deployment(name));
            }
            if (chance(0.4)) {
                file.append(service(name));
            }
            if (chance(0.4)) {
                file.append(chance(0.7) ? configMap(name) : secret(name));
            }
        }
        file.append(deployment("main")).append(access()).append(parts.objects());
        String text = chance(0.1) ? file.toString().replace("\n", "\r\n") : file.toString();
        files.put("base/all.yaml", text);
        files.put(
                "base/kustomization.yaml",
                "resources:\n- all.yaml\n" + (chance(0.3) ? "namePrefix: b-\n" : "") + generator("settings", ""));
    }

    private String head(String api, String kind, String name) {
        return "---\n" + (chance(0.2) ? "# about " + name + "\n" : "") + "apiVersion: " + api + "\nkind: " + kind
                + (chance(0.1) ? " # kind" : "") + "\nmetadata:\n  name: " + (chance(0.3) ? "\"" + name + "\"" : name)
                + "\n"
                + (chance(0.4) ? "  labels: {app: " + name + "}\n" : "")
                + (chance(0.3) ? "  annotations:\n    note: " + pick(TEXTS).replace("      ", "        ") + "\n" : "");
    }

    private String deployment(String name) {
        return head("apps/v1", chance(0.8) ? "Deployment" : "StatefulSet", name) + "spec:\n"
                + (chance(0.5) ? "  replicas: 2\n" : "")
                + "  selector:\n    matchLabels:\n      app: " + name
                + "\n  template:\n    metadata:\n      labels:\n        app: " + name
                + "\n    spec:\n      containers:\n      - name: main\n        image: " + image() + "\n"
                + (chance(0.4)
                        ? "        env:\n        - name: A\n          value: \"1\"\n        - {name: B, valueFrom: {configMapKeyRef: {name: "
                                + "settings, key: a}}}\n"
                        : "")
                + (chance(0.3) ? "        envFrom:\n        - configMapRef:\n            name: settings\n" : "")
                + (chance(0.3) ? "        ports:\n        - containerPort: 8080\n          name: http\n" : "")
                + (chance(0.2)
                        ? "      - name: side\n        image: " + image() + "\n        args: [\"--x\", 'y']\n"
                        : "")
                + (chance(0.3) ? "      serviceAccountName: robot\n" : "");
    }

    private String image() {
        return pick(List.of(
                "nginx", "nginx:1.25", "redis:7", "gcr.io/p/app:v1", "localhost:5000/app@sha256:" + "ab".repeat(32)));
    }

    private String service(String name) {
        return head("v1", "Service", name) + "spec:\n  selector:\n    app: " + name
                + "\n  ports:\n    - port: 80\n      targetPort: http\n    - port: 443\n      name: tls\n";
    }

    private String configMap(String name) {
        return head("v1", "ConfigMap", name) + "data:\n  a: " + pick(TEXTS).replace("      ", "    ")
                + "\n  file.conf: |\n    # kept\n    a=b\n\n    c: d\n";
    }

    private String secret(String name) {
        return head("v1", "Secret", name) + "type: Opaque\nstringData:\n  k: " + pick(List.of("a", "\"b c\"", "'1'"))
                + "\n";
    }

    private static String access() {
        return """
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: robot
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: robot
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: robot}
                subjects:
                - kind: ServiceAccount
                  name: robot
                  namespace: default
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: robot}
                rules:
                - apiGroups: [""]
                  resources: ["configmaps"]
                  resourceNames: [settings]
                  verbs: [get, 'list']
                """;
    }

    private String generator(String name, String behavior) {
        return "configMapGenerator:\n- name: " + name + "\n"
                + (behavior.isEmpty() ? "" : "  behavior: " + behavior + "\n")
                + "  literals:\n  - a=" + random.nextInt(5) + "\n  - "
                + pick(List.of("b=x=y", "b='q'", "\"c=d e\"", "e=")) + "\n"
                + (chance(0.2) ? "  options:\n    disableNameSuffixHash: true\n    labels: {made: \"yes\"}\n" : "");
    }

    private void top() {
        StringBuilder k = new StringBuilder(
                chance(0.7)
                        ? "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- ../base\n"
                        : "# an overlay\nresources: [../base]\n");
        add(k, 0.5, "namespace: prod\n");
        add(k, 0.3, "namePrefix: pre-\n");
        add(k, 0.2, "nameSuffix: -suf\n");
        add(k, 0.3, "labels:\n- pairs: {team: t}\n  includeSelectors: " + chance(0.5) + "\n  includeTemplates: true\n");
        add(k, 0.2, "commonAnnotations:\n  owner: " + pick(List.of("me", "\"true\"", "'1.0'")) + "\n");
        add(k, 0.4, "images:\n- name: nginx\n  newTag: \"1.26\"\n- name: redis\n  newName: my.io/redis\n");
        add(k, 0.2, "replicas:\n- {name: main, count: 5}\n");
        add(k, 0.3, generator("settings", pick(List.of("merge", "replace", "create", ""))));
        add(k, 0.1, "buildMetadata: [originAnnotations]\n");
        add(k, 0.2, "sortOptions:\n  order: " + pick(List.of("legacy", "fifo")) + "\n");
        add(k, 0.2, replacement());
        k.append(parts.fields());
        files.put("top/keys.env", "# keys\nTOKEN=abc\nEMPTY=\n\n QUOTED=\"x y\"\n");
        files.put("top/ops.yaml", parts.operations());
        files.put("top/merge.yaml", parts.merge());
        files.put("top/config.yaml", OverlayParts.configuration());
        files.put("component/kustomization.yaml", OverlayParts.component());
        patches(k);
        files.put("top/kustomization.yaml", k.toString());
    }

    private void add(StringBuilder to, double chance, String text) {
        if (chance(chance)) {
            to.append(text);
        }
    }

    private String replacement() {
        return "replacements:\n- source: {kind: ServiceAccount, name: robot}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths:\n    - "
                + pick(List.of(
                        "metadata.annotations.from", "spec.template.spec.containers.[name=main].image", "spec.nope"))
                + "\n    options: {create: " + chance(0.6) + "}\n";
    }

    private void patches(StringBuilder k) {
        if (chance(0.3)) {
            return;
        }
        k.append("patches:\n");
        if (chance(0.5)) {
            files.put(
                    "top/patch.yaml",
                    "# a patch\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: "
                            + pick(List.of("main", "main", "web"))
                            + "\nspec:\n  template:\n    spec:\n      containers:\n      - name: main\n        env:\n        - name: C\n"
                            + "          value: " + pick(List.of("\"2\"", "x", "'y'")) + "\n        resources: null\n");
            k.append("- path: patch.yaml\n");
        }
        if (chance(0.5)) {
            k.append("- target:\n    kind: ")
                    .append(pick(List.of("Deployment", "Service", "ConfigMap", "Deployment|StatefulSet")));
            k.append("\n  patch: |-\n    - op: ").append(pick(List.of("add", "add", "replace", "remove", "test")));
            k.append("\n      path: ")
                    .append(pick(List.of("/metadata/annotations/a~1b", "/metadata/labels/app", "/spec/x", "/data/a")));
            k.append("\n      value: ")
                    .append(pick(List.of("v", "\"1\"", "5", "{a: [b]}")))
                    .append('\n');
        }
        if (chance(0.4)) {
            k.append(
                    "- target: {kind: Service, name: .*}\n  patch: |\n    kind: Service\n    metadata: {name: any}\n    spec:\n");
            k.append("      type: ClusterIP\n      ports:\n      - port: 80\n        nodePort: 30080\n");
        }
        if (chance(0.2)) {
            k.append("- patch: '{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}, $patch: delete}'\n");
        }
        if (k.toString().endsWith("patches:\n")) {
            k.append(
                    "- patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: main}, spec: {paused: true}}'\n");
        }
    }
}
