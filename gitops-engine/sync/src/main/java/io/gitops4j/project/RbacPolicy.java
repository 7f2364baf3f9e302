package io.gitops4j.project;

import com.google.common.base.Splitter;
import io.gitops4j.app.AppProject;
import io.gitops4j.glob.Glob;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.Authorizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Argo CD's access rules: {@code p, subject, resource, action, object, allow|deny} and {@code g, subject, role}. Resource,
 * action and object are globs; a deny wins over every allow; what nothing allows is refused.
 *
 * <p>Source: argocd §9.
 */
public final class RbacPolicy implements Authorizer {
    private final List<Rule> rules;
    private final Map<String, Set<String>> roles;
    private final String defaultRole;

    private record Rule(String subject, String resource, String action, String object, boolean allow) {}

    private RbacPolicy(List<Rule> rules, Map<String, Set<String>> roles, String defaultRole) {
        this.rules = List.copyOf(rules);
        this.roles = roles;
        this.defaultRole = defaultRole;
    }

    /**
     * Reads rules, one a line; {@code #} begins a comment. Error {@code RBAC_SYNTAX} with the line.
     *
     * @param defaultRole of everybody, {@code ""} for none
     */
    public static Outcome<RbacPolicy> parse(String file, String text, String defaultRole) {
        List<Rule> rules = new ArrayList<>();
        Map<String, Set<String>> roles = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        int number = 0;
        for (String line : Splitter.on('\n').split(text)) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            List<String> parts = Splitter.on(',').trimResults().splitToList(line);
            boolean effect = parts.size() == 6
                    && (parts.get(5).equals("allow") || parts.get(5).equals("deny"));
            if (parts.get(0).equals("p") && effect) {
                rules.add(new Rule(
                        parts.get(1),
                        parts.get(2),
                        parts.get(3),
                        parts.get(4),
                        parts.get(5).equals("allow")));
            } else if (parts.get(0).equals("g") && parts.size() == 3) {
                roles.computeIfAbsent(parts.get(1), s -> new LinkedHashSet<>()).add(parts.get(2));
            } else {
                problems.add(Problem.error("RBAC_SYNTAX", "neither a p rule of six parts nor a g rule of three")
                        .at(Where.in(file, text, number, 1)));
            }
        }
        return problems.isEmpty() ? Outcome.of(new RbacPolicy(rules, roles, defaultRole)) : Outcome.failed(problems);
    }

    /** The same rules with those of the roles of a project, whose subjects are {@code proj:project:role} and their groups. */
    public RbacPolicy with(AppProject project) {
        StringBuilder text = new StringBuilder();
        for (Json item : project.spec().array("roles")) {
            if (item instanceof JsonObject role) {
                String subject = "proj:" + project.name() + ":" + role.text("name", "");
                role.array("policies")
                        .forEach(policy -> text.append(policy.textOrNull()).append('\n'));
                role.array("groups")
                        .forEach(group -> text.append("g, ")
                                .append(group.textOrNull())
                                .append(", ")
                                .append(subject)
                                .append('\n'));
            }
        }
        RbacPolicy own = parse(project.name(), text.toString(), "").orNull();
        if (own == null) {
            return this;
        }
        List<Rule> all = new ArrayList<>(rules);
        // a project's rule speaks of its own role and its own objects only
        own.rules.stream()
                .filter(rule -> rule.subject().startsWith("proj:" + project.name() + ":")
                        && rule.object().startsWith(project.name() + "/"))
                .forEach(all::add);
        Map<String, Set<String>> both = new LinkedHashMap<>(roles);
        own.roles.forEach((subject, held) -> {
            Set<String> joined = new LinkedHashSet<>(both.getOrDefault(subject, new LinkedHashSet<>()));
            joined.addAll(held);
            both.put(subject, joined);
        });
        return new RbacPolicy(all, both, defaultRole);
    }

    @Override
    public boolean permits(Access access) {
        Set<String> subjects = new LinkedHashSet<>();
        collect(access.subject(), subjects);
        if (!defaultRole.isEmpty()) {
            collect(defaultRole, subjects);
        }
        boolean allowed = false;
        for (Rule rule : rules) {
            if (subjects.contains(rule.subject())
                    && globs(rule.resource(), access.resource())
                    && globs(rule.action(), access.action())
                    && globs(rule.object(), access.object())) {
                if (!rule.allow()) {
                    return false;
                }
                allowed = true;
            }
        }
        return allowed;
    }

    private void collect(String subject, Set<String> subjects) {
        if (subjects.add(subject)) {
            roles.getOrDefault(subject, new LinkedHashSet<>()).forEach(role -> collect(role, subjects));
        }
    }

    private static boolean globs(String pattern, String text) {
        return Glob.gobwas(pattern, "").map(glob -> glob.matches(text)).orElse(false);
    }
}
