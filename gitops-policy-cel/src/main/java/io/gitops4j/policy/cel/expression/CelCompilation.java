package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import io.gitops4j.policy.cel.library.Authorization;
import io.gitops4j.policy.cel.library.Lists;
import io.gitops4j.policy.cel.library.Presence;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the expressions of one policy, in their order: a variable is seen by what comes after it, with the type of its
 * expression. Not for several threads.
 */
public final class CelCompilation {
    private final KubernetesCel cel;
    private final KubernetesTypes types = new KubernetesTypes();
    private final CelCompilerBuilder builder;
    private @Nullable CelCompiler compiler;
    private boolean objects;

    CelCompilation(KubernetesCel cel) {
        this.cel = cel;
        this.builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(KubernetesCel.OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS.stream()
                        .filter(macro -> macro != CelStandardMacro.HAS)
                        .toList())
                .addMacros(has(), Lists.sortBy())
                .addFunctionDeclarations(cel.functions().declarations())
                .addLibraries(
                        KubernetesCel.strings(),
                        KubernetesCel.sets(),
                        KubernetesCel.lists(),
                        KubernetesCel.comprehensions(),
                        CelOptionalLibrary.INSTANCE)
                .setTypeProvider(types)
                .addVar("object", SimpleType.DYN)
                .addVar("oldObject", SimpleType.DYN)
                .addVar("request", StructTypeReference.create(KubernetesTypes.REQUEST))
                .addVar("namespaceObject", StructTypeReference.create(KubernetesTypes.NAMESPACE))
                .addVar("variables", StructTypeReference.create(KubernetesTypes.VARIABLES));
    }

    /** {@code has(a.b)} becomes a call, whose meaning is Kubernetes'. */
    private static CelMacro has() {
        return CelMacro.newGlobalMacro("has", 1, (factory, target, arguments) -> {
            CelExpr argument = arguments.get(0);
            if (argument.getKind() != CelExpr.ExprKind.Kind.SELECT) {
                return Optional.of(factory.reportError(
                        CelIssue.formatError(factory.getSourceLocation(argument), "invalid argument to has() macro")));
            }
            return Optional.of(factory.newGlobalCall(
                    Presence.FUNCTION,
                    argument.select().operand(),
                    factory.newStringLiteral(argument.select().field())));
        });
    }

    /** Lets expressions see these names, of any type. */
    public CelCompilation withRoots(List<String> names) {
        names.forEach(name -> builder.addVar(name, SimpleType.DYN));
        compiler = null;
        return this;
    }

    /** Lets expressions see {@code params}. */
    public CelCompilation withParams() {
        builder.addVar("params", SimpleType.DYN);
        compiler = null;
        return this;
    }

    /** Lets expressions see {@code authorizer}. */
    public CelCompilation withAuthorizer() {
        builder.addVar("authorizer", Authorization.AUTHORIZER);
        builder.addVar("authorizer.requestResource", Authorization.RESOURCE);
        compiler = null;
        return this;
    }

    /** Lets expressions construct {@code Object{…}}, {@code Object.spec{…}} and {@code JSONPatch{…}}. */
    public CelCompilation withObjects() {
        objects = true;
        for (String field : List.of("op", "path", "from")) {
            types.field("JSONPatch", field, SimpleType.STRING);
        }
        types.field("JSONPatch", "value", SimpleType.DYN);
        return this;
    }

    /** Whatever fields the literals of an expression give an object, objects have; of which kind they are nobody knows here. */
    private void learnObjects(CelCompiler parser, String text, String place) {
        CelValidationResult parsed = parser.parse(text, place);
        if (parsed.hasError()) {
            return;
        }
        try {
            CelNavigableAst.fromAst(parsed.getAst())
                    .getRoot()
                    .allNodes()
                    .map(CelNavigableExpr::expr)
                    .filter(expr -> expr.getKind() == CelExpr.ExprKind.Kind.STRUCT)
                    .map(CelExpr::struct)
                    .filter(struct -> struct.messageName().matches("Object(\\..*)?"))
                    .forEach(struct -> {
                        types.type(struct.messageName());
                        struct.entries()
                                .forEach(entry -> types.field(struct.messageName(), entry.fieldKey(), SimpleType.DYN));
                    });
        } catch (CelValidationException e) {
            throw new IllegalStateException("parsed without errors: " + text, e);
        }
    }

