package io.gitops4j.kustomize.internal.load;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.problem.Limits;
import io.gitops4j.source.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Every file that a build read, with an identifier of its content; holds the limits on reading. */
public final class FileLog {
    private final Limits limits;
    private final Map<String, String> files = new TreeMap<>();
    private final List<Recording> recordings = new ArrayList<>();
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
        String known = files.get(path);
        String id = known == null ? contentId.orElseGet(() -> sha256(content.toByteArray())) : known;
        if (known == null) {
            files.put(path, id);
            bytes += content.length();
        }
        for (Recording recording : recordings) {
            recording.files.put(path, id);
        }
        if (bytes > limits.totalBytes() || files.size() > limits.files()) {
            throw new BuildFault(
                    "SOURCE_SIZE",
                    "the build reads more than " + limits.files() + " files or " + limits.totalBytes() + " bytes");
        }
    }

    /** Notes a file that was fetched by URL; what lies elsewhere is never taken as unchanged. */
    public void fetched(String url, Bytes content) {
        read(url, content, Optional.empty());
        probe(url, "");
    }

    /** Notes what stands at a path that was looked at. */
    void probe(String path, String found) {
        for (Recording recording : recordings) {
            recording.probes.put(path, found);
        }
    }

    /** What one layer (and the layers below it) read and looked at. */
    public static final class Recording {
        private final Map<String, String> files = new TreeMap<>();
        private final Map<String, String> probes = new TreeMap<>();

        public Map<String, String> files() {
            return files;
        }

        public Map<String, String> probes() {
            return probes;
        }
    }

    /** Begins a recording; recordings nest. */
    public Recording record() {
        Recording recording = new Recording();
        recordings.add(recording);
        return recording;
    }

    /** Ends the recording that was begun last. */
    public void stop() {
        recordings.remove(recordings.size() - 1);
    }

    /** Takes over what a kept layer stands on. */
    public void replay(Map<String, String> keptFiles, Map<String, String> probes) {
        files.putAll(keptFiles);
        for (Recording recording : recordings) {
            recording.files.putAll(keptFiles);
            recording.probes.putAll(probes);
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
