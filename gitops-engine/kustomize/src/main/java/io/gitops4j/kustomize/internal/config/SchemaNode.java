package io.gitops4j.kustomize.internal.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of the type at one place of an object: enough to know which lists merge and by which keys. */
public interface SchemaNode {

    /** The type of a field, or {@code null} where nothing is known. */
    @Nullable
    SchemaNode field(String name);

    /** The type of a list's elements, or {@code null}. */
    @Nullable
    SchemaNode items();

    /** Whether this is a list whose elements merge. */
    boolean merges();

    /** The fields that tell elements apart; empty for a list of scalars. */
    List<String> mergeKeys();
}
