/** AnalysisRuns: metrics, measurements, limits and phases as a pure machine, arguments and templates, and what providers ask and answer (requests and results as values; the transport is the metrics SPI). Start reading at {@link io.gitops4j.rollout.analysis.AnalysisRunMachine}. */
@NullMarked
package io.gitops4j.rollout.analysis;

import org.jspecify.annotations.NullMarked;
