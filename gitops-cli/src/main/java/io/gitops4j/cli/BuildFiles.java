package io.gitops4j.cli;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.manifest.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The files of {@code build -o DIR}: one an object, named as {@code kustomize build} names them. */
final class BuildFiles {
    private BuildFiles() {}

    /** File name to text; the namespace leads the name where the objects stand in several. */
    static Map<String, String> of(List<Manifest> manifests) {
        TreeSet<String> namespaces = new TreeSet<>();
        for (Manifest manifest : manifests) {
            namespaces.add(namespace(manifest));
        }
        namespaces.remove("");
        Map<String, String> files = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            String namespace = namespace(manifest);
            String name = (namespaces.size() > 1 && !namespace.isEmpty() ? namespace + "_" : "") + base(manifest);
            files.merge(name, YamlWriter.write(manifest.body()), (a, b) -> a + "---\n" + b);
        }
        return files;
    }

    private static String namespace(Manifest manifest) {
        return manifest.key().namespace();
    }

    private static String base(Manifest manifest) {
        String type = manifest.apiVersion().replace('/', '_') + "_" + manifest.kind();
        return (type + "_" + manifest.name()).toLowerCase(Locale.ROOT).replace('/', '_') + ".yaml";
    }
}
