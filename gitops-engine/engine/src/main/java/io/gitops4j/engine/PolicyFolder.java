package io.gitops4j.engine;

import io.gitops4j.codec.SourceText;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The objects of a folder of policies, with the texts of their files and what could not be read. */
final class PolicyFolder {
    private static final int DEEPEST = 20;

    private final Limits limits;
    private final String folder;
    private final List<Manifest> manifests = new ArrayList<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private PolicyFolder(String folder, Limits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    static PolicyFolder read(SourceTree tree, String folder, Limits limits) {
        PolicyFolder read = new PolicyFolder(folder, limits);
        read.read(tree, folder, 0);
        return read;
    }

    List<Manifest> manifests() {
        return List.copyOf(manifests);
    }

    PolicyTexts texts() {
        return new PolicyTexts(texts);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    private void read(SourceTree tree, String path, int depth) {
        switch (tree.entry(path)) {
            case DIRECTORY -> {
                if (depth == DEEPEST) {
                    problems.add(Problem.error("DEPTH_LIMIT", "folders deeper than " + DEEPEST + " below " + folder)
                            .at(Where.file(path)));
                    return;
                }
                for (String name : tree.list(path)) {
                    read(tree, path.isEmpty() ? name : path + "/" + name, depth + 1);
                }
            }
            case FILE -> {
                if (isYaml(path)) {
                    readFile(path, tree.read(path).orElse(Bytes.utf8("")));
                }
            }
            case SYMLINK, SUBMODULE, MISSING -> {
                // what lies elsewhere is not part of this commit
            }
        }
    }

    private void readFile(String path, Bytes content) {
        if (content.length() > limits.fileBytes()) {
            problems.add(Problem.error("FILE_SIZE", path + " is larger than " + limits.fileBytes() + " bytes")
                    .at(Where.file(path)));
            return;
        }
        Outcome<String> decoded = SourceText.decode(path, content);
        Outcome<List<Manifest>> documents =
                decoded.then(text -> YamlReader.git().withLimits(limits).readMappings(path, text));
        problems.addAll(documents.errors());
        for (Manifest document : documents.value().orElse(List.of())) {
            if (document.body().has("kind") && document.body().has("apiVersion")) {
                manifests.add(document);
                texts.put(path, decoded.orThrow());
            }
        }
    }

    private static boolean isYaml(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
    }
}
