package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelOptions;
import dev.cel.extensions.CelComprehensionsExtensions;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.extensions.CelSetsExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.gitops4j.policy.cel.library.FunctionTable;
import io.gitops4j.policy.cel.library.KubernetesLibraries;
import io.gitops4j.problem.Limits;

/**
 * CEL as the API server speaks it: the language with optionals, comparisons of mixed numbers and literals of one type; the
 * extensions for strings, sets, lists and comprehensions of two variables; Kubernetes' libraries. Immutable.
 *
 * <p>Source: rego §4.
 */
public final class KubernetesCel {
    @SuppressWarnings("deprecation") // Kubernetes wants literals of one type, and there is no other switch for it
    static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableHomogeneousLiterals(false)
            .enableOptionalSyntax(true)
            .enableRegexPartialMatch(true)
            .maxExpressionCodePointSize(10 * 1024)
            .comprehensionMaxIterations(1_000_000)
            .build();

    private final FunctionTable functions;
    private final Limits limits;
    private final CelRuntime runtime;

    private KubernetesCel(FunctionTable functions, Limits limits) {
        this.functions = functions;
        this.limits = limits;
        this.runtime = CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .addFunctionBindings(functions.bindings())
                .addLibraries(strings(), sets(), lists(), comprehensions(), CelOptionalLibrary.INSTANCE)
                .setTypeProvider(new KubernetesTypes())
                .setValueProvider(new ObjectLiterals())
                .build();
    }

    /** The environment, under the default limits. */
    public static KubernetesCel create() {
        return create(Limits.defaults());
    }

    /** The environment; evaluations spend at most {@link Limits#evaluationSteps()} units, and never more than Kubernetes lets them. */
    public static KubernetesCel create(Limits limits) {
        return new KubernetesCel(KubernetesLibraries.table(), limits);
    }

    /** Begins the compilation of a policy. */
    public CelCompilation compilation() {
        return new CelCompilation(this);
    }

    /** A meter for a policy whose expressions may cost {@code budget} together. */
    public CostMeter meter(long budget) {
        return new CostMeter(Math.min(budget, limits.evaluationSteps()));
    }

    FunctionTable functions() {
        return functions;
    }

    CelRuntime runtime() {
        return runtime;
    }

    static CelStringExtensions strings() {
        return CelExtensions.strings(
                CelStringExtensions.Function.CHAR_AT,
                CelStringExtensions.Function.JOIN,
                CelStringExtensions.Function.LOWER_ASCII,
                CelStringExtensions.Function.QUOTE,
                CelStringExtensions.Function.REPLACE,
                CelStringExtensions.Function.SPLIT,
                CelStringExtensions.Function.SUBSTRING,
                CelStringExtensions.Function.TRIM,
                CelStringExtensions.Function.UPPER_ASCII);
    }

    static CelSetsExtensions sets() {
        return CelExtensions.sets(OPTIONS);
    }

    static CelListsExtensions lists() {
        return CelExtensions.lists(
                CelListsExtensions.Function.SLICE,
                CelListsExtensions.Function.FLATTEN,
                CelListsExtensions.Function.RANGE,
                CelListsExtensions.Function.DISTINCT,
                CelListsExtensions.Function.SORT);
    }

    static CelComprehensionsExtensions comprehensions() {
        return CelExtensions.comprehensions();
    }
}
