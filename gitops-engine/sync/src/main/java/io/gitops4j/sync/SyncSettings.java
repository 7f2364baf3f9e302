package io.gitops4j.sync;

import io.gitops4j.app.SyncPolicy;
import io.gitops4j.cluster.DeleteOptions.Propagation;
import io.gitops4j.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How one sync is done: the options of the application and of the operation. Immutable; {@code with…} gives changed copies.
 *
 * @param prune whether what is no longer desired is deleted
 * @param allowEmpty whether everything may be deleted when nothing is desired
 * @param dryRun whether the sync stops after its dry run
 * @param outOfSyncOnly whether objects without a difference are left alone
 * @param skipHooks whether hooks are left out (selective syncs, rollbacks)
 * @param options the app-wide sync options, {@code Name=value}
 * @param namespaceMetadata labels and annotations of a namespace that is created
 * @param waveDelay pause between waves
 * @param maxPrunes most objects that one sync may delete; more is refused
 * @param deadline after which an operation that is not done is ended; zero for none
 */
public record SyncSettings(
        boolean prune,
        boolean allowEmpty,
        boolean dryRun,
        boolean outOfSyncOnly,
        boolean skipHooks,
        List<String> options,
        JsonObject namespaceMetadata,
        Duration waveDelay,
        int maxPrunes,
        Duration deadline) {

    /** Settings of these parts. */
    public SyncSettings {
        options = List.copyOf(options);
    }

    /** No pruning, out-of-sync objects only, no delay, no cap. */
    public static SyncSettings defaults() {
        return new SyncSettings(
                false,
                false,
                false,
                true,
                false,
                List.of(),
                JsonObject.empty(),
                Duration.ZERO,
                Integer.MAX_VALUE,
                Duration.ZERO);
    }

    /** The settings of an automated sync under this policy; pruning and empty renders as the policy allows. */
    public static SyncSettings of(SyncPolicy policy) {
        SyncSettings settings = defaults();
        return new SyncSettings(
                policy.prune(),
                policy.allowEmpty(),
                false,
                true,
                false,
                policy.syncOptions(),
                policy.managedNamespaceMetadata(),
                settings.waveDelay,
                settings.maxPrunes,
                settings.deadline);
    }

    /** A copy that prunes or does not. */
    public SyncSettings withPrune(boolean on) {
        return new SyncSettings(
                on,
                allowEmpty,
                dryRun,
                outOfSyncOnly,
                skipHooks,
                options,
                namespaceMetadata,
                waveDelay,
                maxPrunes,
                deadline);
    }

    /** A copy that may delete everything or may not. */
    public SyncSettings withAllowEmpty(boolean on) {
        return new SyncSettings(
                prune,
                on,
                dryRun,
                outOfSyncOnly,
                skipHooks,
                options,
                namespaceMetadata,
                waveDelay,
                maxPrunes,
                deadline);
    }

    /** A copy that stops after the dry run or does not. */
    public SyncSettings withDryRun(boolean on) {
        return new SyncSettings(
                prune,
                allowEmpty,
                on,
                outOfSyncOnly,
                skipHooks,
                options,
                namespaceMetadata,
                waveDelay,
                maxPrunes,
                deadline);
    }

    /** A copy that applies out-of-sync objects only, or all. */
    public SyncSettings withOutOfSyncOnly(boolean on) {
        return new SyncSettings(
                prune, allowEmpty, dryRun, on, skipHooks, options, namespaceMetadata, waveDelay, maxPrunes, deadline);
    }

    /** A copy that leaves hooks out or runs them. */
    public SyncSettings withSkipHooks(boolean on) {
        return new SyncSettings(
                prune,
                allowEmpty,
                dryRun,
                outOfSyncOnly,
                on,
                options,
                namespaceMetadata,
                waveDelay,
                maxPrunes,
                deadline);
    }

    /** A copy with other app-wide options. */
    public SyncSettings withOptions(List<String> newOptions) {
        return new SyncSettings(
                prune,
                allowEmpty,
                dryRun,
                outOfSyncOnly,
                skipHooks,
                newOptions,
                namespaceMetadata,
                waveDelay,
                maxPrunes,
                deadline);
    }

    /** A copy with a pause between waves. */
    public SyncSettings withWaveDelay(Duration delay) {
        return new SyncSettings(
                prune,
                allowEmpty,
                dryRun,
                outOfSyncOnly,
                skipHooks,
                options,
                namespaceMetadata,
                delay,
                maxPrunes,
                deadline);
    }

    /** A copy with a cap on deletions. */
    public SyncSettings withMaxPrunes(int most) {
        return new SyncSettings(
                prune,
                allowEmpty,
                dryRun,
                outOfSyncOnly,
                skipHooks,
                options,
                namespaceMetadata,
                waveDelay,
                most,
                deadline);
    }

    /** A copy that ends an operation after this time. */
    public SyncSettings withDeadline(Duration after) {
        return new SyncSettings(
                prune,
                allowEmpty,
                dryRun,
                outOfSyncOnly,
                skipHooks,
                options,
                namespaceMetadata,
                waveDelay,
                maxPrunes,
                after);
    }

    /** Whether an app-wide option is {@code true}. */
    public boolean on(String option) {
        return options.contains(option + "=true");
    }

    /** The value of an option for one object: its annotation wins over the application. */
    boolean on(String option, JsonObject object) {
        List<String> own = own(object);
        return own.contains(option + "=true") || (on(option) && !own.contains(option + "=false"));
    }

    /** Whether an option is switched off for one object, {@code Prune=false}. */
    boolean off(String option, JsonObject object) {
        List<String> own = own(object);
        return own.contains(option + "=false")
                || (options.contains(option + "=false") && !own.contains(option + "=true"));
    }

    static boolean has(String option, JsonObject object) {
        return own(object).contains(option);
    }

    private static List<String> own(JsonObject object) {
        return Hooks.commaList(Hooks.annotation(object, "argocd.argoproj.io/sync-options"));
    }

    /** What happens to the dependents of pruned objects, foreground unless an option says otherwise. */
    public Propagation propagation() {
        for (String option : options) {
            if (option.startsWith("PrunePropagationPolicy=")) {
                String name =
                        option.substring("PrunePropagationPolicy=".length()).toLowerCase(Locale.ROOT);
                return switch (name) {
                    case "background" -> Propagation.BACKGROUND;
                    case "orphan" -> Propagation.ORPHAN;
                    default -> Propagation.FOREGROUND;
                };
            }
        }
        return Propagation.FOREGROUND;
    }
}
