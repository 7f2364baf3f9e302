package io.gitops4j.project;

import com.google.common.base.Splitter;
import io.gitops4j.app.AppProject;
import io.gitops4j.app.AppProject.DestinationRule;
import io.gitops4j.glob.Glob;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold of a project before it is used. */
public final class ProjectValidation {
    private static final Pattern ROLE = Pattern.compile("[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?");
    private static final Pattern ACTION =
            Pattern.compile("(get|create|update|delete|sync|override|invoke|rollback|\\*)|(update|delete|action)/.+");
    private static final List<String> RESOURCES =
            List.of("applications", "applicationsets", "repositories", "exec", "logs", "clusters");

    private final AppProject project;
    private final String name;
    private final List<Problem> problems = new ArrayList<>();

    private ProjectValidation(AppProject project) {
        this.project = project;
        this.name = project.name();
    }

    /** What is wrong with a project; empty when nothing is. */
    public static List<Problem> check(AppProject project) {
        ProjectValidation validation = new ProjectValidation(project);
        validation.destinations();
        validation.repositories();
        validation.namespaces();
        validation.roles();
        validation.windows();
        validation.serviceAccounts();
        return List.copyOf(validation.problems);
    }

    private void error(String code, String text) {
        problems.add(Problem.error(code, "project " + name + ": " + text));
    }

    private void destinations() {
        Set<DestinationRule> seen = new LinkedHashSet<>();
        for (DestinationRule rule : project.destinations()) {
            if (rule.name().equals("!*")) {
                error("PROJECT_DESTINATION", "name has an invalid format, '!*'");
            }
            if (rule.server().equals("!*")) {
                error("PROJECT_DESTINATION", "server has an invalid format, '!*'");
            }
            if (rule.namespace().equals("!*")) {
                error("PROJECT_DESTINATION", "namespace has an invalid format, '!*'");
            }
            if (!seen.add(rule)) {
                error(
                        "PROJECT_DUPLICATE",
                        "destination '" + rule.server() + "/" + rule.namespace() + "' is given twice");
            }
        }
    }

    private void repositories() {
        Set<String> seen = new LinkedHashSet<>();
        for (String repository : project.sourceRepos()) {
            if (repository.equals("!*")) {
                error("PROJECT_SOURCE", "source repository has an invalid format, '!*'");
            }
            if (!seen.add(repository)) {
                error("PROJECT_DUPLICATE", "source repository '" + repository + "' is given twice");
            }
        }
    }

    private void namespaces() {
        Set<String> seen = new LinkedHashSet<>();
        for (String namespace : project.sourceNamespaces()) {
            if (!seen.add(namespace)) {
                error("PROJECT_DUPLICATE", "source namespace '" + namespace + "' is given twice");
            }
        }
    }

    private void roles() {
        Set<String> seen = new LinkedHashSet<>();
        for (Json item : project.spec().array("roles")) {
            if (!(item instanceof JsonObject role)) {
                continue;
            }
            String roleName = role.text("name", "");
            if (!ROLE.matcher(roleName).matches()) {
                error("PROJECT_ROLE", "invalid role name '" + roleName + "'");
            }
            if (!seen.add(roleName)) {
                error("PROJECT_DUPLICATE", "role '" + roleName + "' is given twice");
            }
            policies(roleName, role.array("policies"));
            groups(role.array("groups"));
        }
    }

    private void policies(String role, JsonArray policies) {
        Set<String> seen = new LinkedHashSet<>();
        for (Json item : policies) {
            String policy = item.textOrNull();
            if (policy == null) {
                continue;
            }
            String wrong = wrongPolicy(role, policy);
            if (!wrong.isEmpty()) {
                error("PROJECT_POLICY", "invalid policy rule '" + policy + "': " + wrong);
            }
            if (!seen.add(policy)) {
                error("PROJECT_DUPLICATE", "policy '" + policy + "' of role " + role + " is given twice");
            }
        }
    }

