package io.gitops4j.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The status of a Rollout as an immutable value. {@link RolloutStatusJson} reads and writes the object that Argo's own tools
 * know. Long because a Rollout's status has that many fields; nothing is computed here.
 *
 * <p>Source: Rollouts §2.2.
 */
public final class RolloutStatus {
    private static final RolloutStatus FRESH = new RolloutStatus(new Builder());

    private final String observedGeneration;
    private final int replicas;
    private final int updatedReplicas;
    private final int readyReplicas;
    private final int availableReplicas;
    private final int hpaReplicas;
    private final String selector;
    private final int collisionCount;
    private final String currentPodHash;
    private final String stableRS;
    private final String currentStepHash;
    private final @Nullable Integer currentStepIndex;
    private final List<PauseCondition> pauseConditions;
    private final boolean controllerPause;
    private final boolean abort;
    private final @Nullable Instant abortedAt;
    private final boolean promoteFull;
    private final @Nullable Instant restartedAt;
    private final List<RolloutCondition> conditions;
    private final String phase;
    private final String message;
    private final CanaryWeights weights;
    private final String stablePingPong;
    private final RunRef stepRun;
    private final RunRef backgroundRun;
    private final RunRef prePromotionRun;
    private final RunRef postPromotionRun;
    private final String currentExperiment;
    private final List<PluginStatus> plugins;
    private final String activeSelector;
    private final String previewSelector;
    private final boolean scaleUpPreviewCheckPoint;
    private final RolloutDuration duration;
    private final String workloadObservedGeneration;
    private final String abortMessage;

    private RolloutStatus(Builder from) {
        this.observedGeneration = from.observedGeneration;
        this.replicas = from.replicas;
        this.updatedReplicas = from.updatedReplicas;
        this.readyReplicas = from.readyReplicas;
        this.availableReplicas = from.availableReplicas;
        this.hpaReplicas = from.hpaReplicas;
        this.selector = from.selector;
        this.collisionCount = from.collisionCount;
        this.currentPodHash = from.currentPodHash;
        this.stableRS = from.stableRS;
        this.currentStepHash = from.currentStepHash;
        this.currentStepIndex = from.currentStepIndex;
        this.pauseConditions = from.pauseConditions;
        this.controllerPause = from.controllerPause;
        this.abort = from.abort;
        this.abortedAt = from.abortedAt;
        this.promoteFull = from.promoteFull;
        this.restartedAt = from.restartedAt;
        this.conditions = from.conditions;
        this.phase = from.phase;
        this.message = from.message;
        this.weights = from.weights;
        this.stablePingPong = from.stablePingPong;
        this.stepRun = from.stepRun;
        this.backgroundRun = from.backgroundRun;
        this.prePromotionRun = from.prePromotionRun;
        this.postPromotionRun = from.postPromotionRun;
        this.currentExperiment = from.currentExperiment;
        this.plugins = from.plugins;
        this.activeSelector = from.activeSelector;
        this.previewSelector = from.previewSelector;
        this.scaleUpPreviewCheckPoint = from.scaleUpPreviewCheckPoint;
        this.duration = from.duration;
        this.workloadObservedGeneration = from.workloadObservedGeneration;
        this.abortMessage = from.abortMessage;
    }

    /** A Rollout that nobody looked at yet. */
    public static RolloutStatus fresh() {
        return FRESH;
    }

    /** A builder that starts from this status. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.observedGeneration = observedGeneration;
        builder.replicas = replicas;
        builder.updatedReplicas = updatedReplicas;
        builder.readyReplicas = readyReplicas;
        builder.availableReplicas = availableReplicas;
        builder.hpaReplicas = hpaReplicas;
        builder.selector = selector;
        builder.collisionCount = collisionCount;
        builder.currentPodHash = currentPodHash;
        builder.stableRS = stableRS;
        builder.currentStepHash = currentStepHash;
        builder.currentStepIndex = currentStepIndex;
        builder.pauseConditions = pauseConditions;
        builder.controllerPause = controllerPause;
        builder.abort = abort;
        builder.abortedAt = abortedAt;
        builder.promoteFull = promoteFull;
        builder.restartedAt = restartedAt;
        builder.conditions = conditions;
        builder.phase = phase;
        builder.message = message;
        builder.weights = weights;
        builder.stablePingPong = stablePingPong;
        builder.stepRun = stepRun;
        builder.backgroundRun = backgroundRun;
        builder.prePromotionRun = prePromotionRun;
        builder.postPromotionRun = postPromotionRun;
        builder.currentExperiment = currentExperiment;
        builder.plugins = plugins;
        builder.activeSelector = activeSelector;
        builder.previewSelector = previewSelector;
        builder.scaleUpPreviewCheckPoint = scaleUpPreviewCheckPoint;
        builder.duration = duration;
        builder.workloadObservedGeneration = workloadObservedGeneration;
        builder.abortMessage = abortMessage;
        return builder;
    }

    /** The generation that was acted upon, {@code ""} for none. */
    public String observedGeneration() {
        return observedGeneration;
    }

