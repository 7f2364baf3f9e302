package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.sync.Kinds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an Application wants, at one commit of each source.
 *
 * @param application the Application
 * @param manifests the objects of all sources in order; of one key given twice the last counts
 * @param revisions the commit of each source, in the order of the sources
 * @param filesRead {@code URL//path} to content id of every file that the result depends on
 */
public record RenderedApplication(
        Application application, List<Manifest> manifests, List<String> revisions, Map<String, String> filesRead) {

    /** A result of these parts. */
    public RenderedApplication {
        manifests = List.copyOf(manifests);
        revisions = List.copyOf(revisions);
        filesRead = Collections.unmodifiableMap(new LinkedHashMap<>(filesRead));
    }

    /** The same objects for another form of the Application, such as one with a newer status. */
    RenderedApplication of(Application form) {
        return form == application ? this : new RenderedApplication(form, manifests, revisions, filesRead);
    }

    /** The revisions as one text: the commit, or all of them with commas between. */
    public String revision() {
        return String.join(",", revisions);
    }

    /** The keys of the objects that a plan looks at, whoever owns them. */
    List<ResourceKey> keys(Kinds kinds) {
        String namespace = application.destination().namespace();
        List<ResourceKey> keys = new ArrayList<>();
        for (Manifest manifest : manifests) {
            ResourceKey key = manifest.key();
            boolean needsNamespace = key.namespace().isEmpty() && kinds.namespaced(manifest.gvk());
            keys.add(needsNamespace ? key.inNamespace(namespace) : key);
        }
        keys.add(new ResourceKey("", "Namespace", "", namespace));
        return keys;
    }
}
