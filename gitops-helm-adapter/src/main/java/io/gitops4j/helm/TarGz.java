package io.gitops4j.helm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;

/** Reads the regular files of a packed chart. Links and devices in it are passed over, as Helm does. */
final class TarGz {
    private static final int BLOCK = 512;

    private TarGz() {}

    /**
     * Hands every regular file to {@code files}, its name beginning with the directory of its chart.
     *
     * @param most bytes that all files together may have
     */
    static void read(String archive, byte[] packed, long most, BiConsumer<String, byte[]> files) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            long left = most;
            String longName = "";
            while (true) {
                byte[] header = in.readNBytes(BLOCK);
                if (header.length < BLOCK || header[0] == 0) {
                    return;
                }
                long size = size(archive, header);
                left -= size;
                if (left < 0) {
                    throw new HelmFault("HELM_TOO_LARGE", archive + " unpacks to more than " + most + " bytes");
                }
                byte[] content = in.readNBytes((int) size);
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                if (content.length < size) {
                    throw new HelmFault("HELM_ARCHIVE", archive + " ends in the middle of a file");
                }
                char type = (char) header[156];
                if (type == 'L') {
                    longName = text(content, 0, content.length);
                } else if (type == 'x') {
                    longName = paxPath(new String(content, StandardCharsets.UTF_8));
                } else {
                    if (type == '0' || type == 0) {
                        accept(archive, longName.isEmpty() ? name(header) : longName, content, files);
                    }
                    longName = "";
                }
            }
        } catch (IOException e) {
            throw new HelmFault("HELM_ARCHIVE", archive + " is no packed chart: " + e.getMessage());
        }
    }

    private static void accept(String archive, String name, byte[] content, BiConsumer<String, byte[]> files) {
        String plain = name.replace('\\', '/');
        String below = plain.startsWith("./") ? plain.substring(2) : plain;
        if (below.indexOf('/') <= 0) {
            return;
        }
        for (String element : below.split("/", -1)) {
            if (element.isEmpty() || element.equals("..") || element.equals(".")) {
                throw new HelmFault("HELM_ARCHIVE", archive + " holds a file that leads out of it");
            }
        }
        files.accept(below, content);
    }

    private static long size(String archive, byte[] header) {
        String octal = text(header, 124, 12).trim();
        long size = 0;
        for (int i = 0; i < octal.length(); i++) {
            int digit = octal.charAt(i) - '0';
            if (digit < 0 || digit > 7) {
                throw new HelmFault("HELM_ARCHIVE", archive + " has a broken header");
            }
            size = size * 8 + digit;
        }
        if (size > Integer.MAX_VALUE - 8) {
            throw new HelmFault("HELM_TOO_LARGE", archive + " holds a file of " + size + " bytes");
        }
        return size;
    }

    private static String name(byte[] header) {
        String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    private static String paxPath(String records) {
        for (String line : records.split("\n", -1)) {
            int at = line.indexOf(" path=");
            if (at > 0) {
                return line.substring(at + 6);
            }
        }
        return "";
    }
}
