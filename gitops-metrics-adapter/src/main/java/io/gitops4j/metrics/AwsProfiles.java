package io.gitops4j.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Credentials as AWS's own programs find them: the variables {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and
 * {@code AWS_SESSION_TOKEN}, and profiles of the shared credentials file. The file is read anew each time, so that keys may be
 * changed while a program runs.
 */
public final class AwsProfiles implements AwsCredentials.Source {
    private final Map<String, String> environment;
    private final Path file;

    /**
     * Credentials of this machine.
     *
     * @param environment its variables
     * @param home folder of the user, for {@code .aws/credentials}
     */
    public AwsProfiles(Map<String, String> environment, Path home) {
        this.environment = new LinkedHashMap<>(environment);
        String named = this.environment.getOrDefault("AWS_SHARED_CREDENTIALS_FILE", "");
        this.file = named.isEmpty() ? home.resolve(".aws").resolve("credentials") : Path.of(named);
    }

    @Override
    public Optional<AwsCredentials> of(String profile) {
        String key = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
        if (profile.isEmpty() && !key.isEmpty()) {
            return Optional.of(new AwsCredentials(
                    key,
                    environment.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
                    environment.getOrDefault("AWS_SESSION_TOKEN", "")));
        }
        String wanted = profile.isEmpty() ? environment.getOrDefault("AWS_PROFILE", "default") : profile;
        Map<String, String> values = section(wanted);
        return values.containsKey("aws_access_key_id")
                ? Optional.of(new AwsCredentials(
                        values.getOrDefault("aws_access_key_id", ""),
                        values.getOrDefault("aws_secret_access_key", ""),
                        values.getOrDefault("aws_session_token", "")))
                : Optional.empty();
    }

    private Map<String, String> section(String wanted) {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            String section = "";
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                int equals = text.indexOf('=');
                if (text.startsWith("[") && text.endsWith("]")) {
                    section = text.substring(1, text.length() - 1).strip();
                } else if (section.equals(wanted) && equals > 0 && !text.startsWith("#") && !text.startsWith(";")) {
                    values.put(
                            text.substring(0, equals).strip(),
                            text.substring(equals + 1).strip());
                }
            }
        } catch (IOException e) {
            // no such file: no such profile
            return new LinkedHashMap<>();
        }
        return values;
    }
}
