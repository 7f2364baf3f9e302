package io.gitops4j.diff;

import io.gitops4j.diff.ssa.ManagedFields;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compares targets with live objects: takes out what rules ignore, brings both sides into one form, predicts what live would
 * become, and tells the difference. Made once for a set of rules and options, then used for any number of pairs; immutable.
 */
public final class DiffEngine {
    private final KubernetesSchema builtIn;
    private final BiFunction<String, String, @Nullable SchemaType> customTypes;
    private final IgnoreRules rules;
    private final KnownTypes knownTypes;
    private final DiffOptions options;
    private final Normalizer normalizer;
    private final List<UnaryOperator<JsonObject>> userNormalizers;
    private final Prediction prediction;

    private DiffEngine(Builder builder) {
        this.builtIn = builder.builtIn;
        this.customTypes = builder.customTypes;
        this.rules = builder.rules;
        this.knownTypes = builder.knownTypes;
        this.options = builder.options;
        this.userNormalizers = List.copyOf(builder.userNormalizers);
        this.normalizer = new Normalizer(builtIn, options.ignoreAggregatedRoles());
        this.prediction = new Prediction(builtIn, this::type, options);
    }

    /** Options, rules and schemas of an engine. */
    public static Builder builder() {
        return new Builder();
    }

    /** An engine without rules. */
    public static DiffEngine plain() {
        return builder().build();
    }

    /** Sets up an engine. */
    public static final class Builder {
        private KubernetesSchema builtIn = KubernetesSchema.v1_36();
        private BiFunction<String, String, @Nullable SchemaType> customTypes = (apiVersion, kind) -> null;
        private IgnoreRules rules = IgnoreRules.none();
        private KnownTypes knownTypes = new KnownTypes(List.of());
        private DiffOptions options = DiffOptions.defaults();
        private final List<UnaryOperator<JsonObject>> userNormalizers = new ArrayList<>();

        private Builder() {}

        /** The schema of built-in kinds; 1.36 unless set. */
        public Builder builtIn(KubernetesSchema schema) {
            this.builtIn = schema;
            return this;
        }

        /** Types of custom resources by apiVersion and kind, {@code null} where there is none. */
        public Builder customTypes(BiFunction<String, String, @Nullable SchemaType> types) {
            this.customTypes = types;
            return this;
        }

        /** What to ignore. */
        public Builder rules(IgnoreRules ignoreRules) {
            this.rules = ignoreRules;
            return this;
        }

        /** Fields of custom resources with known types. */
        public Builder knownTypes(KnownTypes types) {
            this.knownTypes = types;
            return this;
        }

        /** How to compare. */
        public Builder options(DiffOptions diffOptions) {
            this.options = diffOptions;
            return this;
        }

        /** A step of the user's own, run on both sides after the rules. It must be pure. */
        public Builder normalizer(UnaryOperator<JsonObject> step) {
            userNormalizers.add(step);
            return this;
        }

        /** The engine. */
        public DiffEngine build() {
            return new DiffEngine(this);
        }
    }

    private @Nullable SchemaType type(JsonObject object) {
        String apiVersion = object.text("apiVersion", "");
        String kind = object.text("kind", "");
        SchemaType type = builtIn.kind(apiVersion, kind);
        return type == null ? customTypes.apply(apiVersion, kind) : type;
    }

    /**
     * Both sides as the rules leave them, before they are brought into comparable form.
     *
     * @param target the target, {@code null} when there is none
     * @param live the live object, {@code null} when there is none
     */
    public record Sides(
            @Nullable JsonObject target, @Nullable JsonObject live) {}

    /** Both sides without what rules ignore and with known types rewritten. */
    public Outcome<Sides> withoutIgnored(@Nullable JsonObject target, @Nullable JsonObject live) {
        JsonObject wanted = target;
        JsonObject present = live;
        if (target != null && live != null) {
            Set<String> managers = rules.managers(target);
            if (!managers.isEmpty()) {
                Outcome<ManagedFieldsFilter.Sides> filtered =
                        ManagedFieldsFilter.filter(live, target, managers, type(target));
                if (!filtered.ok()) {
                    return Outcome.failed(filtered.problems());
                }
                wanted = filtered.orThrow().target();
                present = filtered.orThrow().live();
            }
        }
        Outcome<JsonObject> t = wanted == null ? Outcome.of(JsonObject.empty()) : prepared(wanted);
        Outcome<JsonObject> l = present == null ? Outcome.of(JsonObject.empty()) : prepared(present);
        if (!t.ok() || !l.ok()) {
            return Outcome.failed((t.ok() ? l : t).problems());
        }
        return Outcome.of(new Sides(wanted == null ? null : t.orThrow(), present == null ? null : l.orThrow()));
    }

