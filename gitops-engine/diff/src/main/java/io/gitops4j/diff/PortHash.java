package io.gitops4j.diff;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The order of endpoint ports: servers sort them by the MD5 of their printed Go value, so that the order says nothing but is the
 * same everywhere.
 */
final class PortHash {
    private PortHash() {}

    static String of(Json port) {
        JsonObject object = port instanceof JsonObject o ? o : JsonObject.empty();
        String protocol = object.text("appProtocol");
        String printed = "(core.EndpointPort){Name:(string)\"" + object.text("name", "") + "\" Port:(int32)"
                + (object.get("port") == null ? "0" : object.get("port")) + " Protocol:(core.Protocol)\""
                + object.text("protocol", "") + "\" AppProtocol:(*string)"
                + (protocol == null ? "<nil>" : "\"" + protocol + "\"") + "}";
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(printed.getBytes(StandardCharsets.UTF_8));
            StringBuilder hex = new StringBuilder();
            for (byte b : digest) {
                hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
