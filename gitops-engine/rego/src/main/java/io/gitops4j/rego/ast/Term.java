package io.gitops4j.rego.ast;

/** A term: a value, a variable, a reference, a collection, a comprehension or a call. */
public sealed interface Term extends Statement
        permits NullTerm,
                BoolTerm,
                NumberTerm,
                StringTerm,
                Var,
                Ref,
                ArrayTerm,
                ObjectTerm,
                SetTerm,
                ArrayComprehension,
                ObjectComprehension,
                SetComprehension,
                Call,
                TemplateString {

    /** What kind of term this is. */
    TermKind kind();

    /** The same term at another place. */
    Term at(Location place);

    /** Whether it holds no variable, reference, call, comprehension or template: a constant. */
    boolean isConstant();

    /** Whether this is null, a boolean, a number or a string. */
    default boolean isScalar() {
        return false;
    }
}
