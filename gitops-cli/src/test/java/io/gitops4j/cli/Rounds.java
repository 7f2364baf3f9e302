package io.gitops4j.cli;

import com.sun.management.OperatingSystemMXBean;
import io.gitops4j.testkit.real.RealCluster;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;

/** Measures things that write a number of objects, several times each: rate, and processor time of client and server. */
final class Rounds {
    private final RealCluster cluster;
    private final int count;
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    private record Round(double perSecond, double clientMillis, double serverMillis) {}

    Rounds(RealCluster cluster, int count) {
        this.cluster = cluster;
        this.count = count;
    }

    int count() {
        return count;
    }

    void run(String what, Executable work) throws Exception {
        long server = cluster.processorMillis();
        long client = client();
        long start = System.nanoTime();
        try {
            work.execute();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Round round = new Round(
                count / seconds,
                (client() - client) / (double) count,
                (cluster.processorMillis() - server) / (double) count);
        rounds.computeIfAbsent(what, key -> new ArrayList<>()).add(round);
    }

    /** The median of one rate to that of another. */
    double ratio(String what, String to) {
        return Math.round(100 * median(what).perSecond() / median(to).perSecond()) / 100.0;
    }

    private Round median(String what) {
        List<Round> all = rounds.getOrDefault(what, List.of());
        return new Round(
                median(all.stream().map(Round::perSecond).toList()),
                median(all.stream().map(Round::clientMillis).toList()),
                median(all.stream().map(Round::serverMillis).toList()));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static long client() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1_000_000;
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        rounds.forEach((what, all) -> {
            Round median = median(what);
            lines.add(String.format(
                    Locale.ROOT,
                    "%s %.0f (client %.2f, server %.2f; median of %d)",
                    what,
                    median.perSecond(),
                    median.clientMillis(),
                    median.serverMillis(),
                    all.size()));
        });
        return String.join("; ", lines);
    }
}