    /** Pods of all revisions. */
    public int replicas() {
        return replicas;
    }

    /** Pods of the wanted revision. */
    public int updatedReplicas() {
        return updatedReplicas;
    }

    /** Ready pods (blue-green: of the active revision). */
    public int readyReplicas() {
        return readyReplicas;
    }

    /** Available pods (blue-green: of the active revision). */
    public int availableReplicas() {
        return availableReplicas;
    }

    /** Pods that a HorizontalPodAutoscaler is told of. */
    public int hpaReplicas() {
        return hpaReplicas;
    }

    /** The label selector that a HorizontalPodAutoscaler reads. */
    public String selector() {
        return selector;
    }

    /** How often a name was already taken by another template. */
    public int collisionCount() {
        return collisionCount;
    }

    /** Name of the wanted template. */
    public String currentPodHash() {
        return currentPodHash;
    }

    /** Name of the template that serves users, {@code ""} before the first promotion. */
    public String stableRS() {
        return stableRS;
    }

    /** Name of the steps that are followed. */
    public String currentStepHash() {
        return currentStepHash;
    }

    /** The step that is being worked on; as many as there are steps when done; {@code null} without steps. */
    public @Nullable Integer currentStepIndex() {
        return currentStepIndex;
    }

    /** Why it waits, in the order in which the reasons came up. */
    public List<PauseCondition> pauseConditions() {
        return pauseConditions;
    }

    /** Whether the engine paused it; with no condition left it was resumed by a person. */
    public boolean controllerPause() {
        return controllerPause;
    }

    /** Whether the update is aborted. */
    public boolean abort() {
        return abort;
    }

    /** Since when. */
    public @Nullable Instant abortedAt() {
        return abortedAt;
    }

    /** Whether all remaining steps are to be skipped. */
    public boolean promoteFull() {
        return promoteFull;
    }

    /** The {@code restartAt} that was carried out last. */
    public @Nullable Instant restartedAt() {
        return restartedAt;
    }

    /** The conditions, in the order in which they came up. */
    public List<RolloutCondition> conditions() {
        return conditions;
    }

    /** Healthy, Progressing, Paused, Degraded, {@code ""} before the first pass. */
    public String phase() {
        return phase;
    }

    /** Why it is in this phase. */
    public String message() {
        return message;
    }

    /** The weights set on the traffic router. */
    public CanaryWeights weights() {
        return weights;
    }

    /** {@code ping} or {@code pong}: which of the two services is stable. */
    public String stablePingPong() {
        return stablePingPong;
    }

    /** The analysis of the current step. */
    public RunRef stepRun() {
        return stepRun;
    }

    /** The background analysis. */
    public RunRef backgroundRun() {
        return backgroundRun;
    }

    /** The analysis before the switch. */
    public RunRef prePromotionRun() {
        return prePromotionRun;
    }

    /** The analysis after the switch. */
    public RunRef postPromotionRun() {
        return postPromotionRun;
    }

    /** Name of the experiment of the current step. */
    public String currentExperiment() {
        return currentExperiment;
    }

    /** Step plugins that were run. */
    public List<PluginStatus> plugins() {
        return plugins;
    }

    /** What the active service selects. */
    public String activeSelector() {
        return activeSelector;
    }

    /** What the preview service selects. */
    public String previewSelector() {
        return previewSelector;
    }

    /** Whether the preview may grow to full size. */
    public boolean scaleUpPreviewCheckPoint() {
        return scaleUpPreviewCheckPoint;
    }

    /** How long the update took so far. */
    public RolloutDuration duration() {
        return duration;
    }

    /** Generation of the referenced workload that was acted upon. */
    public String workloadObservedGeneration() {
        return workloadObservedGeneration;
    }

    /** Why the engine aborted, {@code ""} when a person did. */
    public String abortMessage() {
        return abortMessage;
    }

    /** The condition of a type, or {@code null}. */
    public @Nullable RolloutCondition condition(String type) {
        for (RolloutCondition condition : conditions) {
            if (condition.type().equals(type)) {
                return condition;
            }
        }
        return null;
    }

    /** Whether there is a pause for {@code reason}. */
    public boolean pausedBy(String reason) {
        return pausedSince(reason) != null;
    }

    /** Since when there is a pause for {@code reason}, or {@code null}. */
    public @Nullable Instant pausedSince(String reason) {
        for (PauseCondition pause : pauseConditions) {
            if (pause.reason().equals(reason)) {
                return pause.startTime();
            }
        }
        return null;
    }

