package io.gitops4j.project;

import com.google.common.base.CharMatcher;
import io.gitops4j.app.AppProject;
import io.gitops4j.app.AppProject.DestinationRule;
import io.gitops4j.app.AppProject.KindRule;
import io.gitops4j.glob.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a project permits.
 *
 * <p>A refusal ({@code !glob}) that does not match permits nothing by itself: an allow rule has to match as well. Argo CD
 * takes such a refusal for a match, so that a list with one refusal permits everything else; {@link #asArgoCd} decides that
 * way, for those who have to predict it.
 */
public final class ProjectRules {
    private final AppProject project;
    private final boolean refusalsPermit;

    private ProjectRules(AppProject project, boolean refusalsPermit) {
        this.project = project;
        this.refusalsPermit = refusalsPermit;
    }

    /** The rules of a project. */
    public static ProjectRules of(AppProject project) {
        return new ProjectRules(project, false);
    }

    /** The rules of a project with Argo CD's reading of refusals. */
    public static ProjectRules asArgoCd(AppProject project) {
        return new ProjectRules(project, true);
    }

    /** The project. */
    public AppProject project() {
        return project;
    }

    /** Whether an Application may use a repository. */
    public boolean permitsSource(String repoUrl) {
        String url = RepositoryUrl.normalize(repoUrl);
        boolean permitted = false;
        for (String pattern : project.sourceRepos()) {
            if (isRefusal(pattern)) {
                if (globs(RepositoryUrl.normalize(pattern.substring(1)), url, "/")) {
                    return false;
                }
                permitted |= refusalsPermit;
            } else {
                permitted |= pattern.equals("*") || globs(RepositoryUrl.normalize(pattern), url, "/");
            }
        }
        return permitted;
    }

    /**
     * Whether an Application may go to a namespace of a cluster.
     *
     * @param ownClusters servers of the clusters that belong to this project; looked at only where the project permits no
     *     others
     */
    public boolean permitsDestination(String server, String cluster, String namespace, List<String> ownClusters) {
        if (project.permitOnlyProjectScopedClusters() && !ownClusters.contains(server)) {
            return false;
        }
        boolean permitted = false;
        for (DestinationRule rule : project.destinations()) {
            boolean byServer = fits(rule.server(), server);
            boolean byName = fits(rule.name(), cluster);
            boolean inNamespace = isRefusal(rule.namespace())
                    ? !globs(rule.namespace().substring(1), namespace, "")
                    : globs(rule.namespace(), namespace, "");
            if ((byServer || byName) && inNamespace) {
                permitted |= refusalsPermit || !isRefusing(rule);
            } else if (inNamespace && (isRefused(rule.server(), byServer) || isRefused(rule.name(), byName))) {
                return false;
            } else if ((byServer || byName) && isRefusal(rule.namespace())) {
                return false;
            }
        }
        return permitted;
    }

    private static boolean isRefusing(DestinationRule rule) {
        return isRefusal(rule.server()) || isRefusal(rule.name()) || isRefusal(rule.namespace());
    }

    private static boolean fits(String pattern, String text) {
        if (pattern.isEmpty()) {
            return false;
        }
        return isRefusal(pattern) ? !globs(pattern.substring(1), text, "") : globs(pattern, text, "");
    }

    private static boolean isRefused(String pattern, boolean fits) {
        return isRefusal(pattern) && !fits;
    }

    /**
     * Whether objects of a kind may be managed. Without an allow list no cluster-scoped kind is permitted and every namespaced
     * one is; an empty allow list permits none. Deny lists win.
     */
    public boolean permitsKind(String group, String kind, String name, boolean namespaced) {
        @Nullable
        List<KindRule> allowed = project.kinds(namespaced ? "namespaceResourceWhitelist" : "clusterResourceWhitelist");
        @Nullable
        List<KindRule> denied = project.kinds(namespaced ? "namespaceResourceBlacklist" : "clusterResourceBlacklist");
        if (denied != null && lists(denied, group, kind, name)) {
            return false;
        }
        return allowed == null ? namespaced : lists(allowed, group, kind, name);
    }

    private static boolean lists(List<KindRule> rules, String group, String kind, String name) {
        for (KindRule rule : rules) {
            if (pathMatch(rule.group(), group)
                    && pathMatch(rule.kind(), kind)
                    && (rule.name().isEmpty() || pathMatch(rule.name(), name))) {
                return true;
            }
        }
        return false;
    }

    /** Whether an object that is there may be managed: its kind, and for a namespaced one its place. */
    public boolean permitsLive(
            String group, String kind, String name, String namespace, String server, String cluster) {
        boolean namespaced = !namespace.isEmpty();
        return permitsKind(group, kind, name, namespaced)
                && (!namespaced || permitsDestination(server, cluster, namespace, List.of(server)));
    }

    /**
     * The user name of the service account under which a destination is managed: that of the first rule that fits. Empty when
     * none does. An account without a namespace is one of the destination's.
     */
    public Optional<String> serviceAccount(String server, String namespace) {
        for (AppProject.ServiceAccountRule rule : project.destinationServiceAccounts()) {
            if (globs(rule.server(), server, "") && globs(rule.namespace(), namespace, "")) {
                int colon = rule.account().indexOf(':');
                String in = colon < 0 ? namespace : rule.account().substring(0, colon);
                return Optional.of(
                        "system:serviceaccount:" + in + ":" + rule.account().substring(colon + 1));
            }
        }
        return Optional.empty();
    }

    /** Whether Applications in a namespace may use the project; those beside the control plane always may. */
    public boolean permitsApplicationsIn(String namespace, String controlPlane) {
        return namespace.isEmpty()
                || namespace.equals(controlPlane)
                || NamePatterns.matchesAny(project.sourceNamespaces(), namespace, NamePatterns.Mode.REGEXP);
    }

    /** Whether orphan detection leaves an object out. */
    public boolean ignoresOrphan(String group, String kind, String name) {
        List<KindRule> known = new ArrayList<>(project.orphanIgnores());
        known.add(new KindRule("", "ServiceAccount", "default"));
        known.add(new KindRule("", "ConfigMap", "kube-root-ca.crt"));
        known.add(new KindRule("", "Service", "kubernetes"));
        for (KindRule rule : known) {
            if (globs(rule.group(), group, "")
                    && (rule.kind().isEmpty() || globs(rule.kind(), kind, ""))
                    && (rule.name().isEmpty() || globs(rule.name(), name, ""))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRefusal(String pattern) {
        return pattern.startsWith("!");
    }

    private static boolean globs(String pattern, String text, String separators) {
        if (pattern.equals("*") && separators.isEmpty()) {
            return true;
        }
        if (CharMatcher.anyOf("*?[]{}\\").matchesNoneOf(pattern)) {
            return pattern.equals(text);
        }
        return Glob.gobwas(pattern, separators).map(glob -> glob.matches(text)).orElse(false);
    }

    private static boolean pathMatch(String pattern, String text) {
        return Glob.pathMatch(pattern).map(glob -> glob.matches(text)).orElse(false);
    }
}
