package io.gitops4j.recovery.restore;

import io.gitops4j.problem.Problem;
import java.util.List;

/** Calls hooks so that each completes at most once, whatever happens to the process. */
final class HookCalls {
    private final RestoreHooks hooks;
    private final Progress progress;
    private final List<Problem> problems;
    private final boolean none;

    HookCalls(RestoreHooks hooks, Progress progress, List<Problem> problems, boolean none) {
        this.hooks = hooks;
        this.progress = progress;
        this.problems = problems;
        this.none = none;
    }

    void call(String name, Runnable hook) {
        if (none || progress.hookDone(name)) {
            return;
        }
        if (progress.hookBegun(name) && !hooks.idempotent()) {
            problems.add(Problem.warning(
                    "HOOK_INTERRUPTED", "the hook " + name + " was cut off by the end of a run, and is not repeated"));
            return;
        }
        progress.hookBegins(name);
        hook.run();
        progress.hookEnds(name);
    }
}
