package io.gitops4j.policy.image;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The verdicts of a document: {@code images: [{image: registry/app@sha256:…, scan: passed|failed, reason: …, signedBy: [key]}]}. An image
 * may end in {@code *}; the exact name wins, then the longest beginning.
 */
public final class VerdictList implements ImageAttestor {
    private final Map<String, Attestation> byImage;

    private VerdictList(Map<String, Attestation> byImage) {
        this.byImage = byImage;
    }

    /** The list in a document. Problem {@code VERDICTS_INVALID}, naming the entry. */
    public static Outcome<VerdictList> parse(JsonObject document) {
        Map<String, Attestation> byImage = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        if (!(document.get("images") instanceof JsonArray)) {
            return Outcome.failed(Problem.error("VERDICTS_INVALID", "images must be a list of verdicts"));
        }
        int index = 0;
        for (Json item : document.array("images")) {
            String at = "images[" + index++ + "]";
            JsonObject entry = item instanceof JsonObject object ? object : JsonObject.empty();
            String image = entry.text("image", "");
            Scan scan = scan(entry.text("scan", "unknown"));
            if (image.isEmpty()) {
                problems.add(Problem.error("VERDICTS_INVALID", at + " has no image"));
            } else if (scan == null) {
                problems.add(Problem.error(
                        "VERDICTS_INVALID", at + ".scan is neither passed, failed nor unknown: " + entry.get("scan")));
            } else if (byImage.put(
                            image, new Attestation(scan, entry.text("reason", ""), PodView.texts(entry, "signedBy")))
                    != null) {
                problems.add(Problem.error("VERDICTS_INVALID", at + " is a second verdict on " + image));
            }
        }
        return problems.isEmpty() ? Outcome.of(new VerdictList(byImage)) : Outcome.failed(problems);
    }

    private static @org.jspecify.annotations.Nullable Scan scan(String word) {
        for (Scan scan : Scan.values()) {
            if (scan.wire().equals(word)) {
                return scan;
            }
        }
        return null;
    }

    @Override
    public Attestation attest(String image) {
        Attestation exact = byImage.get(image);
        if (exact != null) {
            return exact;
        }
        String best = "";
        for (String pattern : byImage.keySet()) {
            boolean begins = pattern.endsWith("*") && image.startsWith(pattern.substring(0, pattern.length() - 1));
            best = begins && pattern.length() > best.length() ? pattern : best;
        }
        return byImage.getOrDefault(best, Attestation.unknown());
    }
}
