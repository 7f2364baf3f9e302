package io.gitops4j.conformance.kustomize;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files of a case below {@code case/root}, so that paths may climb out of the root as they do on a disk. */
final class CaseTree implements SourceTree {
    static final String ROOT = "case/root";
    private final MemoryTree files;
    private final Set<String> directories = new LinkedHashSet<>();

    CaseTree(JsonObject one) {
        Map<String, Bytes> contents = new LinkedHashMap<>();
        one.object("files").forEach((path, content) -> contents.put(ROOT + "/" + path, bytes(content)));
        files = MemoryTree.of(contents);
        directories.add(ROOT);
        directories.add("case");
        for (Json directory : one.array("dirs")) {
            String path = ROOT + "/" + directory.textOrNull();
            while (path.contains("/")) {
                directories.add(path);
                path = path.substring(0, path.lastIndexOf('/'));
            }
        }
    }

    private static Bytes bytes(Json content) {
        String text = content.textOrNull();
        return text != null
                ? Bytes.utf8(text)
                : Bytes.of(Base64.getDecoder().decode(((JsonObject) content).text("b64", "")));
    }

    @Override
    public Entry entry(String path) {
        return directories.contains(path) ? Entry.DIRECTORY : files.entry(path);
    }

    @Override
    public Optional<Bytes> read(String path) {
        return files.read(path);
    }

    @Override
    public List<String> list(String path) {
        return files.list(path);
    }
}
