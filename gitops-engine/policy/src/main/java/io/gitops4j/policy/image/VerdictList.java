package io.gitops4j.policy.image;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts of a document: {@code images: [{image: registry/app@sha256:…, scan: passed|failed, reason: …, signedBy: [key], expires:
 * time}]}. An image may end in {@code *}; the exact name wins, then the longest beginning. Names are completed as a container runtime
 * does it. An image with a digest is known by its digest alone: the verdict on a tag says nothing about it, as tags move. A verdict that
 * has expired is none; without a clock all that may expire have.
 */
public final class VerdictList implements ImageAttestor {
    private static final List<String> FIELDS = List.of("image", "scan", "reason", "signedBy", "expires");

    private final Map<String, Verdict> byImage;
    private final InstantSource clock;

    private VerdictList(Map<String, Verdict> byImage, InstantSource clock) {
        this.byImage = byImage;
        this.clock = clock;
    }

    private record Verdict(
            String image, Attestation attestation, @Nullable Instant expires) {}

    /** The list in a document. Problem {@code VERDICTS_INVALID}, at the path of the entry: a list with one bad entry is none. */
    public static Outcome<VerdictList> parse(JsonObject document) {
        List<Problem> problems = new ArrayList<>();
        if (!(document.get("images") instanceof JsonArray images)) {
            return Outcome.failed(invalid("images", "images must be a list of verdicts"));
        }
        Map<String, Verdict> byImage = new LinkedHashMap<>();
        for (int i = 0; i < images.size(); i++) {
            String at = "images[" + i + "]";
            int known = problems.size();
            JsonObject entry = images.get(i) instanceof JsonObject object ? object : JsonObject.empty();
            Verdict verdict = verdict(entry, at, problems);
            if (problems.size() == known && byImage.put(key(verdict.image()), verdict) != null) {
                problems.add(invalid(at, at + " is a second verdict on " + verdict.image()));
            }
        }
        return problems.isEmpty() ? Outcome.of(new VerdictList(byImage, () -> Instant.MAX)) : Outcome.failed(problems);
    }

    /** These verdicts, which expire by {@code now}. */
    public VerdictList asOf(InstantSource now) {
        return new VerdictList(byImage, now);
    }

    private static Verdict verdict(JsonObject entry, String at, List<Problem> problems) {
        String image = entry.text("image", "");
        Scan scan = scan(entry.text("scan", entry.has("scan") ? "" : "unknown"));
        if (image.isEmpty()) {
            problems.add(invalid(at, at + " has no image"));
        } else if (!ImageReference.of(image).badDigest().isEmpty() && !image.endsWith("*")) {
            problems.add(invalid(
                    at + ".image", at + ".image: " + ImageReference.of(image).badDigest()));
        }
        if (scan == null) {
            problems.add(
                    invalid(at + ".scan", at + ".scan is neither passed, failed nor unknown: " + entry.get("scan")));
        }
        for (String field : entry.keys()) {
            if (!FIELDS.contains(field)) {
                problems.add(invalid(at + "." + field, at + " has an unknown field \"" + field + "\"")
                        .hint("a verdict has the fields " + String.join(", ", FIELDS)));
            }
        }
        Json signers = entry.get("signedBy");
        boolean texts = signers == null
                || (signers instanceof JsonArray list
                        && list.items().stream().allMatch(item -> item.textOrNull() != null));
        if (!texts) {
            problems.add(invalid(at + ".signedBy", at + ".signedBy must be a list of names"));
        }
        Instant expires = null;
        try {
            expires = entry.has("expires") ? Instant.parse(entry.text("expires", "")) : null;
        } catch (DateTimeParseException e) {
            problems.add(invalid(at + ".expires", at + ".expires is no time: " + entry.get("expires"))
                    .hint("write expires as 2031-01-31T00:00:00Z"));
        }
        Attestation attestation = new Attestation(
                scan == null ? Scan.UNKNOWN : scan, entry.text("reason", ""), PodView.texts(entry, "signedBy"));
        return new Verdict(image, attestation, expires);
    }

    private static Problem invalid(String path, String why) {
        return Problem.error("VERDICTS_INVALID", why).at(Where.file(path));
    }

    private static String key(String image) {
        return image.endsWith("*") ? image : ImageReference.of(image).identity();
    }

    private static @Nullable Scan scan(String word) {
        for (Scan scan : Scan.values()) {
            if (scan.wire().equals(word)) {
                return scan;
            }
        }
        return null;
    }

    @Override
    public Attestation attest(String image) {
        ImageReference reference = ImageReference.of(image);
        Verdict verdict = byImage.get(reference.identity());
        if (verdict == null) {
            verdict = longest(image, reference);
        }
        if (verdict == null || image.isEmpty() || !reference.badDigest().isEmpty()) {
            return Attestation.unknown();
        }
        Instant expires = verdict.expires();
        return expires == null || clock.instant().isBefore(expires)
                ? verdict.attestation()
                : new Attestation(
                        Scan.UNKNOWN, "the verdict on " + verdict.image() + " expired at " + expires, List.of());
    }

    private @Nullable Verdict longest(String image, ImageReference reference) {
        String full = reference.repository()
                + (reference.tag().isEmpty() ? "" : ":" + reference.tag())
                + (reference.digest().isEmpty() ? "" : "@" + reference.digest());
        String best = "";
        for (String pattern : byImage.keySet()) {
            String head = pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) : null;
            boolean begins = head != null && (image.startsWith(head) || full.startsWith(head));
            best = begins && pattern.length() > best.length() ? pattern : best;
        }
        return byImage.get(best);
    }
}
