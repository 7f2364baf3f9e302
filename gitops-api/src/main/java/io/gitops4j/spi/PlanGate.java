package io.gitops4j.spi;

import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Problem;
import java.util.List;

/** Reviews what is about to be applied. An error blocks the plan, a warning travels with it. */
public interface PlanGate {

    /** The name in reports. */
    String name();

    /** What speaks against these objects, each problem naming object, rule and message, in a stable order. */
    List<Problem> review(ManifestSet desired);
}
