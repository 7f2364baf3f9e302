package io.gitops4j.sync;

import io.gitops4j.app.SyncPolicy;
import io.gitops4j.cluster.DeleteOptions.Propagation;
import io.gitops4j.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** How one sync is done: the options of the application and of the operation. Immutable; {@code with…} gives changed copies. */
public final class SyncSettings {
    /** Objects of one kind that a sync writes side by side unless told otherwise. */
    public static final int DEFAULT_BATCH = 200;

    /** How long a sync waits until a CustomResourceDefinition is established, unless told otherwise. */
    public static final Duration DEFAULT_DEFINITION_WAIT = Duration.ofSeconds(60);

    private boolean prune;
    private boolean allowEmpty;
    private boolean dryRun;
    private boolean outOfSyncOnly = true;
    private boolean skipHooks;
    private boolean confirmed;
    private List<String> options = List.of();
    private JsonObject namespaceMetadata = JsonObject.empty();
    private Duration waveDelay = Duration.ZERO;
    private int maxPrunes = Integer.MAX_VALUE;
    private int maxPrunePercent = 100;
    private Map<String, Integer> maxPrunesByKind = new LinkedHashMap<>();
    private Duration deadline = Duration.ZERO;
    private Duration stepDeadline = Duration.ZERO;
    private Duration definitionWait = Duration.ZERO;
    private int batch = Integer.MAX_VALUE;
    private List<String> kindOrder = List.of();

    private SyncSettings() {}

    private SyncSettings copy(Consumer<SyncSettings> change) {
        SyncSettings copy = new SyncSettings();
        copy.prune = prune;
        copy.allowEmpty = allowEmpty;
        copy.dryRun = dryRun;
        copy.outOfSyncOnly = outOfSyncOnly;
        copy.skipHooks = skipHooks;
        copy.confirmed = confirmed;
        copy.options = options;
        copy.namespaceMetadata = namespaceMetadata;
        copy.waveDelay = waveDelay;
        copy.maxPrunes = maxPrunes;
        copy.maxPrunePercent = maxPrunePercent;
        copy.maxPrunesByKind = maxPrunesByKind;
        copy.deadline = deadline;
        copy.stepDeadline = stepDeadline;
        copy.definitionWait = definitionWait;
        copy.batch = batch;
        copy.kindOrder = kindOrder;
        change.accept(copy);
        return copy;
    }

    /** No pruning, out-of-sync objects only, no delay, no cap, no wait for definitions. */
    public static SyncSettings defaults() {
        return new SyncSettings();
    }

    /**
     * The settings of an automated sync under this policy; pruning and empty renders as the policy allows. Definitions are
     * waited for, and writes go in bounded batches.
     */
    public static SyncSettings of(SyncPolicy policy) {
        return defaults().copy(to -> {
            to.prune = policy.prune();
            to.allowEmpty = policy.allowEmpty();
            to.options = policy.syncOptions();
            to.namespaceMetadata = policy.managedNamespaceMetadata();
            to.definitionWait = DEFAULT_DEFINITION_WAIT;
            to.batch = DEFAULT_BATCH;
        });
    }

    /** Whether what is no longer desired is deleted. */
    public boolean prune() {
        return prune;
    }

    /** Whether everything may be deleted when nothing is desired. */
    public boolean allowEmpty() {
        return allowEmpty;
    }

    /** Whether the sync stops after its dry run. */
    public boolean dryRun() {
        return dryRun;
    }

    /** Whether objects without a difference are left alone. */
    public boolean outOfSyncOnly() {
        return outOfSyncOnly;
    }

    /** Whether hooks are left out (selective syncs, rollbacks). */
    public boolean skipHooks() {
        return skipHooks;
    }

    /** The app-wide sync options, {@code Name=value}. */
    public List<String> options() {
        return options;
    }

    /** Labels and annotations of a namespace that is created. */
    public JsonObject namespaceMetadata() {
        return namespaceMetadata;
    }

    /** The pause between waves. */
    public Duration waveDelay() {
        return waveDelay;
    }

    /** Most objects that one sync may delete; more is refused. */
    public int maxPrunes() {
        return maxPrunes;
    }

    /** Most objects that one sync may delete, in percent of those that the application has; 100 for no cap. */
    public int maxPrunePercent() {
        return maxPrunePercent;
    }

    /** Most objects that one sync may delete, by kind; 0 protects a kind. */
    public Map<String, Integer> maxPrunesByKind() {
        return maxPrunesByKind;
    }

