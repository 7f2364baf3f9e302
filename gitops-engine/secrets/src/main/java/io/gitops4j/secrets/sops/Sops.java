package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.SecretDecryptor;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Opens and makes SOPS documents in memory. Opening checks the MAC before it hands anything out. Immutable and safe for use
 * by several threads.
 *
 * <p>Source: secrets-dr-security §2.
 */
public final class Sops implements SecretDecryptor {
    private static final String VERSION = "3.13.2";

    /** What to do about a MAC that does not fit. */
    public enum Mac {
        VERIFY,
        WARN,
        OFF
    }

    private final DataKey keys;
    private final Mac mac;
    private final Limits limits;

    private Sops(DataKey keys, Mac mac, Limits limits) {
        this.keys = keys;
        this.mac = mac;
        this.limits = limits;
    }

    /** Opens with these age identities and verifies the MAC. */
    public static Sops withIdentities(List<AgeIdentity> identities) {
        return with(identities, List.of(), Mac.VERIFY, Limits.defaults());
    }

    /** Opens with identities and key services. */
    public static Sops with(List<AgeIdentity> identities, List<SopsKeyProvider> providers, Mac mac, Limits limits) {
        return new Sops(new DataKey(List.copyOf(identities), List.copyOf(providers)), mac, limits);
    }

    @Override
    public boolean recognises(String path, Bytes content) {
        return content.length() <= limits.fileBytes() && SopsFormat.isEncrypted(content.utf8());
    }

    /** The file opened, in the format that its name says. */
    @Override
    public Outcome<SecretValue> decrypt(String path, Bytes content) {
        if (content.length() > limits.fileBytes()) {
            return Outcome.failed(tooLarge(path, limits));
        }
        SopsFormat format = SopsFormat.ofName(path);
        return SopsText.read(path, content.utf8(), format, limits)
                .then(documents -> decryptAll(path, documents))
                .map(documents -> format == SopsFormat.BINARY
                        ? SecretValue.utf8(documents.get(0).text("data", ""))
                        : SecretValue.utf8(SopsText.write(documents, format)));
    }

