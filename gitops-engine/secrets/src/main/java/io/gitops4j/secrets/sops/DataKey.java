package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the data key of a document with the identities at hand. Source: secrets-dr-security §2.3. */
final class DataKey {
    static final List<String> TYPES = List.of("age", "pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms");
    private static final int ENTRIES = 64;
    private static final int ENTRY_LENGTH = 64 << 10;
    private static final int KEY = 32;

    private final List<AgeIdentity> identities;
    private final List<SopsKeyProvider> providers;

    DataKey(List<AgeIdentity> identities, List<SopsKeyProvider> providers) {
        this.identities = identities;
        this.providers = providers;
    }

    byte[] find(JsonObject metadata) {
        JsonArray groups = metadata.array("key_groups");
        return groups.isEmpty() ? checked(fromGroup(metadata, KEY), metadata) : fromGroups(groups, metadata);
    }

    private byte[] fromGroups(JsonArray groups, JsonObject metadata) {
        int threshold = metadata.get("shamir_threshold") instanceof JsonNumber number ? number.intValueOr(0) : 0;
        int needed = threshold <= 0 ? groups.size() : threshold;
        if (groups.size() == 1) {
            return checked(fromGroup(groups.get(0), KEY), metadata);
        }
        List<byte[]> shares = new ArrayList<>();
        for (Json group : groups) {
            byte[] share = fromGroup(group, KEY + 1);
            if (share != null && share.length == KEY + 1 && shares.size() < needed) {
                shares.add(share);
            }
        }
        return checked(shares.size() < needed ? null : Shamir.combine(shares), metadata);
    }

    private static byte[] checked(byte @Nullable [] key, JsonObject metadata) {
        if (key == null) {
            throw new Refusal(
                    "NO_IDENTITY",
                    "none of the identities opens the document; its recipients: " + recipients(metadata));
        }
        if (key.length != KEY) {
            throw new Refusal("BAD_DATA_KEY", "the data key has " + key.length + " bytes, not " + KEY);
        }
        return key;
    }

    private byte @Nullable [] fromGroup(Json group, int length) {
        if (!(group instanceof JsonObject object)) {
            throw new Refusal("BAD_METADATA", "a key group is not a mapping");
        }
        int entries = 0;
        byte[] other = null;
        for (String type : TYPES) {
            for (Json item : object.array(type)) {
                if (++entries > ENTRIES || !(item instanceof JsonObject entry) || tooLong(entry)) {
                    throw new Refusal("METADATA_LIMIT", "sops has more or larger key entries than allowed");
                }
                byte[] key = unwrap(type, entry);
                if (key != null && key.length == length) {
                    return key;
                }
                other = key == null ? other : key;
            }
        }
        if (entries == 0) {
            throw new Refusal("BAD_METADATA", "sops names no recipient");
        }
        return other;
    }

    private static boolean tooLong(JsonObject entry) {
        return entry.text("enc", "").length() > ENTRY_LENGTH;
    }

    private byte @Nullable [] unwrap(String type, JsonObject entry) {
        if (type.equals("age")) {
            Outcome<SecretValue> opened = Age.decrypt(Bytes.utf8(entry.text("enc", "")), identities);
            return opened.value().map(SecretValue::reveal).orElse(null);
        }
        for (SopsKeyProvider provider : providers) {
            if (provider.types().contains(type)) {
                byte[] key = provider.unwrap(type, entry)
                        .value()
                        .map(SecretValue::reveal)
                        .orElse(null);
                if (key != null) {
                    return key;
                }
            }
        }
        return null;
    }

    private static String recipients(JsonObject metadata) {
        List<String> names = new ArrayList<>();
        collect(metadata, names);
        for (Json group : metadata.array("key_groups")) {
            collect(group, names);
        }
        return String.join(", ", names);
    }

    private static void collect(Json group, List<String> names) {
        if (!(group instanceof JsonObject object)) {
            return;
        }
        for (String type : TYPES) {
            for (Json item : object.array(type)) {
                JsonObject entry = item instanceof JsonObject known ? known : JsonObject.empty();
                String name = entry.text("recipient", entry.text("fp", entry.text("arn", type)));
                if (names.size() < 20) {
                    names.add(name);
                }
            }
        }
    }
}
