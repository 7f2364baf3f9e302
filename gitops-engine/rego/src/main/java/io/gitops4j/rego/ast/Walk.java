package io.gitops4j.rego.ast;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Going through a tree, and making a changed copy of it. What does not change is shared. */
public final class Walk {
    private Walk() {}

    /** Takes the parts of a node. */
    public interface Visitor {
        /** A term in the node. */
        void term(Term term);

        /** A body in the node. */
        void body(Body body);
    }

    /** Replaces the parts of a node. A class of its own where it runs at every start: the JVM loads it faster than functions. */
    public interface Mapper {
        /** What stands in a term's place. */
        Term term(Term term);

        /** What stands in a body's place. */
        Body body(Body body);
    }

    private record Consumers(Consumer<Term> terms, Consumer<Body> bodies) implements Visitor {
        @Override
        public void term(Term term) {
            terms.accept(term);
        }

        @Override
        public void body(Body body) {
            bodies.accept(body);
        }
    }

    private record Functions(UnaryOperator<Term> terms, UnaryOperator<Body> bodies) implements Mapper {
        @Override
        public Term term(Term term) {
            return terms.apply(term);
        }

        @Override
        public Body body(Body body) {
            return bodies.apply(body);
        }
    }

    /** Visits all terms while a predicate holds. */
    private record Terms(Predicate<Term> visitor) implements Visitor {
        @Override
        public void term(Term term) {
            if (visitor.test(term)) {
                children(term, this);
            }
        }

        @Override
        public void body(Body body) {
            for (Expr expr : body.exprs()) {
                children(expr, this);
            }
        }
    }

    /** Visits all expressions. */
    private record Exprs(Consumer<Expr> visitor) implements Visitor {
        @Override
        public void term(Term term) {
            children(term, this);
        }

        @Override
        public void body(Body body) {
            for (Expr expr : body.exprs()) {
                visitor.accept(expr);
                children(expr, this);
            }
        }
    }

    /** Hands the direct children of a term and the bodies in it to a visitor. */
    public static void children(Term term, Visitor visitor) {
        switch (term.kind()) {
            case REF -> each(((Ref) term).terms(), visitor);
            case ARRAY -> each(((ArrayTerm) term).items(), visitor);
            case SET -> each(((SetTerm) term).items(), visitor);
            case OBJECT -> {
                for (ObjectTerm.Entry entry : ((ObjectTerm) term).entries()) {
                    visitor.term(entry.key());
                    visitor.term(entry.value());
                }
            }
            case CALL -> {
                Call call = (Call) term;
                visitor.term(call.operator());
                each(call.args(), visitor);
            }
            case ARRAY_COMPREHENSION -> {
                visitor.term(((ArrayComprehension) term).term());
                visitor.body(((ArrayComprehension) term).body());
            }
            case SET_COMPREHENSION -> {
                visitor.term(((SetComprehension) term).term());
                visitor.body(((SetComprehension) term).body());
            }
            case OBJECT_COMPREHENSION -> {
                visitor.term(((ObjectComprehension) term).key());
                visitor.term(((ObjectComprehension) term).value());
                visitor.body(((ObjectComprehension) term).body());
            }
            case TEMPLATE_STRING -> {
                for (TemplateString.Part part : ((TemplateString) term).parts()) {
                    Expr expr = part.expr();
                    if (expr != null) {
                        visitor.body(Body.of(expr));
                    }
                }
            }
            default -> {}
        }
    }

    /** Hands the terms and bodies of an expression, its modifiers last, to a visitor. */
    public static void children(Expr expr, Visitor visitor) {
        Statement statement = expr.statement();
        if (statement instanceof Term term) {
            visitor.term(term);
        } else if (statement instanceof Some some) {
            each(some.symbols(), visitor);
        } else if (statement instanceof Every every) {
            Term key = every.key();
            if (key != null) {
                visitor.term(key);
            }
            visitor.term(every.value());
            visitor.term(every.domain());
            visitor.body(every.body());
        } else if (statement instanceof NotBody not) {
            visitor.body(not.body());
        } else if (statement instanceof Logical logical) {
            visitor.body(logical.left());
            visitor.body(logical.right());
        }
        for (With with : expr.with()) {
            visitor.term(with.target());
            visitor.term(with.value());
        }
    }

