package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.TemplateString;
import io.gitops4j.rego.ast.Term;
import java.util.ArrayList;
import java.util.List;

/** Compiles comprehensions, and template strings as the comprehensions they stand for. */
final class ComprehensionCompiler {
    private ComprehensionCompiler() {}

    static ValueNode value(BodyCompiler outer, Term term) {
        if (term instanceof ArrayComprehension array) {
            int cell = outer.shared.cells++;
            StmtNode body = outer.nested()
                    .compile(array.body(), inner -> new Comprehensions.AddItem(inner.value(array.term()), cell));
            return new Comprehensions.OfArray(body, cell);
        }
        if (term instanceof SetComprehension set) {
            int cell = outer.shared.cells++;
            StmtNode body = outer.nested()
                    .compile(set.body(), inner -> new Comprehensions.AddMember(inner.value(set.term()), cell));
            return new Comprehensions.OfSet(body, cell);
        }
        if (term instanceof ObjectComprehension object) {
            int cell = outer.shared.cells++;
            StmtNode body = outer.nested().compile(object.body(), inner -> {
                ValueNode key = inner.value(object.key());
                return new Comprehensions.AddEntry(key, inner.value(object.value()), cell, object.location());
            });
            return new Comprehensions.OfObject(body, cell);
        }
        return template(outer, (TemplateString) term);
    }

    private static ValueNode template(BodyCompiler outer, TemplateString template) {
        List<ValueNode> parts = new ArrayList<>();
        for (TemplateString.Part part : template.parts()) {
            if (part.text() != null) {
                parts.add(new ValueNodes.Constant(new io.gitops4j.rego.value.StringValue(part.text())));
            } else if (part.expr() != null && part.expr().statement() instanceof Term term) {
                int cell = outer.shared.cells++;
                BodyCompiler inner = outer.nested();
                ValueNode value = inner.value(term);
                StmtNode body = inner.link(new Comprehensions.AddMember(value, cell));
                parts.add(new Comprehensions.OfSet(body, cell));
            }
        }
        return outer.program.builtin(
                "internal.template_string",
                new ValueNode[] {new ValueNodes.ArrayLiteral(parts.toArray(new ValueNode[0]))},
                template.location());
    }
}
