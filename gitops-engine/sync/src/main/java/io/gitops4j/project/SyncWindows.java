package io.gitops4j.project;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The windows of a project and the decision that they make. */
public final class SyncWindows {
    private final List<SyncWindow> windows;

    private SyncWindows(List<SyncWindow> windows) {
        this.windows = windows;
    }

    /** Reads windows; every one that is not well formed is an error, and then no sync may run. */
    public static Outcome<SyncWindows> of(List<JsonObject> bodies) {
        List<SyncWindow> windows = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (JsonObject body : bodies) {
            Outcome<SyncWindow> window = SyncWindow.of(body);
            problems.addAll(window.problems());
            window.value().ifPresent(windows::add);
        }
        return problems.isEmpty() ? Outcome.of(new SyncWindows(windows)) : Outcome.failed(problems);
    }

    /**
     * The same windows with Argo CD's reading of what is not in order: an unknown zone is UTC, and a schedule that never fires
     * is open at all times.
     */
    public SyncWindows asArgoCd() {
        return new SyncWindows(windows.stream().map(SyncWindow::asArgoCd).toList());
    }

    /** The windows in the order written. */
    public List<SyncWindow> windows() {
        return List.copyOf(windows);
    }

    /** The windows that speak of an application. */
    public SyncWindows matching(String application, String namespace, String server, String cluster) {
        return new SyncWindows(windows.stream()
                .filter(window -> window.matches(application, namespace, server, cluster))
                .toList());
    }

    /** The windows that are open. */
    public List<SyncWindow> open(Instant now) {
        return windows.stream().filter(window -> window.isOpen(now)).toList();
    }

    /**
     * Whether a sync may run.
     *
     * @param manual a person asked for it
     * @param operationStart when the running operation began, {@code null} for one that is to begin now
     */
    public boolean allow(Instant now, boolean manual, @Nullable Instant operationStart) {
        if (windows.isEmpty()) {
            return true;
        }
        if (windows.stream().anyMatch(window -> !window.isDecidable())) {
            return false;
        }
        List<SyncWindow> denies = windows.stream()
                .filter(window -> !window.allows() && window.isOpen(now))
                .toList();
        if (!denies.isEmpty()) {
            return excepted(denies, manual, operationStart);
        }
        List<SyncWindow> allows = windows.stream().filter(SyncWindow::allows).toList();
        if (allows.isEmpty() || allows.stream().anyMatch(window -> window.isOpen(now))) {
            return true;
        }
        return excepted(allows, manual, operationStart);
    }

    /** Whether all windows that stand in the way let this sync through. */
    private boolean excepted(List<SyncWindow> inTheWay, boolean manual, @Nullable Instant operationStart) {
        if (manual && inTheWay.stream().allMatch(SyncWindow::manualSync)) {
            return true;
        }
        return operationStart != null
                && inTheWay.stream().allMatch(SyncWindow::syncOverrun)
                && allow(operationStart, manual, null);
    }
}