    private static void each(List<Term> terms, Visitor visitor) {
        for (Term term : terms) {
            visitor.term(term);
        }
    }

    /** Hands the direct children of a term to {@code terms}, and bodies in it to {@code bodies}. */
    public static void children(Term term, Consumer<Term> terms, Consumer<Body> bodies) {
        children(term, new Consumers(terms, bodies));
    }

    /** Hands the terms and bodies of an expression to the consumers. */
    public static void children(Expr expr, Consumer<Term> terms, Consumer<Body> bodies) {
        children(expr, new Consumers(terms, bodies));
    }

    /** Visits a term and all below it, bodies too, until {@code visitor} says {@code false} for a branch. */
    public static void terms(Term term, Predicate<Term> visitor) {
        new Terms(visitor).term(term);
    }

    /** Visits all terms of a body. */
    public static void terms(Body body, Predicate<Term> visitor) {
        new Terms(visitor).body(body);
    }

    /** Visits all terms of an expression. */
    public static void terms(Expr expr, Predicate<Term> visitor) {
        children(expr, new Terms(visitor));
    }

    /** Visits all terms of a rule, its branches too. */
    public static void terms(Rule rule, Predicate<Term> visitor) {
        parts(rule, new Terms(visitor));
    }

    /** Visits every expression of a body, those in comprehensions and nested bodies too, outer ones first. */
    public static void exprs(Body body, Consumer<Expr> visitor) {
        new Exprs(visitor).body(body);
    }

    /** Visits every expression in the bodies of a term. */
    public static void exprs(Term term, Consumer<Expr> visitor) {
        new Exprs(visitor).term(term);
    }

    /** Visits every expression of a rule and its branches, heads too. */
    public static void exprs(Rule rule, Consumer<Expr> visitor) {
        parts(rule, new Exprs(visitor));
    }

    private static void parts(Rule rule, Visitor visitor) {
        for (Rule at = rule; at != null; at = at.otherwise()) {
            Head head = at.head();
            visitor.term(head.ref());
            each(head.parameters(), visitor);
            Term key = head.key();
            Term value = head.value();
            if (key != null) {
                visitor.term(key);
            }
            if (value != null) {
                visitor.term(value);
            }
            visitor.body(at.body());
        }
    }

    /** The term with its direct children replaced. */
    public static Term map(Term term, Mapper mapper) {
        switch (term.kind()) {
            case REF -> {
                Ref ref = (Ref) term;
                List<Term> mapped = mapAll(ref.terms(), mapper);
                return mapped == ref.terms() ? ref : spliced(mapped, ref.location());
            }
            case ARRAY -> {
                List<Term> items = ((ArrayTerm) term).items();
                List<Term> mapped = mapAll(items, mapper);
                return mapped == items ? term : new ArrayTerm(mapped, term.location());
            }
            case SET -> {
                List<Term> items = ((SetTerm) term).items();
                List<Term> mapped = mapAll(items, mapper);
                return mapped == items ? term : new SetTerm(mapped, term.location());
            }
            case OBJECT -> {
                return mapObject((ObjectTerm) term, mapper);
            }
            case CALL -> {
                Call call = (Call) term;
                Term operator = mapper.term(call.operator());
                List<Term> args = mapAll(call.args(), mapper);
                return operator == call.operator() && args == call.args()
                        ? call
                        : new Call(asRef(operator), args, call.location());
            }
            case ARRAY_COMPREHENSION -> {
                ArrayComprehension array = (ArrayComprehension) term;
                Body body = mapper.body(array.body());
                return new ArrayComprehension(mapper.term(array.term()), body, array.location());
            }
            case SET_COMPREHENSION -> {
                SetComprehension set = (SetComprehension) term;
                Body body = mapper.body(set.body());
                return new SetComprehension(mapper.term(set.term()), body, set.location());
            }
            case OBJECT_COMPREHENSION -> {
                ObjectComprehension object = (ObjectComprehension) term;
                Body body = mapper.body(object.body());
                return new ObjectComprehension(
                        mapper.term(object.key()), mapper.term(object.value()), body, object.location());
            }
            case TEMPLATE_STRING -> {
                return mapTemplate((TemplateString) term, mapper);
            }
            default -> {
                return term;
            }
        }
    }

