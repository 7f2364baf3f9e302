package io.gitops4j.git.signature;

import static io.gitops4j.git.signature.SignedObject.refuse;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of an allowed-signers file as {@code ssh-keygen -Y verify} reads it: principals, options, key. Certificate
 * authorities are not supported and are a problem.
 *
 * @param principals who signs with the key
 * @param key its public key, in SSH's format
 * @param namespaces patterns of what it may sign, empty for everything
 * @param after from when it is valid, or {@code null}
 * @param before until when it is valid, or {@code null}
 */
record AllowedSigner(
        String principals,
        byte[] key,
        List<String> namespaces,
        @Nullable Instant after,
        @Nullable Instant before) {
    private static final Pattern LINE = Pattern.compile(
            "(\"[^\"]*\"|\\S+)\\s+(?:((?:[^\\s\"]|\"[^\"]*\")+)\\s+)?((?:ssh|ecdsa|sk)-\\S+)\\s+([A-Za-z0-9+/=]+)(?:\\s.*)?");
    private static final Pattern OPTION = Pattern.compile("([a-z-]+)(?:=\"([^\"]*)\")?");

    static Outcome<List<AllowedSigner>> parse(String text) {
        List<AllowedSigner> signers = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String trimmed = line.strip();
            if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                continue;
            }
            AllowedSigner signer = one(trimmed);
            if (signer == null) {
                return Outcome.failed(
                        Problem.error("BAD_KEY", "line " + number + " of the allowed signers is not understood"));
            }
            signers.add(signer);
        }
        return Outcome.of(List.copyOf(signers));
    }

    private static @Nullable AllowedSigner one(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return null;
        }
        List<String> namespaces = List.of();
        Instant after = null;
        Instant before = null;
        if (matcher.group(2) != null) {
            Matcher options = OPTION.matcher(matcher.group(2));
            while (options.find()) {
                String value = options.group(2) == null ? "" : options.group(2);
                switch (options.group(1).toLowerCase(Locale.ROOT)) {
                    case "namespaces" -> namespaces = List.of(value.split(",", -1));
                    case "valid-after" -> after = time(value);
                    case "valid-before" -> before = time(value);
                    default -> {
                        return null;
                    }
                }
            }
        }
        try {
            return new AllowedSigner(
                    matcher.group(1).replace("\"", ""),
                    Base64.getDecoder().decode(matcher.group(4)),
                    namespaces,
                    after,
                    before);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Instant time(String text) {
        String digits = text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        String whole = (digits + "000000").substring(0, 14);
        try {
            return LocalDateTime.parse(whole, DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException | IndexOutOfBoundsException e) {
            // A time that cannot be read makes the key useless rather than eternal.
            return Instant.EPOCH;
        }
    }

    static Outcome<Signature> judge(List<AllowedSigner> signers, byte[] key, String fingerprint, Instant now) {
        String why = "the signing key " + fingerprint + " is not among the trusted keys";
        for (AllowedSigner signer : signers) {
            if (!Arrays.equals(signer.key(), key)) {
                continue;
            }
            if (!signer.namespaces().isEmpty()
                    && signer.namespaces().stream().noneMatch(n -> n.equals("git") || n.equals("*"))) {
                why = "the signing key " + fingerprint + " may not sign for git";
            } else if (signer.after() != null && now.isBefore(signer.after())) {
                why = "the signing key " + fingerprint + " is not valid yet";
            } else if (signer.before() != null && !now.isBefore(signer.before())) {
                why = "the signing key " + fingerprint + " has expired";
            } else {
                return Outcome.of(new Signature("ssh", fingerprint, signer.principals()));
            }
        }
        return refuse(why);
    }
}
