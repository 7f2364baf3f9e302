package io.gitops4j.policy.gatekeeper;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An image name in the three parts that {@code AssignImage} sets: domain, path, and {@code :tag} or {@code @digest}. */
record ImageName(String domain, String path, String tag) {
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?");
    private static final Pattern PATH =
            Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile(
            "(:\\w[\\w.-]{0,127})?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

    static ImageName of(String image) {
        int slash = image.indexOf('/');
        String domain = slash > 0 && isDomain(image.substring(0, slash)) ? image.substring(0, slash) : "";
        String rest = domain.isEmpty() ? image : image.substring(slash + 1);
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != ':' && rest.charAt(end) != '@') {
            end++;
        }
        return new ImageName(domain, rest.substring(0, end), rest.substring(end));
    }

    private static boolean isDomain(String head) {
        return head.indexOf('.') >= 0 || head.indexOf(':') >= 0 || head.equals("localhost");
    }

    /** Why these parts cannot be assigned, {@code null} when they can: set twice, they must give what they gave once. */
    static @Nullable String refusal(String domain, String path, String tag) {
        if (domain.isEmpty() && path.isEmpty() && tag.isEmpty()) {
            return "one of assignDomain, assignPath and assignTag is needed";
        }
        if (!domain.isEmpty() && !(DOMAIN.matcher(domain).matches() && isDomain(domain))) {
            return "assignDomain \"" + domain + "\" is not a domain: it needs a '.' or a port, or is localhost";
        }
        if (!path.isEmpty() && !PATH.matcher(path).matches()) {
            return "assignPath \"" + path + "\" is not the path of an image";
        }
        if (domain.isEmpty() && path.indexOf('/') > 0 && isDomain(path.substring(0, path.indexOf('/')))) {
            return "assignPath \"" + path + "\" begins with a domain; say it in assignDomain";
        }
        return tag.isEmpty() || TAG.matcher(tag).matches()
                ? null
                : "assignTag \"" + tag + "\" is neither :tag nor @digest";
    }

    ImageName with(String newDomain, String newPath, String newTag) {
        return new ImageName(
                newDomain.isEmpty() ? domain : newDomain,
                newPath.isEmpty() ? path : newPath,
                newTag.isEmpty() ? tag : newTag);
    }

    @Override
    public String toString() {
        return (domain.isEmpty() ? "" : domain + "/") + path + tag;
    }
}
