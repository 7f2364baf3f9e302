package io.gitops4j.app;

import io.gitops4j.problem.Problem;
import io.gitops4j.selector.SelectorNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold of an Application before anything is rendered for it. */
final class ApplicationValidation {
    private static final int MOST_LABELS = 500;
    private static final int LONGEST_NAME = 253;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");
    private static final Pattern REF = Pattern.compile("[a-zA-Z0-9_-]+");

    private ApplicationValidation() {}

    static void check(Application application, List<Problem> problems) {
        Destination destination = application.destination();
        Sink sink = new Sink(application, problems);
        if (!destination.server().isEmpty() && !destination.name().isEmpty()) {
            sink.error("APP_DESTINATION_AMBIGUOUS", "spec.destination has both server and name", "keep one of the two");
        } else if (destination.cluster().isEmpty()) {
            sink.error(
                    "APP_DESTINATION_MISSING",
                    "spec.destination names no cluster",
                    "add server: " + Destination.IN_CLUSTER + " or name:");
        }
        metadata(application, sink);
        List<ApplicationSource> sources = application.sources();
        if (sources.isEmpty()) {
            sink.error("APP_SOURCE_MISSING", "the Application has no source", "add spec.source or spec.sources");
        }
        List<String> refs = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            String at = application.isMultiSource() ? "spec.sources[" + i + "]" : "spec.source";
            source(sources.get(i), at, sink);
            String ref = sources.get(i).ref();
            if (!ref.isEmpty() && refs.contains(ref)) {
                sink.error("APP_REF_DUPLICATE", at + ".ref " + ref + " is used twice", "give each source its own ref");
            }
            refs.add(ref);
        }
    }

    /** What the server would refuse in the object itself; control characters are not printed. */
    private static void metadata(Application application, Sink sink) {
        name(application.name(), "metadata.name", sink);
        name(application.namespace(), "metadata.namespace", sink);
        name(application.destination().namespace(), "spec.destination.namespace", sink);
        int labels = application.labels().size();
        if (labels > MOST_LABELS) {
            sink.error("LABEL", "it has " + labels + " labels, at most " + MOST_LABELS + " are allowed", "");
        }
    }

    private static void name(String name, String at, Sink sink) {
        if (name.length() > LONGEST_NAME) {
            sink.error("BAD_NAME", at + " has " + name.length() + " characters, at most " + LONGEST_NAME, "");
        } else if (!name.isEmpty() && !SelectorNames.isDomain(name)) {
            sink.error(
                    "BAD_NAME",
                    at + " is no lower-case DNS subdomain: " + printable(name),
                    "a-z, 0-9, '-' and '.', alphanumeric at both ends");
        }
    }

    private static boolean isUnprintable(String text) {
        return !printable(text).equals(text);
    }

    private static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    private static void source(ApplicationSource source, String at, Sink sink) {
        if (source.repoUrl().isEmpty()) {
            sink.error("APP_REPO_MISSING", at + " has no repoURL", "");
        }
        if (source.path().isEmpty() && source.chart().isEmpty() && source.ref().isEmpty()) {
            sink.error("APP_PATH_MISSING", at + " has neither path nor chart", "path: . is the root of the repository");
        }
        String chart = source.chart();
        if (chart.equals(".") || chart.equals("..") || isUnprintable(chart)) {
            sink.error("BAD_NAME", at + ".chart is no name of a chart: " + printable(chart), "");
        }
        if (isUnprintable(source.targetRevision())) {
            sink.error(
                    "BAD_NAME",
                    at + ".targetRevision holds control characters: " + printable(source.targetRevision()),
                    "");
        }
        List<String> types = source.explicitTypes();
        if (types.size() > 1) {
            sink.error(
                    "APP_SOURCE_TYPES",
                    at + " has several types: " + String.join(", ", types),
                    "keep the one that renders the path");
        }
        if (leavesRepository(source.path())) {
            sink.error(
                    "APP_PATH_OUTSIDE",
                    at + ".path points outside the repository: " + source.path(),
                    "a path is relative to the root of the repository");
        }
        if (!source.ref().isEmpty()) {
            if (!REF.matcher(source.ref()).matches()) {
                sink.error("APP_REF_INVALID", at + ".ref must be letters, digits, '_' and '-': " + source.ref(), "");
            }
            if (!source.chart().isEmpty()) {
                sink.error("APP_REF_CHART", at + " is a chart and cannot be a ref", "");
            }
        }
    }

    private static boolean leavesRepository(String path) {
        if (path.startsWith("/")) {
            return true;
        }
        int depth = 0;
        for (String element : path.split("/", -1)) {
            if (element.equals("..")) {
                depth--;
            } else if (!element.isEmpty() && !element.equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    private record Sink(Application application, List<Problem> problems) {
        void error(String code, String text, String hint) {
            problems.add(Problem.error(code, printable(application.qualifiedName()) + ": " + text)
                    .at(application.origin().where())
                    .hint(hint));
        }
    }
}
