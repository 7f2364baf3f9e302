package io.gitops4j.engine;

import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.PlanGate;
import java.util.List;

/** Says what was found out before, whatever it is shown: what is wrong with policies must not let a plan pass in silence. */
record SaidGate(String name, List<Problem> problems) implements PlanGate {
    SaidGate {
        problems = List.copyOf(problems);
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        return problems;
    }
}
