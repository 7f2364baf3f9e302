package io.gitops4j.policy.image;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.pod.PodView;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets pods and workloads pass whose images are known to be good: scanned without a bad verdict, and signed by one of the wanted
 * signers. An image that nobody knows does not pass.
 */
public final class ImageGate implements PlanGate, AdmissionHook {
    private final ImageAttestor attestor;
    private final boolean scanned;
    private final List<String> signers;

    private ImageGate(ImageAttestor attestor, boolean scanned, List<String> signers) {
        this.attestor = attestor;
        this.scanned = scanned;
        this.signers = List.copyOf(signers);
    }

    /** A gate that wants a passed scan. */
    public static ImageGate scanned(ImageAttestor attestor) {
        return new ImageGate(attestor, true, List.of());
    }

    /** A gate that wants a signature of one of {@code signers}, whatever the scan says. */
    public static ImageGate signed(ImageAttestor attestor, List<String> signers) {
        return new ImageGate(attestor, false, signers);
    }

    /** This gate, which wants a signature of one of {@code wanted} as well. */
    public ImageGate signedBy(List<String> wanted) {
        return new ImageGate(attestor, scanned, wanted);
    }

    @Override
    public String name() {
        return "images";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>();
        for (Manifest manifest : desired) {
            for (String text : refusals(manifest.body())) {
                problems.add(Problem.error("IMAGE_REFUSED", manifest.key() + ": " + text)
                        .at(Where.file(manifest.origin().file())));
            }
        }
        return List.copyOf(problems);
    }

    @Override
    public Review review(Request request) {
        JsonObject object = request.object();
        return object == null ? Review.allowed() : new Review(refusals(object), List.of(), Optional.empty());
    }

    private List<String> refusals(JsonObject object) {
        PodView pod = PodView.of(object).orElse(null);
        List<String> refusals = new ArrayList<>();
        for (PodView.Container container : pod == null ? List.<PodView.Container>of() : pod.containers()) {
            String image = container.body().text("image", "");
            ImageAttestor.Attestation known = attestor.attest(image);
            String of = container.path() + ".image: " + image;
            if (scanned && known.scan() == ImageAttestor.Scan.FAILED) {
                refusals.add(of + " failed its scan" + (known.reason().isEmpty() ? "" : ": " + known.reason()));
            } else if (scanned && known.scan() == ImageAttestor.Scan.UNKNOWN) {
                refusals.add(of + " has no scan verdict");
            }
            if (!signers.isEmpty() && known.signedBy().stream().noneMatch(signers::contains)) {
                refusals.add(of + " is not signed by any of " + String.join(", ", signers));
            }
        }
        return refusals;
    }
}
