package io.gitops4j.testkit.apiserver;

import com.google.common.base.Splitter;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A label selector of equalities. */
final class LabelMatch {
    private final List<String[]> terms;

    private LabelMatch(List<String[]> terms) {
        this.terms = terms;
    }

    static LabelMatch parse(String text) {
        List<String[]> terms = new ArrayList<>();
        for (String part : Splitter.on(',').omitEmptyStrings().trimResults().split(text)) {
            List<String> sides =
                    Splitter.on('=').omitEmptyStrings().trimResults().splitToList(part);
            terms.add(new String[] {sides.get(0), sides.size() > 1 ? sides.get(1) : ""});
        }
        return new LabelMatch(terms);
    }

    boolean matches(JsonObject labels) {
        return terms.stream().allMatch(term -> term[1].equals(labels.text(term[0])));
    }
}