    /** Time after which an operation that is not done is ended; zero for none. */
    public Duration deadline() {
        return deadline;
    }

    /** Time after which a single wave that is not done ends the operation; zero for none. */
    public Duration stepDeadline() {
        return stepDeadline;
    }

    /** How long objects wait until the CustomResourceDefinitions applied before them are established; zero for not at all. */
    public Duration definitionWait() {
        return definitionWait;
    }

    /** Most objects that are written side by side. */
    public int batch() {
        return batch;
    }

    /** The order of kinds, empty for the usual one. */
    public List<String> kindOrder() {
        return kindOrder;
    }

    /** A copy that prunes or does not. */
    public SyncSettings withPrune(boolean on) {
        return copy(to -> to.prune = on);
    }

    /** A copy that may delete everything or may not. */
    public SyncSettings withAllowEmpty(boolean on) {
        return copy(to -> to.allowEmpty = on);
    }

    /** A copy that stops after the dry run or does not. */
    public SyncSettings withDryRun(boolean on) {
        return copy(to -> to.dryRun = on);
    }

    /** A copy that applies out-of-sync objects only, or all. */
    public SyncSettings withOutOfSyncOnly(boolean on) {
        return copy(to -> to.outOfSyncOnly = on);
    }

    /** A copy that leaves hooks out or runs them. */
    public SyncSettings withSkipHooks(boolean on) {
        return copy(to -> to.skipHooks = on);
    }

    /** Whether a person has confirmed what {@code Prune=confirm} asks for. */
    public boolean confirmed() {
        return confirmed;
    }

    /** A copy that a person has confirmed, or has not. */
    public SyncSettings withConfirmed(boolean on) {
        return copy(to -> to.confirmed = on);
    }

    /** A copy with other app-wide options. */
    public SyncSettings withOptions(List<String> newOptions) {
        return copy(to -> to.options = List.copyOf(newOptions));
    }

    /** A copy with a pause between waves. */
    public SyncSettings withWaveDelay(Duration delay) {
        return copy(to -> to.waveDelay = delay);
    }

    /** A copy with a cap on deletions. */
    public SyncSettings withMaxPrunes(int most) {
        return copy(to -> to.maxPrunes = most);
    }

    /** A copy with a cap on deletions in percent of the application's objects. */
    public SyncSettings withMaxPrunePercent(int most) {
        return copy(to -> to.maxPrunePercent = most);
    }

    /** A copy with a cap on deletions of one kind; 0 protects the kind. */
    public SyncSettings withMaxPrunesOf(String kind, int most) {
        Map<String, Integer> caps = new LinkedHashMap<>(maxPrunesByKind);
        caps.put(kind, most);
        return copy(to -> to.maxPrunesByKind = Collections.unmodifiableMap(caps));
    }

    /** A copy that ends an operation after this time. */
    public SyncSettings withDeadline(Duration after) {
        return copy(to -> to.deadline = after);
    }

    /** A copy that ends an operation when one of its waves takes longer. */
    public SyncSettings withStepDeadline(Duration after) {
        return copy(to -> to.stepDeadline = after);
    }

    /** A copy that waits so long for definitions. */
    public SyncSettings withDefinitionWait(Duration most) {
        return copy(to -> to.definitionWait = most);
    }

    /**
     * A copy that writes at most so many objects side by side.
     *
     * @throws IllegalArgumentException when {@code most} is less than 1
     */
    public SyncSettings withBatch(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a batch holds at least one object, not " + most);
        }
        return copy(to -> to.batch = most);
    }

    /** A copy in which kinds are applied in this order; kinds that are not in it come last. */
    public SyncSettings withKindOrder(List<String> kinds) {
        return copy(to -> to.kindOrder = List.copyOf(kinds));
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

    /** Whether the dry run of an object always goes to the server: {@code DryRun=server}. */
    boolean asksServer(JsonObject object) {
        return has("DryRun=server", object) || options.contains("DryRun=server");
    }

    static boolean has(String option, JsonObject object) {
        return own(object).contains(option);
    }

    /** Whether an object may only go with a person's consent: {@code Prune=confirm}, {@code Delete=confirm}. */
    boolean confirms(String option, JsonObject object) {
        List<String> own = own(object);
        boolean decided = own.contains(option + "=true") || own.contains(option + "=false");
        return own.contains(option + "=confirm") || (options.contains(option + "=confirm") && !decided);
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
