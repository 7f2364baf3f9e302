package io.gitops4j.kustomize.internal.load;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.problem.Limits;
import io.gitops4j.source.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Every file that a build read, with an identifier of its content; holds the limits on reading. */
public final class FileLog {
    private final Limits limits;
    private final Map<String, String> files = new TreeMap<>();
    private long bytes;

    /** A log under these limits. */
    public FileLog(Limits limits) {
        this.limits = limits;
    }

    void read(String path, Bytes content, Optional<String> contentId) {
        if (content.length() > limits.fileBytes()) {
            throw new BuildFault(
                    "FILE_SIZE",
                    "file '" + path + "' has " + content.length() + " bytes, at most " + limits.fileBytes());
        }
        if (files.putIfAbsent(path, contentId.orElseGet(() -> sha256(content.toByteArray()))) == null) {
            bytes += content.length();
        }
        if (bytes > limits.totalBytes() || files.size() > limits.files()) {
            throw new BuildFault(
                    "SOURCE_SIZE",
                    "the build reads more than " + limits.files() + " files or " + limits.totalBytes() + " bytes");
        }
    }

    /** Path to content identifier, sorted by path. */
    public Map<String, String> files() {
        return Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** The SHA-256 of bytes in lower-case hex. */
    public static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