    /** Whether the wanted revision is the one that serves users. */
    public boolean fullyPromoted() {
        return !stableRS.isEmpty() && stableRS.equals(currentPodHash);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof RolloutStatus that && sameCounts(that) && sameProgress(that));
    }

    private boolean sameCounts(RolloutStatus that) {
        return replicas == that.replicas
                && updatedReplicas == that.updatedReplicas
                && readyReplicas == that.readyReplicas
                && availableReplicas == that.availableReplicas
                && hpaReplicas == that.hpaReplicas
                && collisionCount == that.collisionCount
                && controllerPause == that.controllerPause
                && abort == that.abort
                && promoteFull == that.promoteFull
                && scaleUpPreviewCheckPoint == that.scaleUpPreviewCheckPoint;
    }

    private boolean sameProgress(RolloutStatus that) {
        return observedGeneration.equals(that.observedGeneration)
                && selector.equals(that.selector)
                && currentPodHash.equals(that.currentPodHash)
                && stableRS.equals(that.stableRS)
                && currentStepHash.equals(that.currentStepHash)
                && Objects.equals(currentStepIndex, that.currentStepIndex)
                && pauseConditions.equals(that.pauseConditions)
                && Objects.equals(abortedAt, that.abortedAt)
                && Objects.equals(restartedAt, that.restartedAt)
                && conditions.equals(that.conditions)
                && phase.equals(that.phase)
                && message.equals(that.message)
                && weights.equals(that.weights)
                && stablePingPong.equals(that.stablePingPong)
                && stepRun.equals(that.stepRun)
                && backgroundRun.equals(that.backgroundRun)
                && prePromotionRun.equals(that.prePromotionRun)
                && postPromotionRun.equals(that.postPromotionRun)
                && currentExperiment.equals(that.currentExperiment)
                && plugins.equals(that.plugins)
                && activeSelector.equals(that.activeSelector)
                && previewSelector.equals(that.previewSelector)
                && duration.equals(that.duration)
                && workloadObservedGeneration.equals(that.workloadObservedGeneration)
                && abortMessage.equals(that.abortMessage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(currentPodHash, stableRS, currentStepIndex, phase, replicas, conditions);
    }

    @Override
    public String toString() {
        return RolloutStatusJson.write(this).toJson();
    }

    /** Collects changes to a status. */
    public static final class Builder {
        String observedGeneration = "";
        int replicas = 0;
        int updatedReplicas = 0;
        int readyReplicas = 0;
        int availableReplicas = 0;
        int hpaReplicas = 0;
        String selector = "";
        int collisionCount = 0;
        String currentPodHash = "";
        String stableRS = "";
        String currentStepHash = "";

        @Nullable
        Integer currentStepIndex = null;

        List<PauseCondition> pauseConditions = List.of();
        boolean controllerPause = false;
        boolean abort = false;

        @Nullable
        Instant abortedAt = null;

        boolean promoteFull = false;

        @Nullable
        Instant restartedAt = null;

        List<RolloutCondition> conditions = List.of();
        String phase = "";
        String message = "";
        CanaryWeights weights = CanaryWeights.NONE;
        String stablePingPong = "";
        RunRef stepRun = RunRef.NONE;
        RunRef backgroundRun = RunRef.NONE;
        RunRef prePromotionRun = RunRef.NONE;
        RunRef postPromotionRun = RunRef.NONE;
        String currentExperiment = "";
        List<PluginStatus> plugins = List.of();
        String activeSelector = "";
        String previewSelector = "";
        boolean scaleUpPreviewCheckPoint = false;
        RolloutDuration duration = RolloutDuration.NONE;
        String workloadObservedGeneration = "";
        String abortMessage = "";

        Builder() {}

        /** Sets {@link RolloutStatus#observedGeneration()}. */
        public Builder observedGeneration(String value) {
            observedGeneration = value;
            return this;
        }

        /** Sets {@link RolloutStatus#replicas()}. */
        public Builder replicas(int value) {
            replicas = value;
            return this;
        }

        /** Sets {@link RolloutStatus#updatedReplicas()}. */
        public Builder updatedReplicas(int value) {
            updatedReplicas = value;
            return this;
        }

        /** Sets {@link RolloutStatus#readyReplicas()}. */
        public Builder readyReplicas(int value) {
            readyReplicas = value;
            return this;
        }

        /** Sets {@link RolloutStatus#availableReplicas()}. */
        public Builder availableReplicas(int value) {
            availableReplicas = value;
            return this;
        }

        /** Sets {@link RolloutStatus#hpaReplicas()}. */
        public Builder hpaReplicas(int value) {
            hpaReplicas = value;
            return this;
        }

        /** Sets {@link RolloutStatus#selector()}. */
        public Builder selector(String value) {
            selector = value;
            return this;
        }

        /** Sets {@link RolloutStatus#collisionCount()}. */
        public Builder collisionCount(int value) {
            collisionCount = value;
            return this;
        }

        /** Sets {@link RolloutStatus#currentPodHash()}. */
        public Builder currentPodHash(String value) {
            currentPodHash = value;
            return this;
        }

        /** Sets {@link RolloutStatus#stableRS()}. */
        public Builder stableRS(String value) {
            stableRS = value;
            return this;
        }

        /** Sets {@link RolloutStatus#currentStepHash()}. */
        public Builder currentStepHash(String value) {
            currentStepHash = value;
            return this;
        }

        /** Sets {@link RolloutStatus#currentStepIndex()}. */
        public Builder currentStepIndex(@Nullable Integer value) {
            currentStepIndex = value;
            return this;
        }

        /** Sets {@link RolloutStatus#pauseConditions()}. */
        public Builder pauseConditions(List<PauseCondition> value) {
            pauseConditions = List.copyOf(value);
            return this;
        }

        /** Sets {@link RolloutStatus#controllerPause()}. */
        public Builder controllerPause(boolean value) {
            controllerPause = value;
            return this;
        }

        /** Sets {@link RolloutStatus#abort()}. */
        public Builder abort(boolean value) {
            abort = value;
            return this;
        }

        /** Sets {@link RolloutStatus#abortedAt()}. */
        public Builder abortedAt(@Nullable Instant value) {
            abortedAt = value;
            return this;
        }

        /** Sets {@link RolloutStatus#promoteFull()}. */
        public Builder promoteFull(boolean value) {
            promoteFull = value;
            return this;
        }

        /** Sets {@link RolloutStatus#restartedAt()}. */
        public Builder restartedAt(@Nullable Instant value) {
            restartedAt = value;
            return this;
        }

        /** Sets {@link RolloutStatus#conditions()}. */
        public Builder conditions(List<RolloutCondition> value) {
            conditions = List.copyOf(value);
            return this;
        }

        /** Sets {@link RolloutStatus#phase()}. */
        public Builder phase(String value) {
            phase = value;
            return this;
        }

        /** Sets {@link RolloutStatus#message()}. */
        public Builder message(String value) {
            message = value;
            return this;
        }

        /** Sets {@link RolloutStatus#weights()}. */
        public Builder weights(CanaryWeights value) {
            weights = value;
            return this;
        }

        /** Sets {@link RolloutStatus#stablePingPong()}. */
        public Builder stablePingPong(String value) {
            stablePingPong = value;
            return this;
        }

        /** Sets {@link RolloutStatus#stepRun()}. */
        public Builder stepRun(RunRef value) {
            stepRun = value;
            return this;
        }

        /** Sets {@link RolloutStatus#backgroundRun()}. */
        public Builder backgroundRun(RunRef value) {
            backgroundRun = value;
            return this;
        }

        /** Sets {@link RolloutStatus#prePromotionRun()}. */
        public Builder prePromotionRun(RunRef value) {
            prePromotionRun = value;
            return this;
        }

        /** Sets {@link RolloutStatus#postPromotionRun()}. */
        public Builder postPromotionRun(RunRef value) {
            postPromotionRun = value;
            return this;
        }

        /** Sets {@link RolloutStatus#currentExperiment()}. */
        public Builder currentExperiment(String value) {
            currentExperiment = value;
            return this;
        }

        /** Sets {@link RolloutStatus#plugins()}. */
        public Builder plugins(List<PluginStatus> value) {
            plugins = List.copyOf(value);
            return this;
        }

        /** Sets {@link RolloutStatus#activeSelector()}. */
        public Builder activeSelector(String value) {
            activeSelector = value;
            return this;
        }

        /** Sets {@link RolloutStatus#previewSelector()}. */
        public Builder previewSelector(String value) {
            previewSelector = value;
            return this;
        }

        /** Sets {@link RolloutStatus#scaleUpPreviewCheckPoint()}. */
        public Builder scaleUpPreviewCheckPoint(boolean value) {
            scaleUpPreviewCheckPoint = value;
            return this;
        }

        /** Sets {@link RolloutStatus#duration()}. */
        public Builder duration(RolloutDuration value) {
            duration = value;
            return this;
        }

        /** Sets {@link RolloutStatus#workloadObservedGeneration()}. */
        public Builder workloadObservedGeneration(String value) {
            workloadObservedGeneration = value;
            return this;
        }

        /** Sets {@link RolloutStatus#abortMessage()}. */
        public Builder abortMessage(String value) {
            abortMessage = value;
            return this;
        }

        /** The status with the changes so far. */
        public RolloutStatus build() {
            return new RolloutStatus(this);
        }
    }
}
