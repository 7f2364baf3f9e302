package io.gitops4j.git;

import java.util.List;

/**
 * What is fetched of a remote repository, and how.
 *
 * @param timeoutSeconds without an answer
 * @param depth commits of each branch; 0 for all
 * @param largestBlob bytes; larger files are left at the server where it can leave them out. Negative for no bound
 * @param branches short names; empty for all
 * @param knownHosts text of a known-hosts file
 */
record FetchSettings(int timeoutSeconds, int depth, long largestBlob, List<String> branches, String knownHosts) {}
