package io.gitops4j.policy.cel.expression;

/** An error of an evaluation, in the words of Kubernetes' CEL. It has no stack, as it may happen for every object. */
final class EvalFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final String NO_OVERLOAD = "no such overload";

    EvalFailure(String words) {
        super(words, null, false, false);
    }

    static EvalFailure noOverload() {
        return new EvalFailure(NO_OVERLOAD);
    }

    static EvalFailure noKey(String key) {
        return new EvalFailure("no such key: " + key);
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
