package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.image.VerdictList;
import io.gitops4j.policy.psp.PodSecurityPolicies;
import io.gitops4j.policy.psp.PodSecurityPolicy;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.TaskRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The objects of files, policies and what they judge alike, read once, each with its place. */
final class PolicyFiles {
    /** An audit is of as many objects as there are. */
    private static final YamlReader READER = YamlReader.kubectl()
            .withLimits(Limits.builder().documents(1_000_000).build());

    private static final int LONG_FILE = 1 << 18;

    private final List<Manifest> objects = new ArrayList<>();
    private PolicyTexts texts = PolicyTexts.none();

    private PolicyFiles() {}

    static PolicyFiles read(List<Path> paths) throws IOException {
        return read(paths, TaskRunner.sequential());
    }

    /** Files that are long by themselves are spread by their documents, the others together by files. */
    static PolicyFiles read(List<Path> paths, TaskRunner tasks) throws IOException {
        PolicyFiles read = new PolicyFiles();
        List<Path> all = new ArrayList<>();
        for (Path path : paths) {
            all.addAll(ObjectFiles.files(path));
        }
        YamlReader spread = READER.withTasks(tasks);
        Map<String, String> texts = new LinkedHashMap<>();
        List<Supplier<Part>> together = new ArrayList<>();
        for (Path path : all) {
            String file = path.toString();
            String text = Files.readString(path);
            if (text.length() < LONG_FILE) {
                together.add(() -> new Part(file, text, READER.readPlaced(file, text)));
            } else {
                read.take(together, tasks, texts);
                read.take(new Part(file, text, spread.readPlaced(file, text)), texts);
            }
        }
        read.take(together, tasks, texts);
        read.texts = new PolicyTexts(texts);
        return read;
    }

    /** A file and what was read of it. */
    private record Part(String file, String text, Outcome<List<Manifest>> objects) {}

    private void take(List<Supplier<Part>> together, TaskRunner tasks, Map<String, String> texts) {
        tasks.<Part>run(together, part -> take(part, texts));
        together.clear();
    }

    private void take(Part part, Map<String, String> texts) {
        List<Manifest> found = part.objects().orThrow();
        objects.addAll(found);
        if (found.stream().anyMatch(PolicyFiles::isPolicy)) {
            texts.put(part.file(), part.text());
        }
    }

    /** The PodSecurityPolicies among the objects, {@code null} where there are none. */
    @Nullable
    PodSecurityPolicies podPolicies(List<Problem> problems) {
        List<PodSecurityPolicy> policies = new ArrayList<>();
        for (Manifest object : objects) {
            if (PodSecurityPolicy.isPolicy(object.body())) {
                Outcome<PodSecurityPolicy> policy = PodSecurityPolicy.parse(object.body());
                policy.value().ifPresent(policies::add);
                policy.problems()
                        .forEach(problem ->
                                problems.add(problem.at(object.origin().where())));
            }
        }
        return policies.isEmpty() ? null : new PodSecurityPolicies(policies);
    }

    private static boolean isPolicy(Manifest object) {
        String group = object.gvk().group();
        return group.endsWith("gatekeeper.sh")
                || group.endsWith(".k8s.io")
                || group.equals("policy")
                || group.equals("gitops4j.io");
    }

    List<Manifest> objects() {
        return objects;
    }

    List<JsonObject> bodies() {
        return objects.stream().map(Manifest::body).toList();
    }

    /** The texts of the files with policies, in which places are found. */
    PolicyTexts texts() {
        return texts;
    }

    /** The admission policies among the objects, which may refer to any of them. */
    AdmissionPolicies admissionPolicies() {
        return AdmissionPolicies.builder().addAll(objects, texts).build();
    }

    /** The exemptions among the objects. */
    List<Exemption> exemptions(List<Problem> problems) {
        List<Exemption> exemptions = new ArrayList<>();
        for (Manifest object : objects) {
            if (Exemption.isExemption(object.body())) {
                Outcome<Exemption> exemption = Exemption.parse(object.body());
                exemption.value().ifPresent(exemptions::add);
                exemption
                        .problems()
                        .forEach(problem ->
                                problems.add(problem.at(object.origin().where())));
            }
        }
        return exemptions;
    }

    /** The verdicts of a file, whose faults name their line. */
    static VerdictList verdicts(Path file) throws IOException {
        String text = Files.readString(file);
        JsonObject document = YamlReader.kubectl().read(file.toString(), text).orThrow() instanceof JsonObject object
                ? object
                : JsonObject.empty();
        Manifest placed = Manifest.trusted(document, Origin.file(file.toString(), 0));
        PolicyTexts texts = new PolicyTexts(Map.of(file.toString(), text));
        Outcome<VerdictList> list = VerdictList.parse(document);
        return list.ok()
                ? list.orThrow()
                : Outcome.<VerdictList>failed(list.problems().stream()
                                .map(problem -> problem.at(
                                        texts.field(placed, problem.where().file())))
                                .toList())
                        .orThrow();
    }
}
