package io.gitops4j.rego.ast;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Going through a tree, and making a changed copy of it. What does not change is shared. */
public final class Walk {
    private Walk() {}

    /** Hands the direct children of a term to {@code terms}, and bodies in it to {@code bodies}. */
    public static void children(Term term, Consumer<Term> terms, Consumer<Body> bodies) {
        switch (term.kind()) {
            case REF -> ((Ref) term).terms().forEach(terms);
            case ARRAY -> ((ArrayTerm) term).items().forEach(terms);
            case SET -> ((SetTerm) term).items().forEach(terms);
            case OBJECT -> {
                for (ObjectTerm.Entry entry : ((ObjectTerm) term).entries()) {
                    terms.accept(entry.key());
                    terms.accept(entry.value());
                }
            }
            case CALL -> {
                Call call = (Call) term;
                terms.accept(call.operator());
                call.args().forEach(terms);
            }
            case ARRAY_COMPREHENSION -> {
                terms.accept(((ArrayComprehension) term).term());
                bodies.accept(((ArrayComprehension) term).body());
            }
            case SET_COMPREHENSION -> {
                terms.accept(((SetComprehension) term).term());
                bodies.accept(((SetComprehension) term).body());
            }
            case OBJECT_COMPREHENSION -> {
                terms.accept(((ObjectComprehension) term).key());
                terms.accept(((ObjectComprehension) term).value());
                bodies.accept(((ObjectComprehension) term).body());
            }
            case TEMPLATE_STRING -> {
                for (TemplateString.Part part : ((TemplateString) term).parts()) {
                    Expr expr = part.expr();
                    if (expr != null) {
                        bodies.accept(Body.of(expr));
                    }
                }
            }
            default -> {}
        }
    }

    /** Hands the terms and bodies of an expression, its modifiers last, to the consumers. */
    public static void children(Expr expr, Consumer<Term> terms, Consumer<Body> bodies) {
        Statement statement = expr.statement();
        if (statement instanceof Term term) {
            terms.accept(term);
        } else if (statement instanceof Some some) {
            some.symbols().forEach(terms);
        } else if (statement instanceof Every every) {
            Term key = every.key();
            if (key != null) {
                terms.accept(key);
            }
            terms.accept(every.value());
            terms.accept(every.domain());
            bodies.accept(every.body());
        } else if (statement instanceof NotBody not) {
            bodies.accept(not.body());
        } else if (statement instanceof Logical logical) {
            bodies.accept(logical.left());
            bodies.accept(logical.right());
        }
        for (With with : expr.with()) {
            terms.accept(with.target());
            terms.accept(with.value());
        }
    }

    /** Visits a term and all below it, bodies too, until {@code visitor} says {@code false} for a branch. */
    public static void terms(Term term, Predicate<Term> visitor) {
        if (visitor.test(term)) {
            children(term, child -> terms(child, visitor), body -> terms(body, visitor));
        }
    }

    /** Visits all terms of a body. */
    public static void terms(Body body, Predicate<Term> visitor) {
        for (Expr expr : body.exprs()) {
            terms(expr, visitor);
        }
    }

    /** Visits all terms of an expression. */
    public static void terms(Expr expr, Predicate<Term> visitor) {
        children(expr, child -> terms(child, visitor), body -> terms(body, visitor));
    }

    /** Visits all terms of a rule, its branches too. */
    public static void terms(Rule rule, Predicate<Term> visitor) {
        for (Rule at = rule; at != null; at = at.otherwise()) {
            Head head = at.head();
            terms(head.ref(), visitor);
            head.parameters().forEach(arg -> terms(arg, visitor));
            ifPresent(head.key(), key -> terms(key, visitor));
            ifPresent(head.value(), value -> terms(value, visitor));
            terms(at.body(), visitor);
        }
    }

    /** Visits every expression of a body, those in comprehensions and nested bodies too, outer ones first. */
    public static void exprs(Body body, Consumer<Expr> visitor) {
        for (Expr expr : body.exprs()) {
            visitor.accept(expr);
            children(expr, term -> exprs(term, visitor), inner -> exprs(inner, visitor));
        }
    }

    /** Visits every expression in the bodies of a term. */
    public static void exprs(Term term, Consumer<Expr> visitor) {
        children(term, child -> exprs(child, visitor), body -> exprs(body, visitor));
    }

    /** Visits every expression of a rule and its branches, heads too. */
    public static void exprs(Rule rule, Consumer<Expr> visitor) {
        for (Rule at = rule; at != null; at = at.otherwise()) {
            Head head = at.head();
            exprs(head.ref(), visitor);
            head.parameters().forEach(arg -> exprs(arg, visitor));
            ifPresent(head.key(), key -> exprs(key, visitor));
            ifPresent(head.value(), value -> exprs(value, visitor));
            exprs(at.body(), visitor);
        }
    }

    private static void ifPresent(@Nullable Term term, Consumer<Term> consumer) {
        if (term != null) {
            consumer.accept(term);
        }
    }

