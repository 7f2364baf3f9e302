package io.gitops4j.rego.ast;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One expression of a body.
 *
 * @param statement what it says
 * @param negated whether {@code not} stands before it
 * @param with the modifiers, in the order written
 * @param generated whether a stage of the checker made it
 * @param location where it stands
 */
public record Expr(Statement statement, boolean negated, List<With> with, boolean generated, Location location) {

    /** An expression. */
    public Expr {
        with = List.copyOf(with);
    }

    /** A plain expression that says {@code statement}, at its place. */
    public static Expr of(Statement statement) {
        return new Expr(statement, false, List.of(), false, statement.location());
    }

    /** The call this expression is, or {@code null}. */
    public @Nullable Call call() {
        return statement instanceof Call call ? call : null;
    }

    /** Whether it is a call of {@code name} with {@code args} arguments. */
    public boolean calls(String name, int args) {
        return statement instanceof Call call
                && call.args().size() == args
                && call.operator().size() == 1
                && call.operator().startsWithVar(name);
    }

    /** Whether it is {@code a = b}. */
    public boolean isUnify() {
        return calls("eq", 2);
    }

    /** Whether it is {@code a := b}. */
    public boolean isAssign() {
        return calls("assign", 2);
    }

    /** This expression saying something else. */
    public Expr withStatement(Statement newStatement) {
        return newStatement == statement ? this : new Expr(newStatement, negated, with, generated, location);
    }

    /** This expression with other modifiers. */
    public Expr withModifiers(List<With> modifiers) {
        return new Expr(statement, negated, modifiers, generated, location);
    }

    /** This expression with or without {@code not}. */
    public Expr negated(boolean not) {
        return not == negated ? this : new Expr(statement, not, with, generated, location);
    }

    /** This expression, made by a stage. */
    public Expr asGenerated() {
        return generated ? this : new Expr(statement, negated, with, true, location);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Expr that
                && negated == that.negated
                && statement.equals(that.statement)
                && with.equals(that.with);
    }

    @Override
    public int hashCode() {
        return Objects.hash(negated, statement, with);
    }

    @Override
    public String toString() {
        return Printer.expr(this);
    }
}
