package io.gitops4j.git.signature;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.CommitVerifier.Result;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A commit or tag as it is stored, taken apart into what was signed and the signature.
 *
 * @param payload the signed bytes
 * @param signature its armor
 */
record SignedObject(byte[] payload, String signature) {
    private static final byte[] HEADER = ascii("gpgsig ");
    private static final byte[] HEADER_256 = ascii("gpgsig-sha256 ");

    /** The parts of a raw commit. Problem {@code SIGNATURE}: none, or more than one signature. */
    static Outcome<SignedObject> ofCommit(byte[] raw) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream(raw.length);
        StringBuilder signature = new StringBuilder();
        int found = 0;
        int at = 0;
        boolean inSignature = false;
        boolean headers = true;
        while (at < raw.length) {
            int end = at;
            while (end < raw.length && raw[end] != '\n') {
                end++;
            }
            int next = Math.min(raw.length, end + 1);
            if (headers && end == at) {
                headers = false;
                inSignature = false;
            }
            if (headers && inSignature && raw[at] == ' ') {
                signature.append(text(raw, at + 1, end)).append('\n');
            } else if (headers && (starts(raw, at, HEADER) || starts(raw, at, HEADER_256))) {
                found++;
                inSignature = true;
                int skip = starts(raw, at, HEADER) ? HEADER.length : HEADER_256.length;
                signature.append(text(raw, at + skip, end)).append('\n');
            } else {
                inSignature = false;
                payload.write(raw, at, next - at);
            }
            at = next;
        }
        if (found > 1) {
            return refuse("the commit has more than one signature");
        }
        return found == 0
                ? refuse("the commit is not signed")
                : Outcome.of(new SignedObject(payload.toByteArray(), signature.toString()));
    }

    /** The parts of a raw annotated tag, whose signature stands at its end. */
    static Outcome<SignedObject> ofTag(byte[] raw) {
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        int pgp = text.indexOf("\n-----BEGIN PGP SIGNATURE-----");
        int ssh = text.indexOf("\n-----BEGIN SSH SIGNATURE-----");
        int at = pgp < 0 ? ssh : ssh < 0 ? pgp : Math.min(pgp, ssh);
        if (at < 0) {
            return refuse("the tag is not signed");
        }
        return Outcome.of(new SignedObject(
                text.substring(0, at + 1).getBytes(StandardCharsets.ISO_8859_1), text.substring(at + 1)));
    }

    /** What a refusal means, told from its words, which are this package's own. */
    static Result resultOf(String why) {
        if (why.contains(" is not signed") || why.contains("so it is not signed")) {
            return Result.UNSIGNED;
        }
        if (why.endsWith(" is revoked")) {
            return Result.REVOKED;
        }
        if (why.endsWith(" has expired") || why.endsWith(" is not valid yet")) {
            return Result.EXPIRED;
        }
        return why.endsWith(" is not among the trusted keys") || why.endsWith(" may not sign for git")
                ? Result.UNKNOWN_KEY
                : Result.BAD;
    }

    static <T> Outcome<T> refuse(String why) {
        return Outcome.failed(Problem.error("SIGNATURE", why));
    }

    private static boolean starts(byte[] raw, int at, byte[] prefix) {
        if (at + prefix.length > raw.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (raw[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] raw, int from, int to) {
        return new String(raw, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