    /** The term with its direct children replaced. */
    public static Term map(Term term, UnaryOperator<Term> terms, UnaryOperator<Body> bodies) {
        switch (term.kind()) {
            case REF -> {
                Ref ref = (Ref) term;
                List<Term> mapped = mapAll(ref.terms(), terms);
                return mapped == ref.terms() ? ref : spliced(mapped, ref.location());
            }
            case ARRAY -> {
                List<Term> items = ((ArrayTerm) term).items();
                List<Term> mapped = mapAll(items, terms);
                return mapped == items ? term : new ArrayTerm(mapped, term.location());
            }
            case SET -> {
                List<Term> items = ((SetTerm) term).items();
                List<Term> mapped = mapAll(items, terms);
                return mapped == items ? term : new SetTerm(mapped, term.location());
            }
            case OBJECT -> {
                return mapObject((ObjectTerm) term, terms);
            }
            case CALL -> {
                Call call = (Call) term;
                Term operator = terms.apply(call.operator());
                List<Term> args = mapAll(call.args(), terms);
                return operator == call.operator() && args == call.args()
                        ? call
                        : new Call(asRef(operator), args, call.location());
            }
            case ARRAY_COMPREHENSION -> {
                ArrayComprehension array = (ArrayComprehension) term;
                Body body = bodies.apply(array.body());
                return new ArrayComprehension(terms.apply(array.term()), body, array.location());
            }
            case SET_COMPREHENSION -> {
                SetComprehension set = (SetComprehension) term;
                Body body = bodies.apply(set.body());
                return new SetComprehension(terms.apply(set.term()), body, set.location());
            }
            case OBJECT_COMPREHENSION -> {
                ObjectComprehension object = (ObjectComprehension) term;
                Body body = bodies.apply(object.body());
                return new ObjectComprehension(
                        terms.apply(object.key()), terms.apply(object.value()), body, object.location());
            }
            case TEMPLATE_STRING -> {
                return mapTemplate((TemplateString) term, bodies);
            }
            default -> {
                return term;
            }
        }
    }

    private static Term mapObject(ObjectTerm object, UnaryOperator<Term> terms) {
        List<ObjectTerm.Entry> mapped = new ArrayList<>(object.entries().size());
        boolean changed = false;
        for (ObjectTerm.Entry entry : object.entries()) {
            Term key = terms.apply(entry.key());
            Term value = terms.apply(entry.value());
            boolean same = key == entry.key() && value == entry.value();
            changed |= !same;
            mapped.add(same ? entry : new ObjectTerm.Entry(key, value));
        }
        return changed ? new ObjectTerm(mapped, object.location()) : object;
    }

    private static Term mapTemplate(TemplateString template, UnaryOperator<Body> bodies) {
        List<TemplateString.Part> parts = new ArrayList<>(template.parts().size());
        for (TemplateString.Part part : template.parts()) {
            Expr expr = part.expr();
            if (expr == null) {
                parts.add(part);
            } else {
                List<Expr> mapped = bodies.apply(Body.of(expr)).exprs();
                parts.add(new TemplateString.Part(null, mapped.get(mapped.size() - 1)));
            }
        }
        return new TemplateString(parts, template.raw(), template.location());
    }

    /** A reference of these terms; a head that is a reference itself is joined in. */
    public static Ref spliced(List<Term> terms, Location place) {
        if (!(terms.get(0) instanceof Ref head)) {
            return new Ref(terms, place);
        }
        List<Term> all = new ArrayList<>(head.terms());
        all.addAll(terms.subList(1, terms.size()));
        return new Ref(all, place);
    }

    private static Ref asRef(Term operator) {
        return operator instanceof Ref ref ? ref : new Ref(List.of(operator), operator.location());
    }

    /** The list with each term replaced; the same list when none changes. */
    public static List<Term> mapAll(List<Term> terms, UnaryOperator<Term> mapper) {
        List<Term> mapped = null;
        for (int i = 0; i < terms.size(); i++) {
            Term before = terms.get(i);
            Term after = mapper.apply(before);
            if (mapped == null && after != before) {
                mapped = new ArrayList<>(terms.size());
                mapped.addAll(terms.subList(0, i));
            }
            if (mapped != null) {
                mapped.add(after);
            }
        }
        return mapped == null ? terms : mapped;
    }

    /** The expression with its direct terms and bodies replaced; targets of {@code with} stay. */
    public static Expr map(Expr expr, UnaryOperator<Term> terms, UnaryOperator<Body> bodies) {
        Statement statement = expr.statement();
        if (statement instanceof Term term) {
            statement = terms.apply(term);
        } else if (statement instanceof Some some) {
            statement = new Some(mapAll(some.symbols(), terms), some.location());
        } else if (statement instanceof Every every) {
            Term key = every.key();
            Term domain = terms.apply(every.domain());
            statement = new Every(
                    key == null ? null : terms.apply(key),
                    terms.apply(every.value()),
                    domain,
                    bodies.apply(every.body()),
                    every.location());
        } else if (statement instanceof NotBody not) {
            statement = new NotBody(bodies.apply(not.body()), not.explicit(), not.location());
        } else if (statement instanceof Logical logical) {
            statement = new Logical(
                    logical.isOr(),
                    bodies.apply(logical.left()),
                    logical.leftExplicit(),
                    bodies.apply(logical.right()),
                    logical.rightExplicit(),
                    logical.location());
        }
        List<With> with = expr.with();
        if (!with.isEmpty()) {
            List<With> mapped = new ArrayList<>(with.size());
            for (With modifier : with) {
                mapped.add(new With(modifier.target(), terms.apply(modifier.value()), modifier.location()));
            }
            with = mapped;
        }
        return new Expr(statement, expr.negated(), with, expr.generated(), expr.location());
    }
}
