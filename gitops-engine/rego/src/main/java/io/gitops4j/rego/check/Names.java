package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Var;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes locals, {@code __local0__}, {@code __local1__}, …, and remembers what they were called. */
final class Names {
    private final Map<String, String> originals = new LinkedHashMap<>();
    private int next;

    /** A new local that stands for nothing written. */
    String fresh() {
        return "__local".concat(Integer.toString(next++)).concat("__");
    }

    /** A new local for the variable {@code name}. */
    String freshFor(String name) {
        String local = fresh();
        originals.put(local, name);
        return local;
    }

    /** What a variable was called in the text. */
    String original(String name) {
        return originals.getOrDefault(name, name);
    }

    /** Whether the variable was made by a stage and stands for nothing written. */
    boolean isMade(String name) {
        return name.startsWith("__local") && !originals.containsKey(name);
    }

    String shown(Var var) {
        String name = original(var.name());
        return name.startsWith("$") ? "_" : name;
    }

    /** The name of a builtin or function as its declaration has it. */
    static String dotted(Ref ref) {
        return new Call(ref, List.of(), ref.location()).name();
    }

    Map<String, String> originals() {
        return originals;
    }

    /** Goes on numbering after another run, so that names stay apart. */
    void startAt(int number) {
        next = number;
    }

    int count() {
        return next;
    }
}
