package io.gitops4j.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** One family of cases: how to judge it and how to answer it. The case list comes from the input, never from the code. */
public interface Family {

    /** The name on the command line. */
    String name();

    /** Where the visible cases lie below the conformance folder: a folder or a file. */
    Path defaultCases(Path conformance);

    /** Runs every case of {@code cases} and hands over one result each, in the order of the input. */
    void check(Path cases, Consumer<CaseResult> results) throws IOException;

    /**
     * Gives our answers without judging, in the family's own result format.
     *
     * @param args what follows the family's name on the command line
     * @return exit code
     */
    int answer(List<String> args, InputStream in, PrintStream out) throws IOException;

    /**
     * The result of one case.
     *
     * @param id name of the case
     * @param pass whether the answer is right
     * @param got our answer, shortened
     * @param why why it is wrong, {@code ""} when right
     */
    record CaseResult(String id, boolean pass, String got, String why) {

        /** A right answer. */
        public static CaseResult pass(String id) {
            return new CaseResult(id, true, "", "");
        }

        /** A wrong answer. */
        public static CaseResult fail(String id, String got, String why) {
            return new CaseResult(id, false, got, why);
        }
    }
}
