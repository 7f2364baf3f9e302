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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Opens and makes SOPS documents in memory. Opening checks the MAC before it hands anything out. Immutable and safe for use
 * by several threads.
 *
 * <p>Source: secrets-dr-security §2.
 */
public final class Sops implements SecretDecryptor {
    static final String VERSION = "3.13.2";

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

    /** The file opened, in the format that its name says; order, style and comments of YAML stay. */
    @Override
    public Outcome<SecretValue> decrypt(String path, Bytes content) {
        return opened(path, content).map(Opened::text);
    }

    /** A file that was opened, with what its values were. */
    private record Opened(SecretValue text, JsonObject metadata, SopsCipher cipher, SealedBefore before) {}

    private Outcome<Opened> opened(String path, Bytes content) {
        if (content.length() > limits.fileBytes()) {
            return Outcome.failed(tooLarge(path, limits));
        }
        SopsFormat format = SopsFormat.ofName(path);
        String text = content.utf8();
        return SopsText.read(path, text, format, limits).then(documents -> {
            SealedBefore before = new SealedBefore();
            return open(path, documents, before).map(open -> {
                String clear = format == SopsFormat.BINARY
                        ? open.documents().get(0).text("data", "")
                        : SopsText.rewrite(
                                        text,
                                        documents,
                                        open.documents(),
                                        format,
                                        SopsComments.opening(open.cipher(), before),
                                        limits)
                                .orElseGet(() -> SopsText.write(open.documents(), format));
                return new Opened(SecretValue.utf8(clear), documents.get(0).object("sops"), open.cipher(), before);
            });
        });
    }

    /**
     * The documents of one file opened, without their metadata. Problems, each naming a path and never a value:
     * {@code BAD_METADATA}, {@code METADATA_LIMIT}, {@code NO_IDENTITY}, {@code BAD_DATA_KEY}, {@code DECRYPT_FAILED},
     * {@code BAD_VALUE_REDACTED}, {@code TYPE_ERROR_REDACTED}, {@code MAC_MISSING}, {@code MAC_UNREADABLE},
     * {@code MAC_MISMATCH}.
     */
    public Outcome<List<JsonObject>> decryptAll(String file, List<JsonObject> documents) {
        return open(file, documents, new SealedBefore()).map(Open::documents);
    }

    private record Open(List<JsonObject> documents, SopsCipher cipher) {}