    /**
     * The documents of one file opened, without their metadata. Problems, each naming a path and never a value:
     * {@code BAD_METADATA}, {@code METADATA_LIMIT}, {@code NO_IDENTITY}, {@code BAD_DATA_KEY}, {@code DECRYPT_FAILED},
     * {@code BAD_VALUE_REDACTED}, {@code TYPE_ERROR_REDACTED}, {@code MAC_MISSING}, {@code MAC_UNREADABLE},
     * {@code MAC_MISMATCH}.
     */
    public Outcome<List<JsonObject>> decryptAll(String file, List<JsonObject> documents) {
        List<Problem> warnings = new ArrayList<>();
        try {
            if (!(documents.get(0).get("sops") instanceof JsonObject metadata)) {
                throw new Refusal("BAD_METADATA", "the document has no sops metadata");
            }
            CryptRule rule = CryptRule.of(metadata);
            SopsCipher cipher = new SopsCipher(keys.find(metadata));
            SopsTree tree = new SopsTree(rule, metadata.bool("mac_only_encrypted", false));
            List<JsonObject> opened = new ArrayList<>();
            for (JsonObject document : documents) {
                opened.add(tree.walk(document.without("sops"), (value, aad, path) -> {
                    String text = value.textOrNull();
                    if (text == null) {
                        throw new Refusal("BAD_VALUE_REDACTED", path + " should be encrypted and is not");
                    }
                    Json plain = cipher.decrypt(text, aad, path);
                    return new SopsTree.Changed(plain, plain);
                }));
            }
            checkMac(metadata, cipher, tree, warnings);
            return Outcome.of(List.copyOf(opened), warnings);
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem().at(Where.file(file)));
        }
    }

    private void checkMac(JsonObject metadata, SopsCipher cipher, SopsTree tree, List<Problem> warnings) {
        if (mac == Mac.OFF) {
            return;
        }
        try {
            String stored = metadata.text("mac", "");
            if (stored.isEmpty()) {
                throw new Refusal("MAC_MISSING", "sops.mac is missing");
            }
            String expected;
            try {
                expected = cipher.decrypt(stored, metadata.text("lastmodified", ""), "sops.mac")
                        .textOrNull();
            } catch (Refusal refusal) {
                throw new Refusal("MAC_UNREADABLE", "sops.mac cannot be opened: it or sops.lastmodified was changed");
            }
            if (!tree.mac().equals(expected)) {
                throw new Refusal("MAC_MISMATCH", "the document was changed after it was encrypted");
            }
        } catch (Refusal refusal) {
            if (mac == Mac.VERIFY) {
                throw refusal;
            }
            Problem problem = refusal.problem();
            warnings.add(Problem.warning(problem.code(), problem.text()));
        }
    }

    /**
     * How to encrypt.
     *
     * @param groups who can open it: any recipient of the one group, or of {@code threshold} groups where there are several
     * @param threshold how many groups are needed, 0 for all; of no account for one group
     * @param rule which keys are encrypted
     * @param macOnlyEncrypted whether the MAC covers encrypted values only
     * @param now becomes {@code lastmodified}, cut to seconds
     * @param providers wrap keys of key services
     */
    public record Encryption(
            List<KeyGroup> groups,
            int threshold,
            CryptRule rule,
            boolean macOnlyEncrypted,
            Instant now,
            List<SopsKeyProvider> providers) {

        /** Encryption for groups. */
        public Encryption {
            groups = List.copyOf(groups);
            providers = List.copyOf(providers);
        }

        /** Encryption for age recipients of whom each can open it. */
        public Encryption(List<String> recipients, CryptRule rule, boolean macOnlyEncrypted, Instant now) {
            this(List.of(KeyGroup.ofAge(recipients)), 0, rule, macOnlyEncrypted, now, List.of());
        }
    }

    /**
     * The encrypted form of a clear file. Problems: {@code UNSUPPORTED_RECIPIENT}, {@code ALREADY_ENCRYPTED},
     * {@code BAD_THRESHOLD}, {@code COMMENT_RULE} (comments are not kept, so that they can decide nothing), syntax.
     */
    public static Outcome<String> encrypt(
            String path, SecretValue clear, Encryption how, SecureRandom random, Limits limits) {
        if (clear.length() > limits.fileBytes()) {
            return Outcome.failed(tooLarge(path, limits));
        }
        SopsFormat format = SopsFormat.ofName(path);
        if (format == SopsFormat.BINARY) {
            JsonObject wrapped = JsonObject.of("data", Json.of(clear.revealUtf8()));
            return encryptAll(List.of(wrapped), how, random).map(documents -> SopsText.write(documents, format));
        }
        return SopsText.read(path, clear.revealUtf8(), format, limits)
                // The MAC depends on the order of keys, so that the order as written is the one that is hashed.
                .then(documents -> SopsText.read(path, SopsText.write(documents, format), format, limits))
                .then(documents -> encryptAll(documents, how, random))
                .map(documents -> SopsText.write(documents, format));
    }

    private static Problem tooLarge(String path, Limits limits) {
        return Problem.error("FILE_SIZE", path + " is larger than the " + limits.fileBytes() + " bytes allowed")
                .at(Where.file(path));
    }

    private static Outcome<List<JsonObject>> encryptAll(
            List<JsonObject> documents, Encryption how, SecureRandom random) {
        if (documents.stream().anyMatch(d -> d.has("sops"))) {
            return Outcome.failed(Problem.error("ALREADY_ENCRYPTED", "the document has sops metadata already"));
        }
        if (how.rule().byComment()) {
            return Outcome.failed(Problem.error("COMMENT_RULE", "comments are not kept, so that no rule can go by them")
                    .hint("use encrypted_regex or encrypted_suffix"));
        }
        byte[] dataKey = new byte[32];
        random.nextBytes(dataKey);
        try {
            JsonObject keys = new KeyWrapping(how.providers()).wrap(dataKey, how.groups(), how.threshold(), random);
            SopsCipher cipher = new SopsCipher(dataKey);
            SopsTree tree = new SopsTree(how.rule(), how.macOnlyEncrypted());
            List<JsonObject> sealed = new ArrayList<>();
            for (JsonObject document : documents) {
                sealed.add(tree.walk(
                        document,
                        (value, aad, path) ->
                                new SopsTree.Changed(value, Json.of(cipher.encrypt(value, aad, random)))));
            }
            String modified = how.now().truncatedTo(ChronoUnit.SECONDS).toString();
            JsonObject.Builder metadata = keys.toBuilder()
                    .put("lastmodified", modified)
                    .put("mac", cipher.encrypt(Json.of(tree.mac()), modified, random));
            if (how.macOnlyEncrypted()) {
                metadata.put("mac_only_encrypted", true);
            }
            metadata.put(how.rule().field(), how.rule().text()).put("version", VERSION);
            sealed.set(0, sealed.get(0).with("sops", metadata.build()));
            return Outcome.of(List.copyOf(sealed));
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem());
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /**
     * A file encrypted anew: a fresh data key and fresh nonces for the groups of {@code how}, whose rule gives way to the
     * file's own.
     */
    public Outcome<String> rotate(String path, Bytes content, Encryption how, SecureRandom random) {
        SopsFormat format = SopsFormat.ofName(path);
        return SopsText.read(path, content.utf8(), format, limits)
                .then(documents -> decryptAll(path, documents).then(opened -> {
                    JsonObject metadata = documents.get(0).object("sops");
                    Encryption anew = new Encryption(
                            how.groups(),
                            how.threshold(),
                            CryptRule.of(metadata),
                            metadata.bool("mac_only_encrypted", false),
                            how.now(),
                            how.providers());
                    return encryptAll(opened, anew, random);
                }))
                .map(documents -> SopsText.write(documents, format));
    }

    /** How a file was encrypted, to encrypt it the same way again; {@code now} becomes its time. */
    public static Encryption encryptionOf(String path, Bytes content, Instant now, Limits limits) {
        JsonObject metadata = SopsText.read(path, content.utf8(), SopsFormat.ofName(path), limits)
                .map(documents -> documents.get(0).object("sops"))
                .value()
                .orElse(JsonObject.empty());
        List<KeyGroup> groups = new ArrayList<>();
        for (Json group : metadata.has("key_groups") ? metadata.array("key_groups") : JsonArray.of(metadata)) {
            groups.add(group instanceof JsonObject known ? KeyGroup.of(known) : KeyGroup.ofAge(List.of()));
        }
        int threshold = metadata.get("shamir_threshold") instanceof JsonNumber number ? number.intValueOr(0) : 0;
        CryptRule rule = CryptRule.defaults();
        for (String field : CryptRule.FIELDS) {
            if (!metadata.text(field, "").isEmpty()) {
                rule = new CryptRule(field, metadata.text(field, ""));
            }
        }
        boolean onlyEncrypted = metadata.bool("mac_only_encrypted", false);
        return new Encryption(groups, threshold, rule, onlyEncrypted, now, List.of());
    }
}
