package io.gitops4j.rollout.simulate;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.Metric;
import io.gitops4j.rollout.analysis.MetricAnswer;
import java.time.Instant;

/** Where a simulation gets analyses and measurements from. */
public interface AnalysisModel {

    /** No analysis is known: every run is refused. */
    AnalysisModel NONE = new AnalysisModel() {
        @Override
        public Outcome<AnalysisSpec> specOf(Action.StartAnalysisRun start) {
            return Outcome.failed(Problem.error("ANALYSIS_TEMPLATE", "no analysis template is known"));
        }

        @Override
        public MetricAnswer measure(Metric metric, Instant now) {
            return MetricAnswer.error("no metric is known");
        }
    };

    /** The spec of a run that the engine wants to start, its templates merged and its arguments put in. */
    Outcome<AnalysisSpec> specOf(Action.StartAnalysisRun start);

    /** The answer to a measurement. */
    MetricAnswer measure(Metric metric, Instant now);
}
