package io.gitops4j.changed;

import com.google.common.base.Splitter;
import io.gitops4j.glob.Glob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Decides whether changed files concern an application. */
public final class ChangedPaths {
    /** The annotation that names the paths an application is rendered from. */
    public static final String ANNOTATION = "argocd.argoproj.io/manifest-generate-paths";

    private ChangedPaths() {}

    /**
     * The paths of the annotation from the root of the repository: relative ones from the source's path, those with a leading
     * slash from the root. {@code ""} and {@code .} mean everything.
     */
    public static List<String> refreshPaths(String sourcePath, String annotation) {
        List<String> paths = new ArrayList<>();
        for (String item : Splitter.on(';').trimResults().omitEmptyStrings().split(annotation)) {
            if (item.startsWith("/")) {
                paths.add(item.substring(1));
            } else {
                paths.add(clean(sourcePath.isEmpty() ? item : sourcePath + "/" + item));
            }
        }
        return List.copyOf(paths);
    }

    /** Whether one of the files lies at or below one of the paths; with no paths or no files the answer is yes. */
    public static boolean changed(List<String> refreshPaths, List<String> changedFiles) {
        if (refreshPaths.isEmpty() || changedFiles.isEmpty()) {
            return true;
        }
        for (String file : changedFiles) {
            String plain = file.startsWith("/") ? file.substring(1) : file;
            for (String path : refreshPaths) {
                if (covers(path, plain)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether one of the changed files was read by the last render: no annotation is needed for that. */
    public static boolean changedSinceRender(Set<String> filesRead, List<String> changedFiles) {
        for (String file : changedFiles) {
            if (filesRead.contains(file)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String path, String file) {
        if (path.isEmpty() || path.equals(".") || file.equals(path) || file.startsWith(path + "/")) {
            return true;
        }
        if (path.chars().noneMatch(c -> "*?[{\\".indexOf(c) >= 0)) {
            return false;
        }
        return Glob.pathMatch(path).map(glob -> glob.matches(file)).orElse(false);
    }

    private static String clean(String path) {
        Deque<String> elements = new ArrayDeque<>();
        for (String element : Splitter.on('/').omitEmptyStrings().split(path)) {
            if (element.equals("..")) {
                if (elements.isEmpty() || elements.peekLast().equals("..")) {
                    elements.addLast("..");
                } else {
                    elements.removeLast();
                }
            } else if (!element.equals(".")) {
                elements.addLast(element);
            }
        }
        return elements.isEmpty() ? "." : String.join("/", elements);
    }
}
