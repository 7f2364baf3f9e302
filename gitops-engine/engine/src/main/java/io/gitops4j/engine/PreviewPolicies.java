package io.gitops4j.engine;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.diff.SecretMask;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The policies that a repository itself holds, at two of its commits. */
final class PreviewPolicies {
    private final String folder;
    private final UnaryOperator<Gatekeeper.Builder> client;
    private final Limits limits;

    PreviewPolicies(String folder, UnaryOperator<Gatekeeper.Builder> client, Limits limits) {
        this.folder = folder;
        this.client = client;
        this.limits = limits;
    }

    Judges of(SourceTree before, SourceTree after) {
        boolean same = before.contentId(folder).equals(after.contentId(folder));
        Gatekeeper old = read(before);
        return new Judges(old, same ? old : read(after), same);
    }

    private Gatekeeper read(SourceTree tree) {
        Gatekeeper.Builder builder = client.apply(Gatekeeper.builder().limits(limits));
        List<JsonObject> objects = new ArrayList<>();
        if (tree.entry(folder) == SourceTree.Entry.DIRECTORY) {
            walk(tree, folder, 0, objects);
        }
        return builder.addAll(objects).build();
    }

    private void walk(SourceTree tree, String path, int depth, List<JsonObject> objects) {
        if (depth > limits.depth()) {
            return;
        }
        for (String name : tree.list(path)) {
            String child = path + "/" + name;
            SourceTree.Entry entry = tree.entry(child);
            if (entry == SourceTree.Entry.DIRECTORY) {
                walk(tree, child, depth + 1, objects);
            } else if (entry == SourceTree.Entry.FILE && (name.endsWith(".yaml") || name.endsWith(".yml"))) {
                try {
                    String text = tree.read(child).map(Bytes::utf8).orElse("");
                    Outcome<List<Manifest>> read =
                            YamlReader.git().withLimits(limits).readManifests(child, text);
                    read.value().ifPresent(found -> found.forEach(manifest -> objects.add(manifest.body())));
                } catch (GitOpsException unreadable) {
                    // a file that is no text holds no policy
                }
            }
        }
    }

    /** The policies of both commits. */
    static final class Judges {
        private final Gatekeeper before;
        private final Gatekeeper after;
        private final boolean same;

        Judges(Gatekeeper before, Gatekeeper after, boolean same) {
            this.before = before;
            this.after = after;
            this.same = same;
        }

        boolean areTheSame() {
            return same;
        }

        /** What the policies say of the objects at the head and did not say at the base, by object. */
        List<Problem> newViolations(Map<ResourceKey, Manifest> was, Map<ResourceKey, Manifest> is) {
            List<Problem> found = new ArrayList<>(after.problems());
            found.removeAll(before.problems());
            for (Map.Entry<ResourceKey, Manifest> each : is.entrySet()) {
                TreeSet<String> known = new TreeSet<>();
                Manifest old = was.get(each.getKey());
                if (old != null) {
                    before.review(shown(old)).forEach(violation -> known.add(text(each.getKey(), old, violation)));
                }
                for (Violation violation : after.review(shown(each.getValue()))) {
                    String text = text(each.getKey(), each.getValue(), violation);
                    if (known.add(text)) {
                        found.add(
                                violation.denies()
                                        ? Problem.error("POLICY_VIOLATION", text)
                                        : Problem.warning("POLICY_VIOLATION", text));
                    }
                }
            }
            return List.copyOf(found);
        }

        /** The object as policies see it: the values of Secrets masked. */
        private static JsonObject shown(Manifest manifest) {
            return SecretMask.isSecret(manifest.body()) ? SecretMask.mask(manifest.body()) : manifest.body();
        }

        /** The policy's words, but not those about an object into which secrets were put, since they may quote them. */
        private static String text(ResourceKey key, Manifest manifest, Violation violation) {
            boolean hidden = manifest.holdsSecrets() && !SecretMask.isSecret(manifest.body());
            return key + ": [" + violation.policy() + "] " + (hidden ? "is violated" : violation.message());
        }
    }
}
