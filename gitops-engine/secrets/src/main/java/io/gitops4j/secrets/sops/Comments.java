package io.gitops4j.secrets.sops;

import java.util.List;

/** What becomes of the comments of a file. */
interface Comments {
    /**
     * A comment's words in their new form.
     *
     * @param words what stands behind the mark of the comment
     * @param paths the mapping keys that lead to the collection around it; where that cannot be told for sure, first the
     *     likeliest
     * @param near every comment that stands over the same values: before it in its collection, and over what is around
     */
    String change(String words, List<List<String>> paths, List<String> near);
}
