package io.gitops4j.source;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a commit.
 *
 * @param id full id
 * @param parents ids of the parents, first parent first
 * @param author name and address as in Git, {@code Name <address>}
 * @param time commit time
 * @param message whole message
 */
public record CommitInfo(String id, List<String> parents, String author, Instant time, String message) {

    /** A commit of these parts. */
    public CommitInfo {
        parents = List.copyOf(parents);
    }

    /** The first line of the message. */
    public String subject() {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
