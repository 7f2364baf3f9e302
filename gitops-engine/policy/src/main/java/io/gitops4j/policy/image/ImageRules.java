package io.gitops4j.policy.image;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.pod.PodView;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Verdicts on images that stand in a repository, and what is asked of images: an object {@code ImageVerdicts} of
 * {@code gitops4j.io/v1alpha1} with the {@code images} of a {@link VerdictList} and {@code spec: {scan: required|optional, signers: [key]}}.
 * Several objects are one list; every signer that one of them names counts.
 */
public final class ImageRules {
    private final VerdictList verdicts;
    private final boolean scanned;
    private final List<String> signers;

    private ImageRules(VerdictList verdicts, boolean scanned, List<String> signers) {
        this.verdicts = verdicts;
        this.scanned = scanned;
        this.signers = List.copyOf(signers);
    }

    /** Whether an object is a list of verdicts. */
    public static boolean isVerdicts(JsonObject object) {
        return object.text("kind", "").equals("ImageVerdicts")
                && object.text("apiVersion", "").startsWith("gitops4j.io/");
    }

    /**
     * The rules among manifests. Problem {@code VERDICTS_INVALID} at its place: then there are no verdicts at all.
     *
     * @param clock by which verdicts expire
     */
    public static Outcome<ImageRules> parse(List<Manifest> manifests, PolicyTexts texts, InstantSource clock) {
        JsonArray.Builder images = JsonArray.builder();
        List<Where> places = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        List<String> signers = new ArrayList<>();
        boolean scanned = false;
        for (Manifest manifest : manifests) {
            JsonObject body = manifest.body();
            if (!isVerdicts(body)) {
                continue;
            }
            JsonObject spec = body.object("spec");
            String scan = spec.text("scan", spec.has("scan") ? "" : "required");
            if (!List.of("required", "optional").contains(scan)) {
                problems.add(Problem.error("VERDICTS_INVALID", "spec.scan is neither required nor optional")
                        .at(texts.field(manifest, "spec.scan")));
            }
            scanned |= !scan.equals("optional");
            signers.addAll(PodView.texts(spec, "signers"));
            Outcome<VerdictList> own = VerdictList.parse(body);
            own.problems()
                    .forEach(problem -> problems.add(
                            problem.at(texts.field(manifest, problem.where().file()))));
            JsonArray entries = body.array("images");
            for (int i = 0; i < entries.size(); i++) {
                images.add(entries.get(i));
                places.add(texts.field(manifest, "images[" + i + "]"));
            }
        }
        if (!problems.isEmpty()) {
            return Outcome.failed(problems);
        }
        boolean wanted = scanned;
        Outcome<VerdictList> all = VerdictList.parse(JsonObject.of("images", (Json) images.build()));
        return all.ok()
                ? all.map(list -> new ImageRules(list.asOf(clock), wanted, signers))
                : Outcome.failed(all.problems().stream()
                        .map(problem ->
                                problem.at(places.get(index(problem.where().file()))))
                        .toList());
    }

    private static int index(String path) {
        return Integer.parseInt(path.substring(path.indexOf('[') + 1, path.indexOf(']')));
    }

    /** Knows the verdicts. */
    public ImageAttestor attestor() {
        return verdicts;
    }

    /** The gate that asks for what the rules want. */
    public ImageGate gate(Enforcement enforcement) {
        ImageGate gate = scanned ? ImageGate.scanned(verdicts).signedBy(signers) : ImageGate.signed(verdicts, signers);
        return gate.with(enforcement);
    }
}
