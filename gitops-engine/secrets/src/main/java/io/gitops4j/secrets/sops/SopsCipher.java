package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One value, {@code ENC[AES256_GCM,data:…,iv:…,tag:…,type:T]}. Messages name the path, never the value. Source:
 * secrets-dr-security §2.1.
 */
final class SopsCipher {
    private static final int IV = 32;
    private static final int TAG = 16;
    private static final String PREFIX = "ENC[AES256_GCM,data:";

    private final SecretKeySpec key;

    SopsCipher(byte[] dataKey) {
        this.key = new SecretKeySpec(dataKey, "AES");
    }

    /** Whether a leaf has the form of an encrypted value. */
    static boolean isEncrypted(Json leaf) {
        String text = leaf.textOrNull();
        return text != null && text.startsWith(PREFIX) && text.endsWith("]");
    }

    /** Whether a leaf is an encrypted comment, as sops writes comments of sequences. */
    static boolean isComment(Json leaf) {
        String text = leaf.textOrNull();
        return text != null && isEncrypted(leaf) && text.endsWith(",type:comment]");
    }

    String encrypt(Json value, String aad, SecureRandom random) {
        return encrypt(plainBytes(value), typeOf(value), aad, random);
    }

    String encryptComment(String words, String aad, SecureRandom random) {
        return encrypt(words.getBytes(StandardCharsets.UTF_8), "comment", aad, random);
    }

    private String encrypt(byte[] plain, String type, String aad, SecureRandom random) {
        byte[] iv = new byte[IV];
        random.nextBytes(iv);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG * 8, iv));
            cipher.updateAAD(aad.getBytes(StandardCharsets.UTF_8));
            byte[] sealed = cipher.doFinal(plain);
            Base64.Encoder base64 = Base64.getEncoder();
            int body = sealed.length - TAG;
            return PREFIX + base64.encodeToString(Arrays.copyOf(sealed, body)) + ",iv:" + base64.encodeToString(iv)
                    + ",tag:" + base64.encodeToString(Arrays.copyOfRange(sealed, body, sealed.length)) + ",type:"
                    + type + "]";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks AES-GCM", e);
        }
    }

    /** The value; {@code path} is for messages. */
    Json decrypt(String text, String aad, String path) {
        Parts parts = parse(text, path);
        byte[] plain;
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG * 8, parts.iv()));
            cipher.updateAAD(aad.getBytes(StandardCharsets.UTF_8));
            cipher.update(parts.data());
            plain = cipher.doFinal(parts.tag());
        } catch (GeneralSecurityException | ProviderException e) {
            throw failed(path);
        }
        return typed(plain, parts.type(), path);
    }

    private record Parts(byte[] data, byte[] iv, byte[] tag, String type) {}

    private static Parts parse(String text, String path) {
        if (!text.startsWith(PREFIX) || !text.endsWith("]")) {
            throw new Refusal("BAD_VALUE_REDACTED", path + " should be encrypted and is not");
        }
        int iv = text.indexOf(",iv:");
        int tag = text.indexOf(",tag:", Math.max(iv, 0));
        int type = text.indexOf(",type:", Math.max(tag, 0));
        if (iv < 0 || tag < 0 || type < 0) {
            throw new Refusal("BAD_VALUE_REDACTED", path + " is not a well-formed encrypted value");
        }
        byte[] dataBytes = base64(text.substring(PREFIX.length(), iv));
        byte[] ivBytes = base64(text.substring(iv + 4, tag));
        byte[] tagBytes = base64(text.substring(tag + 5, type));
        if (dataBytes == null || ivBytes == null || tagBytes == null) {
            throw new Refusal("BAD_VALUE_REDACTED", path + " is not a well-formed encrypted value");
        }
        if (tagBytes.length != TAG || ivBytes.length == 0) {
            throw failed(path);
        }
        return new Parts(dataBytes, ivBytes, tagBytes, text.substring(type + 6, text.length() - 1));
    }

    private static byte @Nullable [] base64(String text) {
        try {
            return text.length() % 4 == 0 ? Base64.getDecoder().decode(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Json typed(byte[] plain, String type, String path) {
        String text = utf8(plain, path);
        switch (type) {
            case "str", "time", "comment", "bytes":
                return Json.of(text);
            case "int":
                if (text.matches("-?[0-9]{1,400}")) {
                    return JsonNumber.parse(text.replaceFirst("^(-?)0+(?=[0-9])", "$1"));
                }
                throw mistyped(path, type);
            case "float":
                if (JsonNumber.isNumber(text)) {
                    return JsonNumber.parse(text);
                }
                throw mistyped(path, type);
            case "bool":
                if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
                    return Json.of(text.equalsIgnoreCase("true"));
                }
                throw mistyped(path, type);
            default:
                throw failed(path);
        }
    }

    private static String utf8(byte[] plain, String path) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(plain))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refusal("TYPE_ERROR_REDACTED", path + " opens to bytes that are not UTF-8");
        }
    }

    private static Refusal mistyped(String path, String type) {
        return new Refusal("TYPE_ERROR_REDACTED", path + " opens to something that is no " + type);
    }

    private static Refusal failed(String path) {
        return new Refusal(
                "DECRYPT_FAILED", path + " cannot be opened: it was changed, moved, or belongs to another key");
    }

    static String typeOf(Json value) {
        return switch (value.kind()) {
            case BOOL -> "bool";
            case NUMBER -> isInteger((JsonNumber) value) ? "int" : "float";
            default -> "str";
        };
    }

    /** The bytes that are encrypted and hashed. */
    static byte[] plainBytes(Json value) {
        String text;
        if (value instanceof JsonBool bool) {
            text = bool.value() ? "True" : "False";
        } else if (value instanceof JsonNumber number) {
            text = isInteger(number) ? number.lexeme() : shortest(number.doubleValue());
        } else {
            String string = value.textOrNull();
            text = string == null ? "" : string;
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As in Go, where an integer beyond 64 bits is read as a float. */
    private static boolean isInteger(JsonNumber number) {
        String lexeme = number.lexeme();
        if (lexeme.indexOf('.') >= 0 || lexeme.indexOf('e') >= 0 || lexeme.indexOf('E') >= 0) {
            return false;
        }
        return lexeme.length() < 19 || (lexeme.length() <= 20 && new BigInteger(lexeme).bitLength() < Long.SIZE);
    }

    /** The shortest decimal that reads back, without an exponent. */
    private static String shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits <= 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                BigDecimal stripped = rounded.stripTrailingZeros();
                return stripped.signum() == 0 ? "0" : stripped.toPlainString();
            }
        }
        return exact.toPlainString();
    }
}
