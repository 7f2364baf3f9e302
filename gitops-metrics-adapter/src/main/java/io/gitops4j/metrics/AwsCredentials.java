package io.gitops4j.metrics;

import java.util.Optional;

/**
 * What requests to AWS are signed with.
 *
 * @param accessKeyId names the key
 * @param secretAccessKey signs
 * @param sessionToken of temporary credentials, {@code ""} for none
 */
public record AwsCredentials(String accessKeyId, String secretAccessKey, String sessionToken) {

    /** Where credentials come from: the environment, a file, a service of the machine. */
    @FunctionalInterface
    public interface Source {

        /**
         * The credentials that are good now.
         *
         * @param profile which ones, {@code ""} for the usual ones
         */
        Optional<AwsCredentials> of(String profile);
    }

    /** The name of the key and nothing secret. */
    @Override
    public String toString() {
        return "AWS key " + accessKeyId;
    }
}
