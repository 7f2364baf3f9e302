package io.gitops4j.git.signature;

import static io.gitops4j.git.signature.SignedObject.refuse;

import io.gitops4j.problem.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.jspecify.annotations.Nullable;

/** Verifies detached OpenPGP signatures. */
final class OpenPgp {
    private OpenPgp() {}

    /** The key rings in armored text. */
    static List<PGPPublicKeyRing> rings(String armored) throws IOException, PGPException {
        try (InputStream in =
                PGPUtil.getDecoderStream(new ByteArrayInputStream(armored.getBytes(StandardCharsets.UTF_8)))) {
            PGPPublicKeyRingCollection all = new PGPPublicKeyRingCollection(in, new BcKeyFingerprintCalculator());
            java.util.ArrayList<PGPPublicKeyRing> rings = new java.util.ArrayList<>();
            all.getKeyRings().forEachRemaining(rings::add);
            return rings;
        }
    }

    static Outcome<Signature> verify(SignedObject signed, List<PGPPublicKeyRing> rings, Instant now) {
        try {
            PGPSignature signature = read(signed.signature());
            if (signature == null) {
                return refuse("the signature cannot be read");
            }
            for (PGPPublicKeyRing ring : rings) {
                PGPPublicKey key = ring.getPublicKey(signature.getKeyID());
                if (key != null) {
                    return verify(signed, signature, key, ring.getPublicKey(), now);
                }
            }
            return refuse(
                    "the signing key " + Long.toHexString(signature.getKeyID()).toUpperCase(Locale.ROOT)
                            + " is not among the trusted keys");
        } catch (IOException | PGPException | RuntimeException e) {
            // The library throws unchecked exceptions at some malformed packets.
            return refuse("the signature cannot be read");
        }
    }

    private static Outcome<Signature> verify(
            SignedObject signed, PGPSignature signature, PGPPublicKey key, PGPPublicKey primary, Instant now)
            throws PGPException {
        signature.init(new BcPGPContentVerifierBuilderProvider(), key);
        signature.update(signed.payload());
        if (!signature.verify()) {
            return refuse("the signature does not fit the content");
        }
        String fingerprint = HexFormat.of().withUpperCase().formatHex(primary.getFingerprint());
        if (key.hasRevocation() || primary.hasRevocation()) {
            return refuse("the signing key " + fingerprint + " is revoked");
        }
        if (isExpired(key, now) || isExpired(primary, now)) {
            return refuse("the signing key " + fingerprint + " has expired");
        }
        Iterator<String> users = primary.getUserIDs();
        return Outcome.of(new Signature("openpgp", fingerprint, users.hasNext() ? users.next() : ""));
    }

    private static boolean isExpired(PGPPublicKey key, Instant now) {
        long seconds = key.getValidSeconds();
        Date made = key.getCreationTime();
        return seconds > 0 && !now.isBefore(made.toInstant().plusSeconds(seconds));
    }

    private static @Nullable PGPSignature read(String armor) throws IOException {
        try (InputStream in =
                PGPUtil.getDecoderStream(new ByteArrayInputStream(armor.getBytes(StandardCharsets.ISO_8859_1)))) {
            Object first = new BcPGPObjectFactory(in).nextObject();
            return first instanceof PGPSignatureList list && list.size() == 1 ? list.get(0) : null;
        }
    }
}
