package io.gitops4j.rego.ast;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call {@code f(a, b)}, an operator among them ({@code a + b} calls {@code plus}). As a statement of a checked body it
 * may have one argument more than the function takes: the last one is then unified with the result.
 *
 * @param operator {@code count}, {@code time.now_ns}, {@code data.a.f}
 * @param args the arguments
 * @param location where it stands
 */
public record Call(Ref operator, List<Term> args, Location location) implements Term {

    /** A call of {@code operator} with {@code args}. */
    public Call {
        args = List.copyOf(args);
    }

    /** The operator's name with dots, as builtins are named. */
    public String name() {
        return Printer.dotted(operator);
    }

    /** This call with other arguments. */
    public Call withArgs(List<Term> newArgs) {
        return new Call(operator, newArgs, location);
    }

    /** This call with one more argument. */
    public Call append(Term arg) {
        List<Term> longer = new ArrayList<>(args);
        longer.add(arg);
        return new Call(operator, longer, location);
    }

    @Override
    public TermKind kind() {
        return TermKind.CALL;
    }

    @Override
    public Call at(Location place) {
        return new Call(operator, args, place);
    }

    @Override
    public boolean isConstant() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Call that && operator.equals(that.operator) && args.equals(that.args);
    }

    @Override
    public int hashCode() {
        return operator.hashCode() * 31 + args.hashCode();
    }

    @Override
    public String toString() {
        return Printer.call(this);
    }
}
