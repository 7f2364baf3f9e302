package io.gitops4j.rego.ast;

import java.util.List;

/** Whether terms are constants. */
final class Constants {
    private Constants() {}

    static boolean all(List<Term> terms) {
        for (Term term : terms) {
            if (!term.isConstant()) {
                return false;
            }
        }
        return true;
    }
}
