package io.gitops4j.rego;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.NumberTerm;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.Statement;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.With;
import io.gitops4j.rego.builtin.Builtin;
import io.gitops4j.rego.builtin.BuiltinException;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** {@code rego.parse_module}: a module's tree in OPA's JSON. */
final class ModuleJson {
    static final Builtin BUILTIN = new Builtin("rego.parse_module", 2, (context, args) -> parse(args));

    private ModuleJson() {}

    private static Value parse(Value[] args) {
        Outcome<Module> parsed = Parser.parseModule(string(args, 0), string(args, 1), ParseOptions.v1());
        Module module = parsed.orNull();
        if (module == null) {
            Problem problem = parsed.errors().get(0);
            throw BuiltinException.of(problem.where().place() + ": " + problem.code() + ": " + problem.text());
        }
        return module(module);
    }

    private static String string(Value[] args, int index) {
        if (args[index] instanceof StringValue text) {
            return text.text();
        }
        throw BuiltinException.type("operand " + (index + 1) + " must be string but got " + args[index].typeName());
    }

    private static Value text(String text) {
        return new StringValue(text);
    }

    private static Value module(Module module) {
        ObjectBuilder out = ObjectValue.builder();
        out.put("package", ObjectValue.of("path", terms(module.packageRef().terms())));
        List<Value> imports = new ArrayList<>();
        for (Import one : module.imports()) {
            ObjectBuilder shown = ObjectValue.builder().put("path", term(one.path()));
            if (one.alias() != null) {
                shown.put("alias", text(one.alias()));
            }
            imports.add(shown.build());
        }
        if (!imports.isEmpty()) {
            out.put("imports", ArrayValue.of(imports));
        }
        List<Value> rules = new ArrayList<>();
        module.rules().forEach(rule -> rules.add(rule(rule)));
        if (!rules.isEmpty()) {
            out.put("rules", ArrayValue.of(rules));
        }
        return out.build();
    }

    private static Value rule(Rule rule) {
        ObjectBuilder out = ObjectValue.builder();
        if (rule.isDefault()) {
            out.put("default", BoolValue.TRUE);
        }
        out.put("head", head(rule.head())).put("body", body(rule.body()));
        if (rule.otherwise() != null) {
            out.put("else", rule(rule.otherwise()));
        }
        return out.build();
    }

    private static Value head(Head head) {
        ObjectBuilder out = ObjectValue.builder();
        if (head.ref().head() instanceof Var name && head.ref().size() == 1) {
            out.put("name", text(name.name()));
        }
        out.put("ref", terms(head.ref().terms()));
        if (!head.parameters().isEmpty()) {
            out.put("args", terms(head.parameters()));
        }
        if (head.key() != null) {
            out.put("key", term(head.key()));
        }
        if (head.value() != null) {
            out.put("value", term(head.value()));
        }
        if (head.assign()) {
            out.put("assign", BoolValue.TRUE);
        }
        return out.build();
    }

    private static Value body(Body body) {
        List<Value> out = new ArrayList<>();
        for (Expr expr : body.exprs()) {
            out.add(expr(expr, out.size()));
        }
        return ArrayValue.of(out);
    }

    private static Value expr(Expr expr, int index) {
        ObjectBuilder out = ObjectValue.builder().put("index", NumberValue.of(index));
        if (expr.negated()) {
            out.put("negated", BoolValue.TRUE);
        }
        out.put("terms", statement(expr.statement()));
        List<Value> with = new ArrayList<>();
        for (With one : expr.with()) {
            with.add(ObjectValue.builder()
                    .put("target", term(one.target()))
                    .put("value", term(one.value()))
                    .build());
        }
        if (!with.isEmpty()) {
            out.put("with", ArrayValue.of(with));
        }
        return out.build();
    }

    private static Value statement(Statement statement) {
        if (statement instanceof Call call) {
            return call(call);
        }
        if (statement instanceof Some some) {
            return ObjectValue.of("symbols", terms(some.symbols()));
        }
        if (statement instanceof Every every) {
            return ObjectValue.builder()
                    .put("key", every.key() == null ? NullValue.NULL : term(every.key()))
                    .put("value", term(every.value()))
                    .put("domain", term(every.domain()))
                    .put("body", body(every.body()))
                    .build();
        }
        return statement instanceof Term term ? term(term) : text(statement.toString());
    }

    private static Value call(Call call) {
        List<Value> out = new ArrayList<>();
        out.add(typed("ref", terms(call.operator().terms())));
        call.args().forEach(arg -> out.add(term(arg)));
        return ArrayValue.of(out);
    }

    private static Value terms(List<Term> terms) {
        List<Value> out = new ArrayList<>();
        terms.forEach(term -> out.add(term(term)));
        return ArrayValue.of(out);
    }

    private static Value typed(String type, Value value) {
        return ObjectValue.builder().put("type", text(type)).put("value", value).build();
    }

    private static Value term(Term term) {
        String type = term.kind().typeName();
        return switch (term.kind()) {
            case NULL -> ObjectValue.of("type", text("null"));
            case BOOLEAN -> typed(type, BoolValue.of(((BoolTerm) term).value()));
            case NUMBER -> typed(type, NumberValue.parse(((NumberTerm) term).text()));
            case STRING -> typed(type, text(((StringTerm) term).value()));
            case VAR -> typed(type, text(((Var) term).name()));
            case REF -> typed(type, terms(((Ref) term).terms()));
            case ARRAY -> typed(type, terms(((ArrayTerm) term).items()));
            case SET -> typed(type, terms(((SetTerm) term).items()));
            case CALL -> typed(type, call((Call) term));
            case OBJECT -> {
                List<Value> entries = new ArrayList<>();
                for (ObjectTerm.Entry entry : ((ObjectTerm) term).entries()) {
                    entries.add(ArrayValue.of(term(entry.key()), term(entry.value())));
                }
                yield typed(type, ArrayValue.of(entries));
            }
            case ARRAY_COMPREHENSION ->
                typed(
                        type,
                        ObjectValue.builder()
                                .put("term", term(((ArrayComprehension) term).term()))
                                .put("body", body(((ArrayComprehension) term).body()))
                                .build());
            case SET_COMPREHENSION ->
                typed(
                        type,
                        ObjectValue.builder()
                                .put("term", term(((SetComprehension) term).term()))
                                .put("body", body(((SetComprehension) term).body()))
                                .build());
            case OBJECT_COMPREHENSION ->
                typed(
                        type,
                        ObjectValue.builder()
                                .put("key", term(((ObjectComprehension) term).key()))
                                .put("value", term(((ObjectComprehension) term).value()))
                                .put("body", body(((ObjectComprehension) term).body()))
                                .build());
            case TEMPLATE_STRING -> typed(type, text(term.toString()));
        };
    }
}
