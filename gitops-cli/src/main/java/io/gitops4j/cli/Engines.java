package io.gitops4j.cli;

import io.gitops4j.engine.GitOps;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.spi.GitAccess;
import java.time.InstantSource;

/** The facade as the command line uses it: every engine that is there. */
final class Engines {
    private Engines() {}

    static GitOps.Builder builder(GitAccess git, InstantSource clock) {
        return GitOps.builder(git, clock).renderer(new KustomizeRenderer()).health(HealthChecks.standard());
    }
}
