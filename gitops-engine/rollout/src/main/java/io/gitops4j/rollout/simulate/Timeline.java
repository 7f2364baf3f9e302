package io.gitops4j.rollout.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A trace as a picture: weight over time, the phases as coloured bars, one mark per step. Self-contained SVG and HTML. */
public final class Timeline {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 260;
    private static final int LEFT = 50;
    private static final int TOP = 20;
    private static final int PLOT = 160;

    private Timeline() {}

    /** The trace as an SVG document. */
    public static String svg(Trace trace) {
        StringBuilder out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(HEIGHT)
                .append("\" font-family=\"sans-serif\" font-size=\"11\">\n");
        out.append("<title>").append(escaped(trace.name())).append("</title>\n");
        List<Trace.Row> rows = trace.rows();
        long total = Math.max(1, trace.length().toSeconds() * 21 / 20);
        for (int percent = 0; percent <= 100; percent += 25) {
            int y = TOP + PLOT - PLOT * percent / 100;
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%d\""
                            + " text-anchor=\"end\">%d%%</text>\n",
                    LEFT,
                    y,
                    WIDTH - 10,
                    y,
                    LEFT - 6,
                    y + 4,
                    percent));
        }
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            Trace.Row row = rows.get(i);
            int from = x(row.at(), total);
            int to = i + 1 < rows.size() ? x(rows.get(i + 1).at(), total) : WIDTH - 10;
            int y = TOP + PLOT - PLOT * Math.min(100, row.weight()) / 100;
            path.append(i == 0 ? "M" : " L").append(from).append(' ').append(y);
            path.append(" L").append(to).append(' ').append(y);
            out.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"18\" fill=\"%s\"><title>%s %s %s</title></rect>\n",
                    from,
                    TOP + PLOT + 20,
                    Math.max(1, to - from),
                    colour(row.phase()),
                    Trace.clock(row.at()),
                    row.phase(),
                    escaped(row.message())));
            if (!row.step().isEmpty() && to - from > 40) {
                out.append(String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" fill=\"#666\">%s</text>\n",
                        from + 2,
                        TOP + PLOT + 33,
                        escaped(row.step()),
                        from + 2,
                        TOP + PLOT + 52,
                        Trace.clock(row.at())));
            }
        }
        out.append("<path d=\"").append(path).append("\" fill=\"none\" stroke=\"#1565c0\" stroke-width=\"2\"/>\n");
        return out.append("</svg>\n").toString();
    }

    /** The trace as an HTML page: the picture and the table. */
    public static String html(Trace trace) {
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(trace.name())
                + "</title></head><body>\n<h1>" + escaped(trace.name()) + "</h1>\n" + svg(trace) + "<pre>"
                + escaped(trace.toTable()) + "</pre>\n</body></html>\n";
    }

    private static int x(Duration at, long total) {
        return LEFT + (int) (at.toSeconds() * (WIDTH - LEFT - 10) / total);
    }

    private static String colour(Trace.Phase phase) {
        return switch (phase) {
            case HEALTHY -> "#a5d6a7";
            case PROGRESSING -> "#90caf9";
            case PAUSED -> "#ffe082";
            case DEGRADED -> "#ef9a9a";
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
