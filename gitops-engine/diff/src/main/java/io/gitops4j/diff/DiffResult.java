package io.gitops4j.diff;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonPatch;
import io.gitops4j.schema.SchemaType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The difference of one pair. Values of Secrets are masked in every text; {@link #normalizedLive()} and
 * {@link #predictedLive()} hold them as they are.
 */
public final class DiffResult {
    private final Context context;
    private final boolean modified;
    private final @Nullable JsonObject normalizedLive;
    private final @Nullable JsonObject predictedLive;
    private final @Nullable SchemaType type;
    private final boolean onDemand;

    /** What the pair was before rules and normalisation. */
    record Context(
            DiffEngine engine,
            @Nullable JsonObject target,
            @Nullable JsonObject live,
            DiffEngine.@Nullable Sides given) {

        /** Both sides as the rules leave them. */
        DiffEngine.Sides sides() {
            return given != null
                    ? given
                    : engine.withoutIgnored(target, live).value().orElse(new DiffEngine.Sides(target, live));
        }
    }

    /** A pair in sync; its forms are made when somebody asks for them. */
    DiffResult(Context context, @Nullable SchemaType type) {
        this(context, false, null, null, type, true);
    }

    DiffResult(
            Context context,
            boolean modified,
            @Nullable JsonObject normalizedLive,
            @Nullable JsonObject predictedLive,
            @Nullable SchemaType type) {
        this(context, modified, normalizedLive, predictedLive, type, false);
    }

    private DiffResult(
            Context context,
            boolean modified,
            @Nullable JsonObject normalizedLive,
            @Nullable JsonObject predictedLive,
            @Nullable SchemaType type,
            boolean onDemand) {
        this.onDemand = onDemand;
        this.context = context;
        this.modified = modified;
        this.normalizedLive = normalizedLive;
        this.predictedLive = predictedLive;
        this.type = type;
    }

    /** Whether an apply would change the live object. */
    public boolean modified() {
        return modified;
    }

    /** The live object in comparable form, with defaults; {@code null} when there is none. */
    public @Nullable JsonObject normalizedLive() {
        return onDemand && context.live() != null ? context.engine().shownInSync(context.live()) : normalizedLive;
    }

    /** What the live object would become; {@code null} when the target wants it gone. */
    public @Nullable JsonObject predictedLive() {
        return onDemand ? normalizedLive() : predictedLive;
    }

    /** The target as the rules left it. */
    public @Nullable JsonObject target() {
        return context.sides().target();
    }

    /** The live object as the rules left it. */
    public @Nullable JsonObject live() {
        return context.sides().live();
    }

    /** Every difference that an apply would mend, by path; Secret values masked. */
    public List<Difference> differences() {
        JsonObject[] shown = shown();
        return modified ? Explanation.differences(type, shown[0], shown[1], context.live()) : List.of();
    }

    /**
     * Fields of live that nobody owns (or only the applying manager), that the target does not want and that no server adds by
     * itself. An apply leaves them, so that {@link #modified()} does not know them; drift they are all the same.
     */
    public List<Difference> extras() {
        JsonObject wanted = context.target();
        JsonObject present = context.live();
        if (onDemand && type != null && wanted != null && present != null && Explained.all(type, wanted, present)) {
            return List.of();
        }
        JsonObject target = context.sides().target();
        JsonObject live = context.sides().live();
        return target == null || live == null
                ? List.of()
                : Extras.find(
                        type,
                        context.engine().normalized(target),
                        context.engine().normalized(live),
                        context.live());
    }

    /** Whether live differs from the target in any way that counts: modified, or fields that should not be there. */
    public boolean drifted() {
        return modified || !extras().isEmpty();
    }

    /** Every difference that a rule took out of the comparison, with the rule. */
    public List<Difference> ignored() {
        JsonObject target = context.target();
        JsonObject live = context.live();
        return target == null || live == null ? List.of() : Explanation.ignored(context.engine(), target, live);
    }

    /** The JSON patch (RFC 6902) from normalised to predicted live; Secret values masked. */
    public JsonPatch patch() {
        JsonObject[] shown = shown();
        return JsonPatch.diff(
                shown[0] == null ? JsonObject.empty() : shown[0], shown[1] == null ? JsonObject.empty() : shown[1]);
    }

    /** The unified diff of both in canonical YAML, {@code ""} when there is none; Secret values masked. */
    public String unified() {
        JsonObject[] shown = shown();
        return UnifiedDiff.of("live", UnifiedDiff.yaml(shown[0]), "target", UnifiedDiff.yaml(shown[1]));
    }

    /** {@code modified}, {@code differences} and {@code ignored} as JSON; Secret values masked. */
    public JsonObject toJson() {
        JsonArray.Builder differences = JsonArray.builder();
        differences().forEach(difference -> differences.add(json(difference)));
        JsonArray.Builder ignored = JsonArray.builder();
        ignored().forEach(difference -> ignored.add(json(difference)));
        return JsonObject.builder()
                .put("modified", modified)
                .put("differences", differences.build())
                .put("ignored", ignored.build())
                .build();
    }

    private static JsonObject json(Difference difference) {
        JsonArray.Builder owners = JsonArray.builder();
        difference.owners().forEach(owners::add);
        return JsonObject.builder()
                .put("path", difference.path())
                .put("kind", difference.kind().name())
                .putIfPresent("live", difference.live())
                .putIfPresent("wanted", difference.wanted())
                .put("owners", owners.build())
                .put("why", difference.why())
                .build();
    }

    /** Live and predicted as they may be shown. */
    private @Nullable JsonObject[] shown() {
        JsonObject one = normalizedLive();
        JsonObject other = predictedLive();
        JsonObject some = one == null ? other : one;
        if (some == null || !SecretMask.isSecret(some)) {
            return new @Nullable JsonObject[] {one, other};
        }
        SecretMask.Pair masked = SecretMask.mask(other, one, Set.of());
        return new @Nullable JsonObject[] {masked.live(), masked.target()};
    }

    /** Whether it is modified, and the path of each difference; never a value. */
    @Override
    public String toString() {
        return modified
                ? "modified " + differences().stream().map(Difference::path).toList()
                : "in sync";
    }
}
