package io.gitops4j.engine;

import io.gitops4j.codec.SourceText;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.policy.gatekeeper.GatekeeperGate;
import io.gitops4j.policy.psp.PodSecurityPolicy;
import io.gitops4j.policy.psp.PodSecurityPolicyGate;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.PlanGate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policies that stand in a folder of the repository itself, read at the same commit as what they judge: constraint templates,
 * constraints, expansion templates, PodSecurityPolicies, {@link Exemption exemptions} from any of them, and what further {@link Reader readers} know. Other objects in the
 * folder (suites, samples, overlays) are left alone; a policy that cannot be read or compiled lets no plan pass.
 *
 * <p>The gates of a folder that has not changed are not built again. Immutable but for that memory of one folder.
 */
public final class RepositoryPolicies {
    private static final int DEEPEST = 20;

    /** Makes gates of policies that this module does not know. */
    public interface Reader {

        /**
         * The gate of those among {@code manifests} that are such policies; {@code null} when there are none.
         *
         * @param texts of the files, for the places of problems
         * @param enforcement knows the exemptions
         */
        @Nullable
        PlanGate gate(List<Manifest> manifests, PolicyTexts texts, Enforcement enforcement);
    }

    private final String folder;
    private final boolean acceptDenyHeads;
    private final @Nullable CelEngine cel;
    private final List<Reader> readers;
    private final Limits limits;
    private volatile @Nullable Known known;

    private record Known(String contentId, InstantSource clock, List<PlanGate> gates) {}

    private RepositoryPolicies(Builder builder) {
        folder = builder.folder;
        acceptDenyHeads = builder.acceptDenyHeads;
        cel = builder.cel;
        readers = List.copyOf(builder.readers);
        limits = builder.limits;
    }

    /** Begins with the policies of a folder, such as {@code policies}. */
    public static Builder in(String folder) {
        return new Builder(folder);
    }

    /** The folder, relative to the root of the repository. */
    public String folder() {
        return folder;
    }

    /**
     * The gates that the folder of {@code tree} makes, none where there is no such folder. Problems: those of reading YAML,
     * {@code TEMPLATE_INVALID} and its like of building; with any of them nothing may pass.
     */
    public Outcome<List<PlanGate>> gates(SourceTree tree) {
        return gates(tree, () -> Instant.MAX);
    }

    /** As {@link #gates(SourceTree)}, with exemptions that count until they expire by {@code clock}; without a clock all have expired. */
    public Outcome<List<PlanGate>> gates(SourceTree tree, InstantSource clock) {
        String id = tree.contentId(folder).orElse("");
        Known before = known;
        if (before != null && !id.isEmpty() && before.contentId().equals(id) && before.clock() == clock) {
            return Outcome.of(before.gates());
        }
        List<Problem> problems = new ArrayList<>();
        List<Manifest> manifests = new ArrayList<>();
        Map<String, String> read = new LinkedHashMap<>();
        read(tree, folder, 0, new Found(manifests, read), problems);
        PolicyTexts texts = new PolicyTexts(read);
        Enforcement enforcement = Enforcement.with(exemptions(manifests, problems), clock);
        List<PlanGate> gates = new ArrayList<>();
        Gatekeeper.Builder builder =
                Gatekeeper.builder().acceptDenyHeads(acceptDenyHeads).limits(limits).texts(texts);
        if (cel != null) {
            builder.cel(cel);
        }
        Gatekeeper gatekeeper = builder.addManifests(manifests).build();
        boolean constrains = gatekeeper.constraints() > 0;
        if (constrains) {
            gates.add(new GatekeeperGate(gatekeeper, enforcement));
        }
        // the gate says its own warnings
        gatekeeper.problems().stream()
                .filter(problem -> !constrains || problem.isError())
                .forEach(problems::add);
        List<PodSecurityPolicy> podPolicies = new ArrayList<>();
        for (Manifest manifest : manifests) {
            if (PodSecurityPolicy.isPolicy(manifest.body())) {
                Outcome<PodSecurityPolicy> policy = PodSecurityPolicy.parse(manifest.body());
                policy.value().ifPresent(podPolicies::add);
                policy.problems().forEach(problem -> problems.add(placed(problem, manifest)));
            }
        }
        if (!podPolicies.isEmpty()) {
            gates.add(new PodSecurityPolicyGate(podPolicies, enforcement));
        }
        for (Reader reader : readers) {
            PlanGate gate = reader.gate(manifests, texts, enforcement);
            if (gate != null) {
                gates.add(gate);
            }
        }
        if (problems.stream().anyMatch(Problem::isError)) {
            return Outcome.failed(problems);
        }
        if (!id.isEmpty() && problems.isEmpty()) {
            known = new Known(id, clock, List.copyOf(gates));
        }
        return Outcome.of(List.copyOf(gates), problems);
    }

