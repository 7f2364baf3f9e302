package io.gitops4j.policy.image;

import java.util.List;

/**
 * The name of an image in full, as a container runtime completes it: {@code nginx} is {@code docker.io/library/nginx:latest}.
 *
 * @param repository with its registry
 * @param tag {@code ""} when it is named by its digest alone
 * @param digest {@code sha256:…}, {@code ""} when there is none
 */
record ImageReference(String repository, String tag, String digest) {

    static ImageReference of(String image) {
        int at = image.indexOf('@');
        String digest = at < 0 ? "" : image.substring(at + 1);
        String name = at < 0 ? image : image.substring(0, at);
        int slash = name.lastIndexOf('/');
        int colon = name.lastIndexOf(':');
        String tag = colon > slash ? name.substring(colon + 1) : digest.isEmpty() ? "latest" : "";
        return new ImageReference(complete(colon > slash ? name.substring(0, colon) : name), tag, digest);
    }

    private static String complete(String repository) {
        int slash = repository.indexOf('/');
        String head = slash < 0 ? "" : repository.substring(0, slash);
        boolean registry = head.contains(".") || head.contains(":") || head.equals("localhost");
        if (!registry) {
            return "docker.io/" + (slash < 0 ? "library/" : "") + repository;
        }
        boolean dockerHub =
                List.of("docker.io", "index.docker.io", "registry-1.docker.io").contains(head);
        String rest = repository.substring(slash + 1);
        return dockerHub ? "docker.io/" + (rest.contains("/") ? "" : "library/") + rest : repository;
    }

    /** What identifies it: the digest where it has one, whatever the tag, since a tag may be moved. */
    String identity() {
        return repository + (digest.isEmpty() ? ":" + tag : "@" + digest);
    }

    /** Why the digest is none, {@code ""} when it is one or is not there. */
    String badDigest() {
        return digest.isEmpty() || digest.matches("[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-zA-Z=_-]+")
                ? ""
                : "\"" + digest + "\" is no digest";
    }
}
