package io.gitops4j.engine;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.policy.gatekeeper.GatekeeperGate;
import io.gitops4j.policy.image.ImageAttestor;
import io.gitops4j.policy.image.ImageRules;
import io.gitops4j.policy.psp.PodSecurityPolicy;
import io.gitops4j.policy.psp.PodSecurityPolicyGate;
import io.gitops4j.policy.pss.PodSecurityConfiguration;
import io.gitops4j.policy.pss.PodSecurityGate;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.PlanGate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policies that stand in a folder of the repository itself, read at the same commit as what they judge: constraint templates,
 * constraints, expansion templates, PodSecurityPolicies, {@link PodSecurityConfiguration} for the Pod Security labels of namespaces,
 * {@link ImageRules ImageVerdicts}, {@link Exemption exemptions} from any of them, and what further {@link Reader readers} know. Other objects in the
 * folder (suites, samples, overlays) are left alone; a policy that cannot be read or compiled lets no plan pass.
 *
 * <p>The gates of a folder that has not changed are not built again. Immutable but for that memory of one folder.
 */
public final class RepositoryPolicies {
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
    private final @Nullable ImageAttestor attestor;
    private final List<Reader> readers;
    private final Limits limits;
    private volatile @Nullable Known known;

    private record Known(String contentId, InstantSource clock, List<PlanGate> gates) {}

    private RepositoryPolicies(Builder builder) {
        folder = builder.folder;
        acceptDenyHeads = builder.acceptDenyHeads;
        cel = builder.cel;
        attestor = builder.attestor;
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
        Built built = build(tree, clock);
        if (built.problems().stream().anyMatch(Problem::isError)) {
            return Outcome.failed(built.problems());
        }
        if (!id.isEmpty() && built.problems().isEmpty()) {
            known = new Known(id, clock, built.gates());
        }
        return Outcome.of(built.gates(), built.problems());
    }

    /**
     * The gates that could be made, beside the problems of those that could not.
     *
     * @param unsaid the problems that no gate says
     */
    private record Built(List<PlanGate> gates, List<Problem> problems, List<Problem> unsaid) {}

    private Built build(SourceTree tree, InstantSource clock) {
        PolicyFolder read = PolicyFolder.read(tree, folder, limits);
        List<Manifest> manifests = read.manifests();
        List<Problem> problems = new ArrayList<>(read.problems());
        PolicyTexts texts = read.texts();
        Enforcement enforcement = Enforcement.with(exemptions(manifests, problems), clock);
        List<PlanGate> gates = new ArrayList<>();
        Gatekeeper.Builder builder = Gatekeeper.builder()
                .acceptDenyHeads(acceptDenyHeads)
                .limits(limits)
                .texts(texts);
        if (cel != null) {
            builder.cel(cel);
        }
        ImageAttestor attestor = images(manifests, texts, clock, enforcement, gates, problems);
        if (attestor != null) {
            builder.builtins(List.of(attestor.builtin()));
        }
        if (tree.entry(folder) != SourceTree.Entry.MISSING) {
            gates.add(podSecurity(manifests, texts, problems).with(enforcement));
        }
        Gatekeeper gatekeeper = builder.addManifests(manifests).build();
        boolean constrains = gatekeeper.constraints() > 0;
        if (constrains) {
            gates.add(new GatekeeperGate(gatekeeper, enforcement));
        }
        // the gate says its own
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
        List<Problem> unsaid = new ArrayList<>(problems);
        if (constrains) {
            unsaid.removeAll(gatekeeper.problems());
        }
        return new Built(List.copyOf(gates), List.copyOf(problems), List.copyOf(unsaid));
    }

    /** Who knows about images: the verdicts of the folder, else the host's; with the gates that ask. */
    private @Nullable ImageAttestor images(
            List<Manifest> manifests,
            PolicyTexts texts,
            InstantSource clock,
            Enforcement enforcement,
            List<PlanGate> gates,
            List<Problem> problems) {
        if (manifests.stream().noneMatch(manifest -> ImageRules.isVerdicts(manifest.body()))) {
            return attestor;
        }
        Outcome<ImageRules> rules = ImageRules.parse(manifests, texts, clock);
        problems.addAll(rules.problems());
        ImageRules found = rules.orNull();
        if (found == null) {
            // what asks for verdicts compiles; nothing passes for the problem above
            return image -> ImageAttestor.Attestation.unknown();
        }
        gates.add(found.gate(enforcement));
        return found.attestor();
    }

    /** Namespaces may stand beside the policies, and the configuration of the admission plugin. */
    private static PodSecurityGate podSecurity(List<Manifest> manifests, PolicyTexts texts, List<Problem> problems) {
        PodSecurityConfiguration configuration = PodSecurityConfiguration.none();
        Manifest first = null;
        for (Manifest manifest : manifests) {
            if (!PodSecurityConfiguration.isConfiguration(manifest.body())) {
                continue;
            }
            if (first != null) {
                problems.add(Problem.error(
                                "POD_SECURITY_CONFIGURATION",
                                "a second configuration of Pod Security; the first is at "
                                        + first.origin().where().place())
                        .at(manifest.origin().where()));
            }
            first = manifest;
            Outcome<PodSecurityConfiguration> parsed = PodSecurityConfiguration.parse(manifest.body());
            parsed.problems()
                    .forEach(problem -> problems.add(
                            problem.at(texts.field(manifest, problem.where().file()))));
            configuration = parsed.value().orElse(configuration);
        }
        return PodSecurityGate.configured(configuration).knowing(manifests);
    }

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

    /** As {@link #gates}; a policy that is refused is a gate that lets nothing pass, beside those of the other policies. */
    List<PlanGate> gatesOrRefusal(Outcome<SourceTree> tree, InstantSource clock) {
        Outcome<List<PlanGate>> made = tree.then(found -> gates(found, clock));
        SourceTree found = tree.orNull();
        List<PlanGate> gates = new ArrayList<>();
        List<Problem> unsaid = made.problems();
        if (made.ok()) {
            gates.addAll(made.orThrow());
        } else if (found != null) {
            Built built = build(found, clock);
            gates.addAll(built.gates());
            unsaid = built.unsaid();
        }
        if (!unsaid.isEmpty()) {
            gates.add(new SaidGate("policies of the repository", unsaid));
        }
        return gates;
    }

    /** Collects the choices. */
    public static final class Builder {
        private final String folder;
        private boolean acceptDenyHeads;
        private @Nullable CelEngine cel;
        private @Nullable ImageAttestor attestor;
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

        /** Who answers {@code image.attestation} in Rego, where the folder holds no {@code ImageVerdicts} of its own. */
        public Builder images(ImageAttestor host) {
            attestor = host;
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
