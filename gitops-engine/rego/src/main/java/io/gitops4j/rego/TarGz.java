package io.gitops4j.rego;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Gzipped tar archives in memory. */
final class TarGz {
    private static final int BLOCK = 512;
    private static final int MOST_BYTES = 256 << 20;

    private TarGz() {}

    /** The plain files by path, without a leading {@code /} or {@code ./}. */
    static Outcome<Map<String, Bytes>> files(byte[] archive) {
        byte[] tar;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            tar = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            return failed("the archive is not gzip: " + e.getMessage());
        }
        if (tar.length > MOST_BYTES) {
            return failed("the archive holds more than " + MOST_BYTES + " bytes");
        }
        Map<String, Bytes> files = new LinkedHashMap<>();
        String longName = "";
        int at = 0;
        while (at + BLOCK <= tar.length && tar[at] != 0) {
            String digits = text(tar, at + 124, 12).strip();
            if (!digits.matches("[0-7]{1,11}")) {
                return failed("the archive is not tar");
            }
            long size = Long.parseLong(digits, 8);
            if (at + BLOCK + size > tar.length) {
                return failed("the archive is cut short");
            }
            byte[] content = Arrays.copyOfRange(tar, at + BLOCK, at + BLOCK + (int) size);
            char type = (char) tar[at + 156];
            String prefix = text(tar, at + 345, 155);
            String name = longName.isEmpty() ? (prefix.isEmpty() ? "" : prefix + "/") + text(tar, at, 100) : longName;
            longName = "";
            if (type == 'L') {
                longName = text(content, 0, content.length);
            } else if (type == '0' || type == 0) {
                files.put(name.replaceFirst("^(\\./|/)+", ""), Bytes.of(content));
            }
            at += BLOCK + (int) ((size + BLOCK - 1) / BLOCK * BLOCK);
        }
        return Outcome.of(files);
    }

    private static Outcome<Map<String, Bytes>> failed(String text) {
        return Outcome.failed(Problem.error("rego_bundle_error", text));
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
