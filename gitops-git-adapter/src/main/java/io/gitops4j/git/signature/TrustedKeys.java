package io.gitops4j.git.signature;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.CommitVerifier;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKeyRing;

/**
 * Whose signatures count. Immutable.
 *
 * <p>Every refusal is the problem {@code SIGNATURE} with the reason: not signed, signed twice, key unknown, revoked, expired or
 * not for Git, content changed. Source: secrets-dr-security §7.1 T24, §8 row 56.
 */
public final class TrustedKeys {
    private static final Pattern KEY = Pattern.compile("the signing key ([A-Za-z0-9:+/]+) ");

    private final List<PGPPublicKeyRing> pgp;
    private final List<AllowedSigner> ssh;
    private final Set<String> revoked;

    private TrustedKeys(List<PGPPublicKeyRing> pgp, List<AllowedSigner> ssh, Set<String> revoked) {
        this.pgp = List.copyOf(pgp);
        this.ssh = List.copyOf(ssh);
        this.revoked = new TreeSet<>(revoked);
    }

    /** Nobody's. */
    public static TrustedKeys none() {
        return new TrustedKeys(List.of(), List.of(), Set.of());
    }

    /** These and the OpenPGP keys in armored text, several one after the other. Problem: {@code BAD_KEY}. */
    public Outcome<TrustedKeys> withOpenPgp(String armored) {
        try {
            List<PGPPublicKeyRing> all = new ArrayList<>(pgp);
            List<PGPPublicKeyRing> more = OpenPgp.rings(armored);
            if (more.isEmpty()) {
                return Outcome.failed(Problem.error("BAD_KEY", "there is no OpenPGP public key in the text"));
            }
            all.addAll(more);
            return Outcome.of(new TrustedKeys(all, ssh, revoked));
        } catch (IOException | PGPException | RuntimeException e) {
            return Outcome.failed(Problem.error("BAD_KEY", "the OpenPGP public key cannot be read"));
        }
    }

    /** These and the keys of an allowed-signers file. Problem: {@code BAD_KEY}. */
    public Outcome<TrustedKeys> withAllowedSigners(String text) {
        return AllowedSigner.parse(text).map(more -> {
            List<AllowedSigner> all = new ArrayList<>(ssh);
            all.addAll(more);
            return new TrustedKeys(pgp, all, revoked);
        });
    }

    /** These without the key of a fingerprint, {@code SHA256:…} or hex, whatever else names it. */
    public TrustedKeys without(String fingerprint) {
        Set<String> all = new TreeSet<>(revoked);
        all.add(fingerprint);
        return new TrustedKeys(pgp, ssh, all);
    }

    /** The signature of a commit. */
    public Outcome<Signature> verifyCommit(byte[] raw, Instant now) {
        return SignedObject.ofCommit(raw).then(signed -> verify(signed, now));
    }

    /** The signature of an annotated tag. */
    public Outcome<Signature> verifyTag(byte[] raw, Instant now) {
        return SignedObject.ofTag(raw).then(signed -> verify(signed, now));
    }

    private Outcome<Signature> verify(SignedObject signed, Instant now) {
        Outcome<Signature> verified = SshSignature.isOne(signed.signature())
                ? SshSignature.verify(signed, ssh, now)
                : OpenPgp.verify(signed, pgp, now);
        return verified.then(good -> revoked.contains(good.key())
                ? SignedObject.refuse("the signing key " + good.key() + " is revoked")
                : Outcome.of(good));
    }

    /** What the signature of a raw commit is worth, as the engine asks it. */
    public CommitVerifier.Verdict judgeCommit(byte[] raw, Instant now) {
        Outcome<Signature> verified = verifyCommit(raw, now);
        if (verified.ok()) {
            return new CommitVerifier.Verdict(
                    CommitVerifier.Result.GOOD, verified.orThrow().key());
        }
        String why = verified.problems().get(0).text();
        Matcher key = KEY.matcher(why);
        return new CommitVerifier.Verdict(SignedObject.resultOf(why), key.find() ? key.group(1) : "");
    }

    /** The fingerprint of an SSH public key line ({@code ssh-ed25519 AAAA…}), as {@link #without} takes it. */
    public static Outcome<String> fingerprint(String publicKey) {
        try {
            String[] parts = publicKey.strip().split("\\s+", -1);
            return Outcome.of(
                    SshSignature.fingerprint(java.util.Base64.getDecoder().decode(parts[1])));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Outcome.failed(Problem.error("BAD_KEY", "the SSH public key cannot be read"));
        }
    }
}
