package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Recipients of whom each can open what the group is given: the data key, or one share of it where there are several groups.
 * Source: secrets-dr-security §2.3.
 *
 * @param age age recipients
 * @param services keys of key services, wrapped by a {@link SopsKeyProvider}
 */
public record KeyGroup(List<String> age, List<Service> services) {

    /**
     * A key of a key service.
     *
     * @param type metadata list, such as {@code kms} or {@code pgp}
     * @param entry which key is meant, such as {@code {arn}} or {@code {fp}}
     */
    public record Service(String type, JsonObject entry) {}

    /** A group of these recipients. */
    public KeyGroup {
        age = List.copyOf(age);
        services = List.copyOf(services);
    }

    /** The group that metadata name. */
    static KeyGroup of(JsonObject metadata) {
        List<String> age = new ArrayList<>();
        List<Service> services = new ArrayList<>();
        for (String type : DataKey.TYPES) {
            for (Json item : metadata.array(type)) {
                JsonObject entry = item instanceof JsonObject known ? known : JsonObject.empty();
                if (type.equals("age")) {
                    age.add(entry.text("recipient", ""));
                } else {
                    services.add(new Service(type, entry.without("enc")));
                }
            }
        }
        return new KeyGroup(age, services);
    }

    /** A group of age recipients. */
    public static KeyGroup ofAge(List<String> recipients) {
        return new KeyGroup(recipients, List.of());
    }
}
