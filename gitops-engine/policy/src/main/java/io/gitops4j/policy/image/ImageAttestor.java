package io.gitops4j.policy.image;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.HostBuiltin;
import java.util.List;

/** Knows about images whether they were scanned and who signed them. Must answer the same for the same image while a plan is judged. */
public interface ImageAttestor {

    /** What is known about an image, named as a container names it. */
    Attestation attest(String image);

    /** The verdict of a scan. */
    enum Scan {
        PASSED("passed"),
        FAILED("failed"),
        UNKNOWN("unknown");

        private final String word;

        Scan(String word) {
            this.word = word;
        }

        /** The word in documents. */
        public String wire() {
            return word;
        }
    }

    /**
     * What is known about an image.
     *
     * @param scan the verdict
     * @param reason of the verdict, {@code ""} for none
     * @param signedBy identities whose signatures were verified
     */
    record Attestation(Scan scan, String reason, List<String> signedBy) {

        /** What is known about an image that nobody knows. */
        public static Attestation unknown() {
            return new Attestation(Scan.UNKNOWN, "", List.of());
        }

        /** As policies see it: {@code {"scan": "passed", "reason": "", "signedBy": []}}. */
        public JsonObject toJson() {
            JsonArray.Builder signers = JsonArray.builder();
            signedBy.forEach(signers::add);
            return JsonObject.builder()
                    .put("scan", scan.wire())
                    .put("reason", reason)
                    .put("signedBy", signers.build())
                    .build();
        }
    }

    /** The builtin {@code image.attestation(image)} for Rego policies. */
    default HostBuiltin builtin() {
        return HostBuiltin.of(
                "image.attestation",
                String.class,
                Json.class,
                image -> attest(image).toJson());
    }
}
