package io.gitops4j.engine;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the Applications, ApplicationSets and AppProjects that the files of a tree define, wherever they lie. A file that does not parse is a problem only where
 * it speaks of Applications; the others are not this reader's business.
 */
public final class ApplicationDiscovery {
    private static final String GROUP = "argoproj.io/";

    private final SourceTree tree;
    private final Limits limits;
    private final List<Application> applications = new ArrayList<>();
    private final List<ApplicationSet> sets = new ArrayList<>();
    private final List<AppProject> projects = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private ApplicationDiscovery(SourceTree tree, Limits limits) {
        this.tree = tree;
        this.limits = limits;
    }

    /**
     * What was found.
     *
     * @param applications in the order of their files' paths
     * @param sets in the order of their files' paths; what they generate is not among the applications
     * @param projects in the order of their files' paths
     * @param problems files that define one of them and cannot be read
     */
    public record Found(
            List<Application> applications,
            List<ApplicationSet> sets,
            List<AppProject> projects,
            List<Problem> problems) {

        /** A finding of these parts. */
        public Found {
            applications = List.copyOf(applications);
            sets = List.copyOf(sets);
            projects = List.copyOf(projects);
            problems = List.copyOf(problems);
        }
    }

    /** What is defined below {@code path}, {@code ""} for the whole tree. */
    public static Found in(SourceTree tree, String path, Limits limits) {
        ApplicationDiscovery discovery = new ApplicationDiscovery(tree, limits);
        discovery.walk(path, 0);
        return new Found(discovery.applications, discovery.sets, discovery.projects, discovery.problems);
    }

    private void walk(String path, int depth) {
        if (depth > limits.depth()) {
            return;
        }
        for (String name : tree.list(path)) {
            String child = path.isEmpty() ? name : path + "/" + name;
            switch (tree.entry(child)) {
                case DIRECTORY -> walk(child, depth + 1);
                case FILE -> {
                    if (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")) {
                        read(child);
                    }
                }
                default -> {
                    continue;
                }
            }
        }
    }

    private void read(String file) {
        String text;
        try {
            text = tree.read(file).map(Bytes::utf8).orElse("");
        } catch (GitOpsException unreadable) {
            return;
        }
        if (!text.contains(GROUP) || !(text.contains("Application") || text.contains("AppProject"))) {
            return;
        }
        Outcome<List<Manifest>> read = YamlReader.git().withLimits(limits).readManifests(file, text);
        List<Manifest> manifests = read.orNull();
        if (manifests == null) {
            problems.addAll(read.errors());
            return;
        }
        manifests.forEach(manifest -> add(manifest, text));
    }

    private void add(Manifest manifest, String text) {
        if (!manifest.apiVersion().startsWith(GROUP)) {
            return;
        }
        switch (manifest.kind()) {
            case "Application" -> take(Application.of(manifest, text), applications);
            case "ApplicationSet" -> take(ApplicationSet.of(manifest), sets);
            case "AppProject" -> take(AppProject.of(manifest), projects);
            default -> {
                // Rollouts, Workflows and others of the group
            }
        }
    }

    private <T> void take(Outcome<T> read, List<T> into) {
        read.value().ifPresent(into::add);
        problems.addAll(read.problems());
    }
}
