package io.gitops4j.secrets.sops;

import java.util.Locale;

/** The stores of SOPS. Source: secrets-dr-security §2.4. */
public enum SopsFormat {
    YAML,
    JSON,
    ENV,
    INI,
    /** JSON that wraps a whole file under {@code data}. */
    BINARY;

    /** The format that a file's name says; binary for anything unknown. */
    public static SopsFormat ofName(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".yaml") || lower.endsWith(".yml")) {
            return YAML;
        }
        if (lower.endsWith(".json")) {
            return JSON;
        }
        if (lower.endsWith(".env")) {
            return ENV;
        }
        return lower.endsWith(".ini") ? INI : BINARY;
    }

    /** Whether {@code text} bears the marks of an encrypted file. */
    public static boolean isEncrypted(String text) {
        return text.contains("mac: ENC[")
                || text.contains("\"mac\": \"ENC[")
                || text.contains("\"mac\":\"ENC[")
                || text.contains("sops_mac=ENC[")
                || (text.contains("[sops]") && text.contains("ENC["));
    }
}
