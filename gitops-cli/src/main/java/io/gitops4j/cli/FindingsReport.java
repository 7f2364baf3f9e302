package io.gitops4j.cli;

import io.gitops4j.manifest.Manifest;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Findings as a JUnit report: a case for each object, which fails by its denials; whatever else was found stands in its output. */
final class FindingsReport {
    private FindingsReport() {}

    static String junit(List<Manifest> objects, List<List<PolicyReview.Finding>> pieces) {
        Map<Manifest, List<PolicyReview.Finding>> byObject = new IdentityHashMap<>();
        pieces.forEach(
                piece -> piece.forEach(found -> byObject.computeIfAbsent(found.object(), object -> new ArrayList<>())
                        .add(found)));
        StringBuilder cases = new StringBuilder();
        int failed = 0;
        for (Manifest object : objects) {
            List<PolicyReview.Finding> found = byObject.getOrDefault(object, List.of());
            failed += found.stream().anyMatch(PolicyReview.Finding::denies) ? 1 : 0;
            cases.append("  <testcase classname=\"")
                    .append(PolicyCommand.escaped(object.origin().where().place()))
                    .append("\" name=\"")
                    .append(PolicyCommand.escaped(object.key().toString()))
                    .append("\">\n");
            for (PolicyReview.Finding each : found) {
                if (each.denies()) {
                    cases.append("    <failure type=\"")
                            .append(PolicyCommand.escaped(each.violation().policy()))
                            .append("\" message=\"")
                            .append(PolicyCommand.escaped(each.message()))
                            .append("\"/>\n");
                }
            }
            String said = String.join(
                    "\n",
                    found.stream()
                            .filter(each -> !each.denies())
                            .map(each -> each.action() + " [" + each.violation().policy() + "] " + each.message())
                            .toList());
            if (!said.isEmpty()) {
                cases.append("    <system-out>")
                        .append(PolicyCommand.escaped(said))
                        .append("</system-out>\n");
            }
            cases.append("  </testcase>\n");
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"gitops policy test\" tests=\""
                + objects.size() + "\" failures=\"" + failed + "\">\n" + cases + "</testsuite>\n";
    }
}