    private static Term mapObject(ObjectTerm object, Mapper mapper) {
        List<ObjectTerm.Entry> mapped = new ArrayList<>(object.entries().size());
        boolean changed = false;
        for (ObjectTerm.Entry entry : object.entries()) {
            Term key = mapper.term(entry.key());
            Term value = mapper.term(entry.value());
            boolean same = key == entry.key() && value == entry.value();
            changed |= !same;
            mapped.add(same ? entry : new ObjectTerm.Entry(key, value));
        }
        return changed ? new ObjectTerm(mapped, object.location()) : object;
    }

    private static Term mapTemplate(TemplateString template, Mapper mapper) {
        List<TemplateString.Part> parts = new ArrayList<>(template.parts().size());
        for (TemplateString.Part part : template.parts()) {
            Expr expr = part.expr();
            if (expr == null) {
                parts.add(part);
            } else {
                List<Expr> mapped = mapper.body(Body.of(expr)).exprs();
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
    public static List<Term> mapAll(List<Term> terms, Mapper mapper) {
        List<Term> mapped = null;
        for (int i = 0; i < terms.size(); i++) {
            Term before = terms.get(i);
            Term after = mapper.term(before);
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
    public static Expr map(Expr expr, Mapper mapper) {
        Statement statement = expr.statement();
        if (statement instanceof Term term) {
            statement = mapper.term(term);
        } else if (statement instanceof Some some) {
            statement = new Some(mapAll(some.symbols(), mapper), some.location());
        } else if (statement instanceof Every every) {
            Term key = every.key();
            Term domain = mapper.term(every.domain());
            statement = new Every(
                    key == null ? null : mapper.term(key),
                    mapper.term(every.value()),
                    domain,
                    mapper.body(every.body()),
                    every.location());
        } else if (statement instanceof NotBody not) {
            statement = new NotBody(mapper.body(not.body()), not.explicit(), not.location());
        } else if (statement instanceof Logical logical) {
            statement = new Logical(
                    logical.isOr(),
                    mapper.body(logical.left()),
                    logical.leftExplicit(),
                    mapper.body(logical.right()),
                    logical.rightExplicit(),
                    logical.location());
        }
        List<With> with = expr.with();
        if (!with.isEmpty()) {
            List<With> mapped = new ArrayList<>(with.size());
            for (With modifier : with) {
                mapped.add(new With(modifier.target(), mapper.term(modifier.value()), modifier.location()));
            }
            with = mapped;
        }
        return new Expr(statement, expr.negated(), with, expr.generated(), expr.location());
    }

    /** The term with its direct children replaced by functions. */
    public static Term map(Term term, UnaryOperator<Term> terms, UnaryOperator<Body> bodies) {
        return map(term, new Functions(terms, bodies));
    }

    /** The expression with its direct terms and bodies replaced by functions. */
    public static Expr map(Expr expr, UnaryOperator<Term> terms, UnaryOperator<Body> bodies) {
        return map(expr, new Functions(terms, bodies));
    }

    /** The list with each term replaced by a function. */
    public static List<Term> mapAll(List<Term> terms, UnaryOperator<Term> mapper) {
        return mapAll(terms, new Functions(mapper, UnaryOperator.identity()));
    }
}
