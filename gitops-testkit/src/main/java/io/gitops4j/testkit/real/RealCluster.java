package io.gitops4j.testkit.real;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real etcd and kube-apiserver, run as processes on loopback by a script. The system property {@code gitops4j.real} names the
 * folder with {@code up.sh} and {@code down.sh}; binaries are used when they have been built, never built here. What a test run
 * started is stopped when its process ends; what was up before stays up.
 */
public final class RealCluster {
    private static final String AUDIT = "--audit";
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - level: None
              users: ["system:apiserver"]
            - level: Metadata
            """;
    private static final Map<String, RealCluster> STARTED = new LinkedHashMap<>();

    private final Path scripts;
    private final String name;
    private final Path folder;

    private RealCluster(Path scripts, String name, Path folder) {
        this.scripts = scripts;
        this.name = name;
        this.folder = folder;
    }

    /** The running cluster of this name, started when it is not. The calling test is skipped where there is none. */
    public static RealCluster named(String name) {
        return running(name, "--fakelet");
    }

    /** As {@link #named}, with an API server alone: no controllers, no pods that become ready. */
    public static RealCluster bare(String name) {
        return running(name, "");
    }

    /**
     * As {@link #bare}, with an API server that writes down every request; see {@link #audit}. To be used by one test run at a
     * time.
     */
    public static RealCluster audited(String name) {
        return running(name, AUDIT);
    }

    private static RealCluster running(String name, String option) {
        String property = System.getProperty("gitops4j.real", "");
        assumeTrue(!property.isEmpty(), "no real cluster: run with -Preal");
        Path scripts = Path.of(property);
        assumeTrue(Files.exists(scripts.resolve("up.sh")), "no real cluster: there is no " + scripts.resolve("up.sh"));
        assumeTrue(built(), "no real cluster: it has not been built; run " + scripts.resolve("up.sh") + " once");
        synchronized (STARTED) {
            return STARTED.computeIfAbsent(name, key -> start(scripts, key, option));
        }
    }

    private static Path home() {
        String own = System.getenv("GITOPS4J_REAL_CLUSTER_HOME");
        if (own != null) {
            return Path.of(own);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("gitops4j").resolve("real-cluster");
    }

    private static boolean built() {
        Path bin = home().resolve("bin");
        if (!Files.isDirectory(bin)) {
            return false;
        }
        try (Stream<Path> versions = Files.list(bin)) {
            return versions.anyMatch(version -> Files.isExecutable(version.resolve("kube-apiserver"))
                    && Files.isExecutable(version.resolve("etcd"))
                    && Files.isExecutable(version.resolve("kube-controller-manager"))
                    && Files.isExecutable(version.resolve("fakelet")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RealCluster start(Path scripts, String name, String option) {
        RealCluster cluster =
                new RealCluster(scripts, name, home().resolve("clusters").resolve(name));
        boolean running = cluster.pid("kube-apiserver") > 0;
        if (option.equals(AUDIT)) {
            cluster.writePolicy();
            cluster.run("up.sh", name);
        } else if (option.isEmpty()) {
            cluster.run("up.sh", name);
        } else {
            cluster.run("up.sh", option, name);
        }
        if (!running) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> cluster.run("down.sh", name)));
        }
        return cluster;
    }

    /** The name of the cluster and of its context. */
    public String name() {
        return name;
    }

    /** A kubeconfig with a client certificate of the administrator. */
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** A kubeconfig with a bearer token of the administrator. */
    public Path tokenKubeconfig() {
        return folder.resolve("token.kubeconfig");
    }

    /** A kubeconfig of a user who may handle ConfigMaps and Deployments of namespace {@code team-a} and nothing else. */
    public Path restrictedKubeconfig() {
        return folder.resolve("restricted.kubeconfig");
    }

    /** The authority that signed the server's certificate. */
    public Path authority() {
        return folder.resolve("pki").resolve("ca.crt");
    }

    private Path auditLog() {
        return folder.resolve("logs").resolve("audit.log");
    }

    private void writePolicy() {
        try {
            Files.createDirectories(auditLog().getParent());
            Files.writeString(folder.resolve("audit-policy.yaml"), AUDIT_POLICY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The requests that the server of an {@link #audited} cluster has answered so far and whose path begins so, oldest first,
     * as events of {@code audit.k8s.io/v1}.
     */
    public List<JsonObject> audit(String path) {
        List<JsonObject> events = new ArrayList<>();
        try (Stream<String> lines = Files.lines(auditLog())) {
            lines.forEach(line -> {
                if (JsonReader.parse(line).orNull() instanceof JsonObject event
                        && event.text("requestURI", "").startsWith(path)) {
                    events.add(event);
                }
            });
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Time on the processor that the API server and its store have had so far, in milliseconds. */
    public long processorMillis() {
        long ticks = 0;
        for (String program : List.of("kube-apiserver", "etcd")) {
            try {
                String text = Files.readString(Path.of("/proc/" + pid(program) + "/stat"));
                String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        // Linux counts in hundredths of a second.
        return ticks * 10;
    }

    /** Kills the API server, as a crash would; answers the command that brings it back on the same port. */
    public List<String> kill() {
        long pid = pid("kube-apiserver");
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        try {
            List<String> command = new ArrayList<>(List.of(
                    Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", -1)));
            command.removeIf(String::isEmpty);
            process.destroyForcibly();
            process.onExit().get(20, TimeUnit.SECONDS);
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("the API server of " + name + " did not end", e);
        }
    }

    /** Starts the API server again that {@link #kill} ended. It is ready some seconds later. */
    public void restart(List<String> command) {
        File log = folder.resolve("logs").resolve("kube-apiserver.log").toFile();
        try {
            List<String> detached = new ArrayList<>(List.of("setsid"));
            detached.addAll(command);
            Process process = new ProcessBuilder(detached)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .redirectInput(new File("/dev/null"))
                    .start();
            Files.writeString(
                    folder.resolve("kube-apiserver.pid"), process.pid() + " " + startTime(process.pid()) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The recorded process when it runs, else 0. */
    private long pid(String program) {
        try {
            Path file = folder.resolve(program + ".pid");
            if (!Files.exists(file)) {
                return 0;
            }
            String[] recorded = Files.readString(file).trim().split(" ", -1);
            long pid = Long.parseLong(recorded[0]);
            return recorded.length == 2 && recorded[1].equals(startTime(pid)) ? pid : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** Start of a process in ticks since boot, as the scripts record it; {@code ""} when there is no such process. */
    private static String startTime(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (!Files.exists(stat)) {
            return "";
        }
        String text = Files.readString(stat);
        return text.substring(text.lastIndexOf(')') + 2).split(" ", -1)[19];
    }

    private void run(String script, String... arguments) {
        try {
            List<String> command =
                    new ArrayList<>(List.of(scripts.resolve(script).toString()));
            command.addAll(List.of(arguments));
            Path output = Files.createTempFile("real-cluster", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            if (Files.exists(folder.resolve("audit-policy.yaml"))) {
                builder.environment()
                        .put(
                                "KUBE_APISERVER_EXTRA_ARGS",
                                "--audit-policy-file=" + folder.resolve("audit-policy.yaml") + " --audit-log-path="
                                        + auditLog() + " --audit-log-mode=blocking");
            }
            Process process = builder.start();
            if (!process.waitFor(180, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(script + " failed: " + Files.readString(output));
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "real cluster %s", name);
    }
}