    /** Lets what comes after see {@code variables.name}, of any type. */
    public void declare(String name) {
        types.field(KubernetesTypes.VARIABLES, name, SimpleType.DYN);
    }

    /** Lets what comes after see {@code variables.name}, of the type of its expression. */
    public void declare(String name, CelExpression expression) {
        types.field(KubernetesTypes.VARIABLES, name, expression.type());
    }

    /**
     * Compiles an expression of any type.
     *
     * @param place what the expression is in its policy, {@code spec.validations[0].expression}
     */
    public Outcome<CelExpression> compile(String text, String place) {
        return compile(text, place, List.of());
    }

    /** Compiles an expression that must be a {@code bool}. */
    public Outcome<CelExpression> condition(String text, String place) {
        return compile(text, place, List.of(SimpleType.BOOL));
    }

    /** Compiles an expression that must be a {@code string}. */
    public Outcome<CelExpression> message(String text, String place) {
        return compile(text, place, List.of(SimpleType.STRING));
    }

    /** Compiles an expression that must be a {@code string} or {@code null}. */
    public Outcome<CelExpression> annotation(String text, String place) {
        return compile(text, place, List.of(SimpleType.STRING, SimpleType.NULL_TYPE));
    }

    private Outcome<CelExpression> compile(String text, String place, List<CelType> wanted) {
        CelCompiler made = compiler;
        if (made == null) {
            made = builder.build();
            compiler = made;
        }
        if (objects) {
            learnObjects(made, text, place);
        }
        CelValidationResult result = made.compile(text, place);
        if (result.hasError()) {
            return Outcome.failed(problems(result.getErrors(), text, place));
        }
        try {
            CelAbstractSyntaxTree ast = result.getAst();
            List<CelIssue> refused = undefinedFields(ast);
            refused.addAll(MixedLiterals.of(ast));
            if (!refused.isEmpty()) {
                return Outcome.failed(problems(refused, text, place));
            }
            CelType type = ast.getResultType();
            if (!wanted.isEmpty() && !wanted.contains(type)) {
                List<String> names = wanted.stream().map(CelTypes::format).toList();
                String words = names.size() == 1 ? names.get(0) : "one of " + names;
                return Outcome.failed(
                        Problem.error("CEL_INVALID", "must evaluate to " + words + " but got " + CelTypes.format(type))
                                .at(Where.in(place, text, 1, 1)));
            }
            Planner.Plan plan = Planner.plan(cel, ast).orElse(null);
            Interpreted interpreted = new Interpreted(cel.runtime(), ast);
            return Outcome.of(
                    new CelExpression(text, place, type, plan == null ? interpreted.prepared() : interpreted, plan),
                    List.of());
        } catch (CelValidationException | CelEvaluationException e) {
            return Outcome.failed(Problem.error("CEL_INVALID", "compilation failed: " + e.getMessage())
                    .at(Where.in(place, text, 1, 1)));
        }
    }

    private static List<Problem> problems(List<CelIssue> issues, String text, String place) {
        List<Problem> problems = new ArrayList<>();
        for (CelIssue issue : issues) {
            int line = issue.getSourceLocation().getLine();
            int column = issue.getSourceLocation().getColumn() + 1;
            problems.add(Problem.error("CEL_INVALID", "compilation failed: " + issue.getMessage())
                    .at(Where.in(place, text, line, column)));
        }
        return problems;
    }

    private List<CelIssue> undefinedFields(CelAbstractSyntaxTree ast) {
        List<CelIssue> issues = new ArrayList<>();
        CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.CALL)
                .map(CelNavigableExpr::expr)
                .filter(expr -> expr.call().function().equals(Presence.FUNCTION))
                .forEach(expr -> {
                    CelExpr operand = expr.call().args().get(0);
                    String field = expr.call().args().get(1).constant().stringValue();
                    if (ast.getType(operand.id())
                            .filter(type -> types.lacks(type, field))
                            .isPresent()) {
                        issues.add(CelIssue.formatError(
                                ast.getSource()
                                        .getOffsetLocation(ast.getSource()
                                                .getPositionsMap()
                                                .getOrDefault(operand.id(), 0))
                                        .orElse(dev.cel.common.CelSourceLocation.of(1, 0)),
                                "undefined field '" + field + "'"));
                    }
                });
        return issues;
    }
}
