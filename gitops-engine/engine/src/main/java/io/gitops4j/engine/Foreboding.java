package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.sync.DriftReport;
import io.gitops4j.sync.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison shows beyond drift: fields that somebody changes back after every heal, a branch that is gone, a branch whose
 * history was rewritten.
 *
 * <p>Source: secrets-dr-security §8, rows 51, 52 and 83.
 */
final class Foreboding {
    private static final int HEALS = 3;
    private static final int NEAR = 20;
    private static final int COMMITS = 500;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(40);

    private Foreboding() {}

    /** Drift that is back after several heals in a row: somebody changes the object at or after every write. */
    static Optional<Problem> mutationLoop(Plan plan, int heals) {
        if (heals < HEALS || !plan.outOfSync()) {
            return Optional.empty();
        }
        List<DriftReport.Entry> drift = DriftReport.of(plan).entries();
        if (drift.isEmpty()) {
            return Optional.empty();
        }
        DriftReport.Entry first = drift.get(0);
        String who = first.manager().isEmpty() ? "somebody" : first.manager();
        return Optional.of(Problem.warning(
                        "MUTATION_LOOP",
                        "healed " + HEALS + " times in a row and drifted again: " + first.key() + " "
                                + first.change().path() + " is changed by " + who
                                + (drift.size() == 1 ? "" : ", and " + (drift.size() - 1) + " more fields"))
                .hint("look for a webhook or controller that owns the field, or ignore the difference"));
    }

    /** A revision that was there at the last comparison and is no longer, told as such. */
    static List<Problem> gone(Application application, List<Problem> problems) {
        JsonObject sync = application.status().object("sync");
        if (sync.text("revision", "").isEmpty() && !sync.has("revisions")) {
            return problems;
        }
        List<Problem> told = new ArrayList<>();
        for (Problem problem : problems) {
            told.add(
                    problem.code().equals("GIT_REVISION_UNKNOWN")
                            ? new Problem(
                                    problem.severity(),
                                    "REF_GONE",
                                    problem.text() + "; it was there before, and what was deployed from it stays",
                                    problem.where(),
                                    problem.hint())
                            : problem);
        }
        return told;
    }

    /** How long a source that fails is left alone: longer with every failure, up to a bound. */
    static Duration sourcePause(int failures) {
        Duration pause = FIRST_PAUSE;
        for (int i = 0; i < failures && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause;
    }

    /** Tells of a new commit that does not come from the one before, though nobody asked for another revision. */
    static void rewritten(
            ApplicationController controller,
            Application application,
            @Nullable RenderedApplication before,
            RenderedApplication now,
            Instant at) {
        if (before == null
                || before.revisions().equals(now.revisions())
                || before.revisions().size() != now.revisions().size()
                || !before.application().sources().equals(application.sources())) {
            return;
        }
        for (int i = 0; i < now.revisions().size(); i++) {
            String old = before.revisions().get(i);
            String head = now.revisions().get(i);
            String url = application.sources().get(i).repoUrl();
            GitRepository repository = old.equals(head)
                    ? null
                    : controller.gitops.repository(url).value().orElse(null);
            if (repository != null && follows(repository, application, i, old, head)) {
                controller.log.append(
                        at,
                        application.qualifiedName(),
                        "HISTORY_REWRITTEN",
                        url + ": " + head + " does not come from " + old);
                controller.event(
                        at,
                        "HISTORY_REWRITTEN",
                        application.qualifiedName(),
                        JsonObject.of("before", Json.of(old), "revision", Json.of(head)));
            }
        }
    }

    /** Whether a branch is followed and its new head is known not to come from the old one. */
    private static boolean follows(
            GitRepository repository, Application application, int source, String old, String head) {
        String wanted = application.sources().get(source).targetRevision();
        try {
            boolean branch = wanted.isEmpty()
                    || wanted.equals("HEAD")
                    || repository.refs().containsKey("refs/heads/" + wanted);
            return branch && !reaches(repository, head, old);
        } catch (GitOpsException unreadable) {
            return false;
        }
    }

    /** Whether the old commit is among those that the new one comes from, or it cannot be told, as in a shallow mirror. */
    private static boolean reaches(GitRepository repository, String head, String old) {
        if (repository.log(head, NEAR).stream().anyMatch(commit -> commit.id().equals(old))) {
            return true;
        }
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(head));
        Instant oldTime = repository.commit(old).time();
        boolean passed = false;
        while (!open.isEmpty() && seen.size() < COMMITS) {
            String next = open.removeFirst();
            if (next.equals(old)) {
                return true;
            }
            CommitInfo commit = seen.add(next) ? repository.commit(next) : null;
            if (commit != null && commit.time().isBefore(oldTime)) {
                passed = true;
            } else if (commit != null) {
                open.addAll(commit.parents());
            }
        }
        return !open.isEmpty() || !passed;
    }
}
