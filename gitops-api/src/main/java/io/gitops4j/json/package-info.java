/**
 * The one tree of the project: an immutable JSON value. Start with {@link io.gitops4j.json.Json}. Parsing and printing of
 * files lives in the codec of {@code gitops-manifest}; nothing here reads a stream.
 */
@NullMarked
package io.gitops4j.json;

import org.jspecify.annotations.NullMarked;