    private String wrongPolicy(String role, String policy) {
        List<String> parts = Splitter.on(',').trimResults().splitToList(policy);
        if (parts.size() != 6 || !parts.get(0).equals("p")) {
            return "must be of the form 'p, sub, res, act, obj, eft'";
        }
        String subject = "proj:" + name + ":" + role;
        if (!parts.get(1).equals(subject)) {
            return "the subject must be '" + subject + "'";
        }
        if (!RESOURCES.contains(parts.get(2))) {
            return "the resource must be one of " + String.join(", ", RESOURCES);
        }
        if (!ACTION.matcher(parts.get(3)).matches()) {
            return "invalid action '" + parts.get(3) + "'";
        }
        String object = parts.get(4);
        boolean ownObject = object.startsWith(name + "/")
                && Pattern.matches("[*\\w.-]+(/[*\\w.-]+)?", object.substring(name.length() + 1));
        if (!ownObject) {
            return "the object must be of the form '" + name + "/*' or '" + name + "/APPLICATION'";
        }
        return parts.get(5).equals("allow") || parts.get(5).equals("deny") ? "" : "the effect must be allow or deny";
    }

    private void groups(JsonArray groups) {
        Set<String> seen = new LinkedHashSet<>();
        for (Json item : groups) {
            String group = item.textOrNull();
            if (group == null) {
                continue;
            }
            if (group.isBlank()) {
                error("PROJECT_GROUP", "a group is empty");
            } else if (!group.equals(group.strip())) {
                error("PROJECT_GROUP", "group '" + group + "' begins or ends with a space");
            } else if (group.chars().anyMatch(Character::isISOControl)) {
                error("PROJECT_GROUP", "group '" + group + "' contains invalid characters");
            } else if (group.indexOf(',') >= 0 && !(group.startsWith("\"") && group.endsWith("\""))) {
                error("PROJECT_GROUP", "group '" + group + "' must be quoted");
            }
            if (!seen.add(group)) {
                error("PROJECT_DUPLICATE", "group '" + group + "' is given twice");
            }
        }
    }

    private void windows() {
        Set<JsonObject> seen = new LinkedHashSet<>();
        for (JsonObject body : project.syncWindows()) {
            Outcome<SyncWindow> window = SyncWindow.of(body);
            problems.addAll(window.problems());
            window.value().ifPresent(known -> {
                if (!known.namesAnything()) {
                    error("PROJECT_WINDOW", "a sync window needs one of applications, clusters or namespaces");
                }
                if (!seen.add(known.identity())) {
                    error("PROJECT_DUPLICATE", "sync window '" + body.text("schedule", "") + "' is given twice");
                }
            });
        }
    }

    private void serviceAccounts() {
        Set<String> seen = new LinkedHashSet<>();
        for (Json item : project.spec().array("destinationServiceAccounts")) {
            if (!(item instanceof JsonObject account)) {
                continue;
            }
            String server = account.text("server", "");
            String namespace = account.text("namespace", "");
            String serviceAccount = account.text("defaultServiceAccount", "");
            if (server.startsWith("!") || Glob.gobwas(server, "").isEmpty()) {
                error("PROJECT_SERVICE_ACCOUNT", "server has an invalid format, '" + server + "'");
            }
            if (namespace.startsWith("!") || Glob.gobwas(namespace, "").isEmpty()) {
                error("PROJECT_SERVICE_ACCOUNT", "namespace has an invalid format, '" + namespace + "'");
            }
            if (serviceAccount.isBlank() || serviceAccount.chars().anyMatch(c -> "!*[]{}\\/".indexOf(c) >= 0)) {
                error(
                        "PROJECT_SERVICE_ACCOUNT",
                        "defaultServiceAccount has an invalid format, '" + serviceAccount + "'");
            }
            if (!seen.add(server + "/" + namespace)) {
                error(
                        "PROJECT_DUPLICATE",
                        "destinationServiceAccount '" + server + "/" + namespace + "' is given twice");
            }
        }
    }
}