    /** What was read: objects, and the texts that hold them by file. */
    private record Found(List<Manifest> manifests, Map<String, String> texts) {}

    private static Exemptions exemptions(List<Manifest> manifests, List<Problem> problems) {
        List<Exemption> exemptions = new ArrayList<>();
        for (Manifest manifest : manifests) {
            if (Exemption.isExemption(manifest.body())) {
                Outcome<Exemption> exemption = Exemption.parse(manifest.body());
                exemption.value().ifPresent(exemptions::add);
                exemption.problems().forEach(problem -> problems.add(placed(problem, manifest)));
            }
        }
        return new Exemptions(exemptions);
    }

    private static Problem placed(Problem problem, Manifest manifest) {
        return problem.where().file().isEmpty() ? problem.at(manifest.origin().where()) : problem;
    }

    private void read(SourceTree tree, String path, int depth, Found found, List<Problem> problems) {
        switch (tree.entry(path)) {
            case DIRECTORY -> {
                if (depth == DEEPEST) {
                    problems.add(Problem.error("DEPTH_LIMIT", "folders deeper than " + DEEPEST + " below " + folder)
                            .at(Where.file(path)));
                    return;
                }
                for (String name : tree.list(path)) {
                    read(tree, path.isEmpty() ? name : path + "/" + name, depth + 1, found, problems);
                }
            }
            case FILE -> {
                if (isYaml(path)) {
                    readFile(path, tree.read(path).orElse(Bytes.utf8("")), found, problems);
                }
            }
            case SYMLINK, SUBMODULE, MISSING -> {
                // what lies elsewhere is not part of this commit
            }
        }
    }

    private void readFile(String path, Bytes content, Found found, List<Problem> problems) {
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
                found.manifests().add(document);
                found.texts().put(path, decoded.orThrow());
            }
        }
    }

    private static boolean isYaml(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
    }

    /** As {@link #gates}; a refusal is a gate that lets nothing pass. */
    List<PlanGate> gatesOrRefusal(Outcome<SourceTree> tree, InstantSource clock) {
        Outcome<List<PlanGate>> made = tree.then(found -> gates(found, clock));
        List<PlanGate> gates = new ArrayList<>(made.value().orElse(List.of()));
        if (!made.problems().isEmpty()) {
            gates.add(new SaidGate("policies of the repository", made.problems()));
        }
        return gates;
    }

    /** Collects the choices. */
    public static final class Builder {
        private final String folder;
        private boolean acceptDenyHeads;
        private @Nullable CelEngine cel;
        private final List<Reader> readers = new ArrayList<>();
        private Limits limits = Limits.defaults();

        private Builder(String folder) {
            this.folder = folder;
        }

        /** Takes {@code deny} heads of templates for {@code violation}, with a warning. Off by default. */
        public Builder acceptDenyHeads(boolean accepted) {
            acceptDenyHeads = accepted;
            return this;
        }

        /** The engine for templates in CEL; without one such templates are refused. */
        public Builder cel(CelEngine engine) {
            cel = engine;
            return this;
        }

        /** Adds a reader of further policies. */
        public Builder reader(Reader reader) {
            readers.add(reader);
            return this;
        }

        /** Other bounds. */
        public Builder limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        /** The policies. */
        public RepositoryPolicies build() {
            return new RepositoryPolicies(this);
        }
    }
}
