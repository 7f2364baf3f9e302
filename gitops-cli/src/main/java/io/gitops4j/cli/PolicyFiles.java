package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.image.VerdictList;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The objects of files, policies and what they judge alike, read once, each with its place. */
final class PolicyFiles {
    /** An audit is of as many objects as there are. */
    private static final YamlReader READER = YamlReader.kubectl()
            .withLimits(Limits.builder().documents(1_000_000).build());

    private final List<Manifest> objects = new ArrayList<>();
    private final Map<String, Path> files = new LinkedHashMap<>();

    private PolicyFiles() {}

    static PolicyFiles read(List<Path> paths) throws IOException {
        PolicyFiles read = new PolicyFiles();
        for (Path path : paths) {
            for (Path file : ObjectFiles.files(path)) {
                read.files.put(file.toString(), file);
                read.objects.addAll(READER.readPlaced(file.toString(), Files.readString(file))
                        .orThrow());
            }
        }
        return read;
    }

    List<Manifest> objects() {
        return objects;
    }

    List<JsonObject> bodies() {
        return objects.stream().map(Manifest::body).toList();
    }

    /** The admission policies among the objects, which may refer to any of them. */
    AdmissionPolicies admissionPolicies() throws IOException {
        AdmissionPolicies.Builder builder = AdmissionPolicies.builder();
        for (Manifest object : objects) {
            if (AdmissionPolicies.isPolicy(object.body())) {
                String file = object.origin().file();
                String text = Files.readString(files.getOrDefault(file, Path.of(file)));
                builder.add(object.body(), file, text, object.origin().document());
            } else {
                builder.refer(object.body());
            }
        }
        return builder.build();
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

    static VerdictList verdicts(Path file) throws IOException {
        return YamlReader.kubectl()
                .read(file.toString(), Files.readString(file))
                .then(json -> VerdictList.parse(json instanceof JsonObject object ? object : JsonObject.empty()))
                .orThrow();
    }
}
