package io.gitops4j.spi;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.SourceTree;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Makes objects of files that have to be evaluated, such as Jsonnet, among the files of a directory source. */
public interface FileEvaluator {

    /** Whether this evaluates files of that name, such as those that end in {@code .jsonnet}. */
    boolean evaluates(String fileName);

    /** The objects that a file gives, in order. */
    Outcome<Evaluated> evaluate(Input input);

    /**
     * What to evaluate.
     *
     * @param tree files of the repository, for imports; nothing else may be read
     * @param path of the file
     * @param options {@code source.directory} as written: {@code jsonnet.extVars}, {@code jsonnet.tlas}, {@code jsonnet.libs}
     * @param limits bounds
     */
    record Input(SourceTree tree, String path, JsonObject options, Limits limits) {}

    /**
     * What came out.
     *
     * @param objects in order; a value that is an array of objects has been taken apart
     * @param filesRead paths of the files that were imported
     */
    record Evaluated(List<Json> objects, Set<String> filesRead) {

        /** A result of these parts. */
        public Evaluated {
            objects = List.copyOf(objects);
            filesRead = Collections.unmodifiableSet(new TreeSet<>(filesRead));
        }
    }
}
