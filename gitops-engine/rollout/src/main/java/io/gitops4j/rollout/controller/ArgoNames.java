package io.gitops4j.rollout.controller;

import io.gitops4j.manifest.Gvk;

/** Kinds, labels and annotations as Argo Rollouts names them. */
final class ArgoNames {
    static final Gvk ROLLOUT = Gvk.of("argoproj.io/v1alpha1", "Rollout");
    static final Gvk ANALYSIS_RUN = Gvk.of("argoproj.io/v1alpha1", "AnalysisRun");
    static final Gvk ANALYSIS_TEMPLATE = Gvk.of("argoproj.io/v1alpha1", "AnalysisTemplate");
    static final Gvk CLUSTER_ANALYSIS_TEMPLATE = Gvk.of("argoproj.io/v1alpha1", "ClusterAnalysisTemplate");
    static final Gvk EXPERIMENT = Gvk.of("argoproj.io/v1alpha1", "Experiment");
    static final Gvk REPLICA_SET = Gvk.of("apps/v1", "ReplicaSet");
    static final Gvk SERVICE = Gvk.of("v1", "Service");
    static final Gvk POD = Gvk.of("v1", "Pod");
    static final Gvk SECRET = Gvk.of("v1", "Secret");

    static final String REVISION = "rollout.argoproj.io/revision";
    static final String DESIRED = "rollout.argoproj.io/desired-replicas";
    static final String EPHEMERAL = "rollout.argoproj.io/ephemeral-metadata";
    static final String SCALE_DOWN = "scale-down-deadline";
    static final String MANAGED_BY = "argo-rollouts.argoproj.io/managed-by-rollouts";
    static final String WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation";
    static final String EXPERIMENT_NAME = "experiment.argoproj.io/name";
    static final String RUN_TYPE = "rollout-type";
    static final String STEP_INDEX = "step-index";

    private ArgoNames() {}
}
