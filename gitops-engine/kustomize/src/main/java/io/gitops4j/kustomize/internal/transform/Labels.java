package io.gitops4j.kustomize.internal.transform;

import com.google.common.base.Splitter;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Kubernetes label selector over a node's members. */
final class Labels {
    private static final String KEY = "[A-Za-z0-9][-A-Za-z0-9_./]*";
    private static final Pattern REQUIREMENT = Pattern.compile("\\s*(?:(!)\\s*(" + KEY + ")|(" + KEY
            + ")\\s*(?:(==|=|!=|>|<)\\s*([-A-Za-z0-9_.]*)|(in|notin)\\s*\\(([^()]*)\\))?)\\s*(?:,|$)");

    private record Requirement(String key, String operator, Set<String> values) {
        boolean matches(@Nullable Node labels) {
            Node found = labels == null ? null : labels.get(key);
            String value = found == null ? null : found.text();
            return switch (operator) {
                case "exists" -> value != null;
                case "!" -> value == null;
                case "in" -> value != null && values.contains(value);
                case "notin" -> value == null || !values.contains(value);
                case ">", "<" -> value != null && compares(value);
                default -> false;
            };
        }

        private boolean compares(String value) {
            try {
                long left = Long.parseLong(value);
                long right = Long.parseLong(values.iterator().next());
                return ">".equals(operator) ? left > right : left < right;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    private final List<Requirement> requirements;

    private Labels(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    static Labels parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        if (text.isBlank()) {
            return new Labels(requirements);
        }
        Matcher m = REQUIREMENT.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!m.find(at) || m.start() != at || m.end() == at) {
                throw new BuildFault("SELECTOR", "unable to parse requirement: '" + text + "' is no label selector")
                        .hint("such as app=web,tier in (a, b),!canary");
            }
            requirements.add(requirement(m));
            at = m.end();
        }
        return new Labels(requirements);
    }

    private static Requirement requirement(Matcher m) {
        Set<String> values = new TreeSet<>();
        if (m.group(1) != null) {
            return new Requirement(m.group(2), "!", values);
        }
        if (m.group(6) != null) {
            Splitter.on(',').trimResults().split(m.group(7)).forEach(values::add);
            return new Requirement(m.group(3), m.group(6), values);
        }
        if (m.group(4) == null) {
            return new Requirement(m.group(3), "exists", values);
        }
        values.add(m.group(5));
        String operator = switch (m.group(4)) {
            case "!=" -> "notin";
            case ">", "<" -> m.group(4);
            default -> "in";
        };
        return new Requirement(m.group(3), operator, values);
    }

    boolean isEmpty() {
        return requirements.isEmpty();
    }

    boolean matches(@Nullable Node labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }
}