    /** One object without what rules of places ignore, and with known types rewritten. */
    public Outcome<JsonObject> prepared(JsonObject object) {
        return rules.apply(object).then(knownTypes::normalize).map(out -> {
            JsonObject changed = out;
            for (UnaryOperator<JsonObject> step : userNormalizers) {
                changed = step.apply(changed);
            }
            return changed;
        });
    }

    /** One object in comparable form. */
    public JsonObject normalized(JsonObject object) {
        return normalizer.normalize(object);
    }

    /**
     * The difference.
     *
     * @param target what Git wants, {@code null} when it wants nothing
     * @param live what the cluster has, {@code null} when it has nothing
     * @return the result; {@code DIFF_NOTHING} when both are missing, {@code SCHEMA_MISMATCH} when the structured merge cannot type
     *     one of them
     */
    public Outcome<DiffResult> diff(@Nullable JsonObject target, @Nullable JsonObject live) {
        if (target == null && live == null) {
            return Outcome.failed(Problem.error("DIFF_NOTHING", "both live and config are null objects"));
        }
        if (target != null && live != null && inSync(target, live)) {
            return Outcome.of(new DiffResult(new DiffResult.Context(this, target, live, null), type(target)));
        }
        return withoutIgnored(target, live).then(sides -> compare(sides, target, live));
    }

    /**
     * The difference as a server predicts it: {@code predicted} is what a dry-run server-side apply of the target answered.
     * Fields of it that the applying manager does not own and that differ from live are the work of webhooks or other
     * controllers and do not count, unless they are asked for.
     *
     * @param mutations whether changes of others count
     */
    public Outcome<DiffResult> serverSide(JsonObject target, JsonObject live, JsonObject predicted, boolean mutations) {
        JsonObject answered =
                mutations ? predicted : ServerPrediction.ownChanges(type(live), live, predicted, options.manager());
        Outcome<JsonObject> before = prepared(ServerPrediction.plain(live));
        Outcome<JsonObject> after = prepared(ServerPrediction.plain(answered));
        if (!before.ok() || !after.ok()) {
            return Outcome.failed((before.ok() ? after : before).problems());
        }
        JsonObject present = normalizer.normalize(before.orThrow());
        JsonObject wanted = normalizer.normalize(after.orThrow());
        DiffResult.Context context = new DiffResult.Context(this, target, live, new Sides(target, before.orThrow()));
        return Outcome.of(new DiffResult(context, !present.equals(wanted), present, wanted, type(live)));
    }

    /** Most pairs are in sync, and to see that takes a walk and nothing else. */
    private boolean inSync(JsonObject target, JsonObject live) {
        if (!userNormalizers.isEmpty() || !sameIdentity(target, live)) {
            return false;
        }
        if (!options.structuredMerge()) {
            return InSync.byPatch(target, live, builtIn.kind(target.text("apiVersion", ""), target.text("kind", "")));
        }
        SchemaType type = type(target);
        return type != null && !options.deduceTypes() && InSync.byOwnership(target, live, type, options.manager());
    }

    private static boolean sameIdentity(JsonObject target, JsonObject live) {
        return target.text("apiVersion", "").equals(live.text("apiVersion", ""))
                && target.text("kind", "").equals(live.text("kind", ""));
    }

    /** The live object of a pair in sync as a result shows it. */
    JsonObject shownInSync(JsonObject live) {
        JsonObject prepared = prepared(live).value().orElse(live);
        return prediction.shown(normalizer.normalize(prepared));
    }

    private Outcome<DiffResult> compare(Sides sides, @Nullable JsonObject target, @Nullable JsonObject live) {
        JsonObject wanted = sides.target() == null ? null : normalizer.normalize(sides.target());
        JsonObject present = sides.live() == null ? null : normalizer.normalize(sides.live());
        DiffResult.Context context = new DiffResult.Context(this, target, live, sides);
        if (wanted == null || present == null) {
            return Outcome.of(new DiffResult(context, wanted != null, present, wanted, null));
        }
        return prediction
                .predict(wanted, present)
                .map(predicted -> new DiffResult(
                        context,
                        predicted.predicted() != predicted.live()
                                && !predicted.predicted().equals(predicted.live()),
                        predicted.live(),
                        predicted.predicted(),
                        type(wanted)));
    }

    IgnoreRules rules() {
        return rules;
    }

    @Nullable
    SchemaType typeOf(JsonObject object) {
        return type(object);
    }

    /** Who owns what of a live object. */
    static ManagedFields owners(@Nullable JsonObject live) {
        return live == null ? ManagedFields.none() : ManagedFields.of(live);
    }
}
