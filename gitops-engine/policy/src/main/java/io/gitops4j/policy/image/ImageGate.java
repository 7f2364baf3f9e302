package io.gitops4j.policy.image;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.pod.PodView;
import io.gitops4j.problem.Problem;
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
    private final Enforcement enforcement;

    private ImageGate(ImageAttestor attestor, boolean scanned, List<String> signers, Enforcement enforcement) {
        this.attestor = attestor;
        this.scanned = scanned;
        this.signers = List.copyOf(signers);
        this.enforcement = enforcement;
    }

    /** A gate that wants a passed scan. */
    public static ImageGate scanned(ImageAttestor attestor) {
        return new ImageGate(attestor, true, List.of(), Enforcement.strict());
    }

    /** A gate that wants a signature of one of {@code signers}, whatever the scan says. */
    public static ImageGate signed(ImageAttestor attestor, List<String> signers) {
        return new ImageGate(attestor, false, signers, Enforcement.strict());
    }

    /** This gate, which wants a signature of one of {@code wanted} as well. */
    public ImageGate signedBy(List<String> wanted) {
        return new ImageGate(attestor, scanned, wanted, enforcement);
    }

    /** This gate with exemptions from {@code Images/scan} or {@code Images/signature}. */
    public ImageGate with(Enforcement policy) {
        return new ImageGate(attestor, scanned, signers, policy);
    }

    @Override
    public String name() {
        return "images";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>();
        for (Manifest manifest : desired) {
            problems.addAll(enforcement.problems(
                    manifest,
                    violations(manifest.body()),
                    "IMAGE_REFUSED",
                    violation -> manifest.key() + ": " + violation.message()));
        }
        return List.copyOf(problems);
    }

    @Override
    public Review review(Request request) {
        JsonObject object = request.object();
        boolean pods = request.subresource().isEmpty() || request.subresource().equals("ephemeralcontainers");
        return object == null || !pods
                ? Review.allowed()
                : enforcement.review(violations(object), Violation::message, Optional.empty());
    }

    /** What speaks against the images of an object; the policies are {@code Images/scan} and {@code Images/signature}. */
    public List<Violation> violations(JsonObject object) {
        ResourceKey subject = Manifest.trusted(object, Origin.memory()).key();
        PodView pod = PodView.of(object).orElse(null);
        List<Violation> refusals = new ArrayList<>();
        for (PodView.Container container : pod == null ? List.<PodView.Container>of() : pod.containers()) {
            String image = container.body().text("image", "");
            ImageAttestor.Attestation known = attestor.attest(image);
            String of = container.path() + ".image: " + image;
            if (scanned && known.scan() == ImageAttestor.Scan.FAILED) {
                String why = known.reason().isEmpty() ? "" : ": " + known.reason();
                refusals.add(denial(subject, "scan", of + " failed its scan" + why));
            } else if (scanned && known.scan() == ImageAttestor.Scan.UNKNOWN) {
                String why = known.reason().isEmpty() ? "" : ": " + known.reason();
                refusals.add(denial(subject, "scan", of + " has no scan verdict" + why));
            }
            if (!signers.isEmpty() && known.signedBy().stream().noneMatch(signers::contains)) {
                refusals.add(
                        denial(subject, "signature", of + " is not signed by any of " + String.join(", ", signers)));
            }
        }
        return refusals;
    }

    private static Violation denial(ResourceKey subject, String rule, String text) {
        return new Violation("Images/" + rule, "deny", text, subject, JsonObject.empty());
    }
}