    private Outcome<Open> open(String file, List<JsonObject> documents, SealedBefore before) {
        List<Problem> warnings = new ArrayList<>();
        try {
            if (!(documents.get(0).get("sops") instanceof JsonObject metadata)) {
                throw new Refusal("BAD_METADATA", "the document has no sops metadata");
            }
            CryptRule rule = CryptRule.of(metadata);
            SopsCipher cipher = new SopsCipher(keys.find(metadata));
            SopsTree tree = new SopsTree(rule, metadata.bool("mac_only_encrypted", false));
            SopsTree.Leaf opening = new Opening(cipher, before);
            List<JsonObject> opened = new ArrayList<>();
            for (JsonObject document : documents) {
                opened.add(tree.walk(document.without("sops"), opening));
            }
            checkMac(metadata, cipher, tree, warnings);
            return Outcome.of(new Open(List.copyOf(opened), cipher), warnings);
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem().at(Where.file(file)));
        }
    }

    private record Opening(SopsCipher cipher, SealedBefore before) implements SopsTree.Leaf {
        @Override
        public SopsTree.Changed change(Json value, String aad, String path) {
            String text = value.textOrNull();
            if (text == null) {
                throw new Refusal("BAD_VALUE_REDACTED", path + " should be encrypted and is not");
            }
            Json plain = cipher.decrypt(text, aad, path);
            before.keep(aad, plain, text);
            return new SopsTree.Changed(plain, plain);
        }

        @Override
        public boolean dropsComments() {
            return true;
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
     * The encrypted form of a clear file; order, style and comments of YAML stay, and comments are encrypted as values are.
     * Problems: {@code UNSUPPORTED_RECIPIENT}, {@code ALREADY_ENCRYPTED}, {@code BAD_THRESHOLD}, {@code COMMENT_RULE} (a rule
     * that goes by comments, for a text whose comments cannot be followed), syntax.
     */
    public static Outcome<String> encrypt(
            String path, SecretValue clear, Encryption how, SecureRandom random, Limits limits) {
        byte[] dataKey = new byte[32];
        random.nextBytes(dataKey);
        try {
            JsonObject keys = new KeyWrapping(how.providers()).wrap(dataKey, how.groups(), how.threshold(), random);
            return new Sealing(path, dataKey, keys, how, new SealedBefore(), random, limits).seal(clear);
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem());
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /**
     * A file with a new clear form, encrypted with its own data key for the same recipients. What did not change keeps its
     * encrypted form, so that a diff of the file shows what did.
     */
    public Outcome<String> update(String path, Bytes content, SecretValue clear, Instant now, SecureRandom random) {
        return opened(path, content).then(opened -> {
            JsonObject metadata = opened.metadata();
            try {
                Encryption how = new Encryption(
                        List.of(),
                        0,
                        CryptRule.of(metadata),
                        metadata.bool("mac_only_encrypted", false),
                        now,
                        List.of());
                JsonObject keys = metadata.without("mac")
                        .without("lastmodified")
                        .without("mac_only_encrypted")
                        .without(how.rule().field())
                        .without("version");
                byte[] dataKey = this.keys.find(metadata);
                return new Sealing(path, dataKey, keys, how, opened.before(), random, limits).seal(clear);
            } catch (Refusal refusal) {
                return Outcome.failed(refusal.problem().at(Where.file(path)));
            }
        });
    }

    /**
     * A clear YAML or JSON file with one value of its first document set; mappings on the way are made. Comments and style
     * stay. Problems: syntax, and {@code NOT_A_MAPPING} where a value stands in the way.
     */
    public static Outcome<SecretValue> set(
            String path, SecretValue clear, List<String> keys, SecretValue value, Limits limits) {
        SopsFormat format = SopsFormat.ofName(path);
        String text = clear.revealUtf8();
        return SopsText.read(path, text, format, limits).then(documents -> {
            List<JsonObject> changed = new ArrayList<>(documents);
            try {
                changed.set(0, with(documents.get(0), keys, 0, Json.of(value.revealUtf8())));
            } catch (Refusal refusal) {
                return Outcome.failed(refusal.problem().at(Where.file(path)));
            }
            return Outcome.of(SecretValue.utf8(
                    SopsText.rewrite(text, documents, changed, format, (words, paths, near) -> words, limits)
                            .or(() -> format == SopsFormat.YAML
                                    ? YamlInPlace.add(text, documents, changed, keys)
                                    : Optional.empty())
                            .orElseGet(() -> SopsText.write(changed, format))));
        });
    }

    private static JsonObject with(JsonObject object, List<String> keys, int depth, Json value) {
        String key = keys.get(depth);
        if (depth + 1 == keys.size()) {
            return object.with(key, value);
        }
        Json inner = object.get(key);
        if (inner != null && !(inner instanceof JsonObject) && !inner.isNull()) {
            throw new Refusal("NOT_A_MAPPING", String.join(".", keys.subList(0, depth + 1)) + " is not a mapping");
        }
        return object.with(key, with(object.object(key), keys, depth + 1, value));
    }

    static Problem tooLarge(String path, Limits limits) {
        return Problem.error("FILE_SIZE", path + " is larger than the " + limits.fileBytes() + " bytes allowed")
                .at(Where.file(path));
    }

    /**
     * A file encrypted anew: a fresh data key and fresh nonces for the groups of {@code how}, whose rule gives way to the
     * file's own.
     */
    public Outcome<String> rotate(String path, Bytes content, Encryption how, SecureRandom random) {
        return opened(path, content).then(opened -> {
            JsonObject metadata = opened.metadata();
            Encryption anew = new Encryption(
                    how.groups(),
                    how.threshold(),
                    CryptRule.of(metadata),
                    metadata.bool("mac_only_encrypted", false),
                    how.now(),
                    how.providers());
            return encrypt(path, opened.text(), anew, random, limits);
        });
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
