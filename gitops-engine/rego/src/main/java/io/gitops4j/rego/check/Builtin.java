package io.gitops4j.rego.check;

import java.util.ArrayList;
import java.util.List;

/**
 * The declaration of a builtin.
 *
 * @param name with dots
 * @param infix its operator sign, {@code ""} for most
 * @param signature {@code (types) type} in the notation of {@link Types#parse}
 * @param relation whether one call may give several results ({@code walk})
 * @param isVoid whether it gives nothing and always holds ({@code print})
 * @param nondeterministic whether equal arguments may give different results in different queries
 * @param deprecated whether v1 modules and strict checks refuse it
 * @param since the minor release of OPA that brought it, 0 when it is older than 1.17
 */
public record Builtin(
        String name,
        String infix,
        String signature,
        boolean relation,
        boolean isVoid,
        boolean nondeterministic,
        boolean deprecated,
        int since) {

    /** A plain builtin, such as a host registers, with its {@code (types) type}. */
    public static Builtin of(String name, String signature) {
        return new Builtin(name, "", signature, false, false, false, false, 0);
    }

    /** How many arguments it takes; -1 when any number. */
    public int arity() {
        if (signature.startsWith("(...)")) {
            return -1;
        }
        int depth = 0;
        int count = signature.charAt(1) == ')' ? 0 : 1;
        for (int i = 0; i < signature.length(); i++) {
            switch (signature.charAt(i)) {
                case '(', '[', '<' -> depth++;
                case ']', '>' -> depth--;
                case ')' -> {
                    return count;
                }
                case ',' -> count += depth == 1 ? 1 : 0;
                default -> {}
            }
        }
        return count;
    }

    /** The types of the arguments. */
    public List<Type> args() {
        if (arity() < 1) {
            return List.of();
        }
        Types.Parser parser = new Types.Parser(signature, 1);
        List<Type> types = new ArrayList<>();
        do {
            types.add(parser.type());
        } while (parser.skip(','));
        return List.copyOf(types);
    }

    /** The type of the result; {@link Type#ANY} for a void one. */
    public Type result() {
        int close = signature.lastIndexOf(") ");
        return close < 0 ? Type.ANY : Types.parse(signature.substring(close + 2));
    }
}
