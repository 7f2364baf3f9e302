package io.gitops4j.policy.pss;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;

/**
 * What the admission plugin is configured with: levels for namespaces without labels, and whom it leaves alone. In a repository it is the
 * {@code PodSecurityConfiguration} of Kubernetes ({@code pod-security.admission.config.k8s.io}), alone or as the plugin's part of an
 * {@code AdmissionConfiguration}.
 *
 * @param defaults by the names of labels without their prefix: {@code enforce}, {@code enforce-version}, …
 * @param namespaces that are exempt
 * @param runtimeClasses that are exempt
 * @param usernames that are exempt
 */
public record PodSecurityConfiguration(
        JsonObject defaults, List<String> namespaces, List<String> runtimeClasses, List<String> usernames) {
    private static final String GROUP = "pod-security.admission.config.k8s.io";
    private static final String KIND = "PodSecurityConfiguration";
    private static final String PLUGIN = "PodSecurity";

    /** This configuration. */
    public PodSecurityConfiguration {
        namespaces = List.copyOf(namespaces);
        runtimeClasses = List.copyOf(runtimeClasses);
        usernames = List.copyOf(usernames);
    }

    /** Everything privileged, nobody exempt: what the plugin does unconfigured. */
    public static PodSecurityConfiguration none() {
        return new PodSecurityConfiguration(JsonObject.empty(), List.of(), List.of(), List.of());
    }

    /** Whether an object configures the plugin. */
    public static boolean isConfiguration(JsonObject object) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        return (gvk.group().equals(GROUP) && gvk.kind().equals(KIND))
                || (gvk.group().equals("apiserver.config.k8s.io")
                        && gvk.kind().equals("AdmissionConfiguration")
                        && plugin(object) >= 0);
    }

    private static int plugin(JsonObject object) {
        JsonArray plugins = object.array("plugins");
        for (int i = 0; i < plugins.size(); i++) {
            if (plugins.get(i) instanceof JsonObject plugin && PLUGIN.equals(plugin.text("name"))) {
                return i;
            }
        }
        return -1;
    }

    /** Problem {@code POD_SECURITY_CONFIGURATION}, at the path of the field. */
    public static Outcome<PodSecurityConfiguration> parse(JsonObject object) {
        JsonObject body = object;
        String at = "";
        if (object.text("kind", "").equals("AdmissionConfiguration")) {
            int plugin = plugin(object);
            body = ((JsonObject) object.array("plugins").get(plugin)).object("configuration");
            at = "plugins[" + plugin + "].configuration.";
            if (body.isEmpty()) {
                return Outcome.failed(problem(
                        "plugins[" + plugin + "]",
                        "its configuration must stand here; a path to another file is not read"));
            }
        }
        List<Problem> problems = new ArrayList<>();
        checkMembers(body, List.of("apiVersion", "kind", "defaults", "exemptions"), at, problems);
        JsonObject defaults = body.object("defaults");
        List<String> known = new ArrayList<>();
        for (NamespacePolicy.Mode mode : NamespacePolicy.Mode.values()) {
            known.add(mode.wire());
            known.add(mode.wire() + "-version");
        }
        checkMembers(defaults, known, at + "defaults.", problems);
        for (NamespacePolicy.Mode mode : NamespacePolicy.Mode.values()) {
            for (String name : List.of(mode.wire(), mode.wire() + "-version")) {
                String text = String.valueOf(defaults.text(name));
                String why = !defaults.has(name)
                        ? ""
                        : name.endsWith("-version") ? NamespacePolicy.badVersion(text) : NamespacePolicy.badLevel(text);
                if (!why.isEmpty()) {
                    problems.add(invalid(at + "defaults." + name, text, why));
                }
            }
        }
        JsonObject exemptions = body.object("exemptions");
        checkMembers(exemptions, List.of("namespaces", "runtimeClasses", "usernames"), at + "exemptions.", problems);
        PodSecurityConfiguration made = new PodSecurityConfiguration(
                defaults,
                names(exemptions, "namespaces", at, problems),
                names(exemptions, "runtimeClasses", at, problems),
                names(exemptions, "usernames", at, problems));
        return problems.isEmpty() ? Outcome.of(made) : Outcome.failed(problems);
    }

    private static void checkMembers(JsonObject object, List<String> known, String at, List<Problem> problems) {
        for (String name : object.keys()) {
            if (!known.contains(name)) {
                problems.add(problem(at + name, "unknown field \"" + at + name + "\""));
            }
        }
    }

    private static List<String> names(JsonObject exemptions, String field, String at, List<Problem> problems) {
        List<String> names = new ArrayList<>();
        JsonArray items = exemptions.array(field);
        for (int i = 0; i < items.size(); i++) {
            Json item = items.get(i);
            String name = item.textOrNull();
            String path = at + "exemptions." + field + "[" + i + "]";
            String pattern =
                    field.equals("namespaces") ? "[a-z0-9]([-a-z0-9]*[a-z0-9])?" : "[a-z0-9]([-.a-z0-9]*[a-z0-9])?";
            if (name == null || name.isEmpty() || (!field.equals("usernames") && !name.matches(pattern))) {
                problems.add(invalid(path, name == null ? item.toJson() : name, "must be a name"));
            } else if (names.contains(name)) {
                problems.add(problem(path, path + ": Duplicate value: \"" + name + "\""));
            } else {
                names.add(name);
            }
        }
        return names;
    }

    private static Problem invalid(String path, String value, String why) {
        return problem(path, path + ": Invalid value: \"" + value + "\": " + why);
    }

    private static Problem problem(String path, String text) {
        return Problem.error("POD_SECURITY_CONFIGURATION", text).at(Where.file(path));
    }
}
