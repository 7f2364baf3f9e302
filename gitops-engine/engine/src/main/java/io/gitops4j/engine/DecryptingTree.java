package io.gitops4j.engine;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.SecretDecryptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tree whose encrypted files read as clear ones, opened in memory when they are read and before anything changes them, so
 * that their MAC can be checked. It remembers what came out of them, so that it can be kept out of every output. For one
 * render and one thread.
 *
 * <p>Source: secrets-dr-security §2.8.
 */
final class DecryptingTree implements SourceTree {
    private static final String DISABLED = "kustomize.toolkit.fluxcd.io/decrypt: disabled";
    /** Shorter values are told by being equal, not by being contained. */
    private static final int TELLING = 4;

    private final SourceTree tree;
    private final List<SecretDecryptor> decryptors;
    private final Map<String, Optional<Bytes>> opened = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> secrets = new LinkedHashSet<>();

    DecryptingTree(SourceTree tree, List<SecretDecryptor> decryptors) {
        this.tree = tree;
        this.decryptors = decryptors;
    }

    @Override
    public Optional<Bytes> read(String path) {
        Optional<Bytes> known = opened.get(path);
        if (known != null) {
            return known;
        }
        Optional<Bytes> raw = tree.read(path);
        Bytes content = raw.orElse(null);
        if (content == null) {
            return raw;
        }
        for (SecretDecryptor decryptor : decryptors) {
            if (decryptor.recognises(path, content) && !content.utf8().contains(DISABLED)) {
                Optional<Bytes> clear = open(decryptor, path, content);
                opened.put(path, clear);
                return clear;
            }
        }
        return raw;
    }

    private Optional<Bytes> open(SecretDecryptor decryptor, String path, Bytes content) {
        Outcome<SecretValue> outcome = decryptor.decrypt(path, content);
        SecretValue value = outcome.orNull();
        for (Problem problem : outcome.problems()) {
            problems.add(problem.where().file().isEmpty() ? problem.at(Where.file(path)) : problem);
        }
        if (value == null) {
            return Optional.empty();
        }
        remember(value.revealUtf8(), content.utf8());
        return Optional.of(Bytes.of(value.reveal()));
    }

    private void remember(String clear, String encrypted) {
        Set<String> before = new LinkedHashSet<>();
        YamlReader.kubectl().readAll("", encrypted).value().ifPresent(all -> all.forEach(d -> leaves(d, before)));
        Set<String> after = new LinkedHashSet<>();
        List<Json> documents = YamlReader.kubectl().readAll("", clear).orNull();
        if (documents != null && documents.stream().allMatch(d -> d instanceof JsonObject)) {
            documents.forEach(d -> leaves(d, after));
        } else {
            after.add(clear.strip());
            for (String line : clear.split("\n", -1)) {
                after.add(line.strip());
                after.add(line.substring(line.indexOf('=') + 1).strip());
            }
        }
        after.removeAll(before);
        for (String value : after) {
            if (!value.isEmpty()) {
                secrets.add(value);
                secrets.add(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static void leaves(Json value, Set<String> into) {
        if (value instanceof JsonObject object) {
            object.forEach((key, member) -> leaves(member, into));
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> leaves(item, into));
        } else if (value instanceof JsonNumber number) {
            into.add(number.lexeme());
        } else {
            String text = value.textOrNull();
            if (text != null) {
                into.add(text.strip());
            }
        }
    }

    /** What went wrong with encrypted files that were read. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Whether a value from an encrypted file is anywhere in {@code value}. */
    boolean taints(Json value) {
        if (secrets.isEmpty()) {
            return false;
        }
        Set<String> leaves = new LinkedHashSet<>();
        leaves(value, leaves);
        return leaves.stream().anyMatch(this::taints);
    }

    private boolean taints(String text) {
        return secrets.contains(text)
                || secrets.stream().anyMatch(secret -> secret.length() >= TELLING && text.contains(secret));
    }

    /** A problem without what could show a value: snippets go, and words that hold a value. */
    Problem scrubbed(Problem problem) {
        if (opened.isEmpty()) {
            return problem;
        }
        Where where = Where.at(
                problem.where().file(), problem.where().line(), problem.where().column());
        boolean shows = taints(problem.text()) || taints(problem.hint());
        return new Problem(
                problem.severity(),
                problem.code(),
                shows ? "the rest of this message is not shown, since it holds a decrypted value" : problem.text(),
                where,
                shows ? "" : problem.hint());
    }

    @Override
    public Entry entry(String path) {
        return tree.entry(path);
    }

    @Override
    public List<String> list(String path) {
        return tree.list(path);
    }

    @Override
    public Optional<String> linkTarget(String path) {
        return tree.linkTarget(path);
    }

    /** Of the file as it is stored, so that no digest of a clear text leaves. */
    @Override
    public Optional<String> contentId(String path) {
        Optional<String> known = tree.contentId(path);
        return known.isPresent() || !opened.containsKey(path)
                ? known
                : tree.read(path).map(content -> "encrypted:" + sha256(content.toByteArray()));
    }

    private static String sha256(byte[] content) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String description() {
        return tree.description();
    }
}
