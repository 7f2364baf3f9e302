package io.gitops4j.spi;

import io.gitops4j.problem.Outcome;
import io.gitops4j.source.Bytes;

/**
 * Fetches single files by URL. Whoever asks has checked the URL against its own list of what may be fetched; an implementation
 * must not go on to another place (a redirect) that it was not told to trust.
 */
public interface RemoteFiles {

    /**
     * The content at {@code url}. Problems: {@code REMOTE_URL} (no URL that can be fetched), {@code REMOTE_STATUS} (the server
     * answered with another status than 200), {@code REMOTE_UNREACHABLE}, {@code FILE_SIZE}.
     */
    Outcome<Bytes> fetch(String url);
}
