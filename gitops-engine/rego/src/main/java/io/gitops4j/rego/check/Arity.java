package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Ref;

/** How many arguments what is called takes. */
interface Arity {

    /** The number of arguments, -1 when nothing has this name. */
    int arity(Ref operator);
}
