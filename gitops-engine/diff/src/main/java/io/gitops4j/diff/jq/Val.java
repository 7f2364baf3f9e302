package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way, and the path that leads to it where paths are asked for.
 *
 * @param value the value
 * @param path {@code null}: nobody asks; {@link Path#LOST}: it was made, not found
 */
record Val(Json value, @Nullable Path path) {

    static Val plain(Json value) {
        return new Val(value, null);
    }

    static Val root(Json value) {
        return new Val(value, Path.ROOT);
    }

    Val untracked() {
        return path == null ? this : plain(value);
    }

    /** A value made here. */
    Val made(Json other) {
        return new Val(other, path == null ? null : Path.LOST);
    }

    /** The value one step on. */
    Val step(Json token, Json other) {
        if (path == null) {
            return plain(other);
        }
        if (path == Path.LOST) {
            throw new JqError("invalid path against: " + value.toJson());
        }
        return new Val(other, new Path(path, token));
    }

    /** Steps from the root. */
    record Path(@Nullable Path parent, Json token) {
        static final Path ROOT = new Path(null, Json.nul());
        static final Path LOST = new Path(null, Json.nul());

        List<Json> tokens() {
            List<Json> tokens = new ArrayList<>();
            for (Path at = this; at.parent != null; at = at.parent) {
                tokens.add(at.token);
            }
            Collections.reverse(tokens);
            return tokens;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    List<Json> tokens() {
        if (path == null || path == Path.LOST) {
            throw new JqError("invalid path: " + value.toJson());
        }
        return path.tokens();
    }
}
