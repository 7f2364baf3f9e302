package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;

/** Refuses literals of lists and maps with parts of several types, as Kubernetes does everywhere but in the arguments of {@code format}. */
final class MixedLiterals {
    private MixedLiterals() {}

    static List<CelIssue> of(CelAbstractSyntaxTree ast) {
        List<CelIssue> issues = new ArrayList<>();
        CelNavigableAst.fromAst(ast).getRoot().allNodes().forEach(node -> {
            if (node.getKind() == CelExpr.ExprKind.Kind.LIST && !isFormatted(node)) {
                check(ast, node.expr().list().elements(), issues);
            } else if (node.getKind() == CelExpr.ExprKind.Kind.MAP) {
                check(
                        ast,
                        node.expr().map().entries().stream()
                                .map(CelExpr.CelMap.Entry::key)
                                .toList(),
                        issues);
                check(
                        ast,
                        node.expr().map().entries().stream()
                                .map(CelExpr.CelMap.Entry::value)
                                .toList(),
                        issues);
            }
        });
        return issues;
    }

    private static boolean isFormatted(CelNavigableExpr list) {
        return list.parent()
                .filter(parent -> parent.getKind() == CelExpr.ExprKind.Kind.CALL)
                .filter(parent -> parent.expr().call().function().equals("format"))
                .isPresent();
    }

    private static void check(CelAbstractSyntaxTree ast, List<CelExpr> parts, List<CelIssue> issues) {
        CelType first = null;
        for (CelExpr part : parts) {
            CelType type = ast.getType(part.id()).orElse(SimpleType.DYN);
            if (isDynamic(type)) {
                continue;
            }
            if (first == null) {
                first = type;
            } else if (!first.equals(type)) {
                int offset = ast.getSource().getPositionsMap().getOrDefault(part.id(), 0);
                issues.add(CelIssue.formatError(
                        ast.getSource().getOffsetLocation(offset).orElse(CelSourceLocation.of(1, 0)),
                        "expected type '" + CelTypes.format(first) + "' but found '" + CelTypes.format(type) + "'"));
                return;
            }
        }
    }

    private static boolean isDynamic(CelType type) {
        return CelTypes.format(type).contains("dyn") || type.name().equals("optional_type");
    }
}
