package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines through points in the order given. Up to eight lines have a colour and a legend entry each; more are drawn thin
 * in one colour, and {@link #highlight} picks out those that matter. Very long lines are thinned to what a screen can
 * show.
 */
public final class LineChart extends Chart {
    /** Of all lines together: keeps a page with a hundred trials of a thousand rounds each small. */
    private static final int MOST_POINTS = 24_000;

    private final Axis x;
    private final Axis y;
    private final List<Points> series = new ArrayList<>();
    private final List<String> references = new ArrayList<>();
    private final List<String> highlights = new ArrayList<>();
    private boolean stepped;

    LineChart(String title, Axis x, Axis y) {
        super(title);
        this.x = x;
        this.y = y;
    }

    /** Adds a line; a point with NaN leaves a gap. */
    public LineChart series(String name, double[] xs, double[] ys) {
        series.add(Points.of(name, xs, ys));
        return this;
    }

    /** Adds a line over 1, 2, 3, ... */
    public LineChart series(String name, double... ys) {
        return series(name, IntStream.rangeClosed(1, ys.length).asDoubleStream().toArray(), ys);
    }

    /** Adds a thin dashed line to compare with, such as chance in a ROC chart. */
    public LineChart reference(String name, double[] xs, double[] ys) {
        references.add(name);
        return series(name, xs, ys);
    }

    /** Draws the line of this name on top, thick. */
    public LineChart highlight(String name) {
        highlights.add(name);
        return this;
    }

    /** Draws steps: a value holds until the next point, as in a best-so-far curve. */
    public LineChart stepped() {
        stepped = true;
        return this;
    }

    @Override
    public LineChart caption(String text) {
        super.caption(text);
        return this;
    }

    @Override
    ObjectNode spec() {
        ObjectNode spec = Json.object("line").put("stepped", stepped);
        spec.set("x", Json.axis(x));
        spec.set("y", Json.axis(y));
        ArrayNode all = spec.putArray("series");
        for (Points points : series) {
            ObjectNode one = all.addObject();
            points.thinned(Math.max(50, MOST_POINTS / series.size())).writeTo(one, x, y);
            one.put("reference", references.contains(points.name()));
            one.put("highlighted", highlights.contains(points.name()));
        }
        return spec;
    }

    @Override
    Table data() {
        return ScatterChart.table(series, x, y, "line");
    }

    @Override
    String summary() {
        double[] ys = series.stream()
                .filter(points -> !references.contains(points.name()))
                .flatMap(points -> points.ys().stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        int lines = series.size() - references.size();
        return "Line chart of %s, %d %s; %s runs from %s."
                .formatted(
                        y.title().isEmpty() ? title() : y.title(),
                        lines,
                        lines == 1 ? "line" : "lines",
                        y.title().isEmpty() ? "it" : y.title(),
                        Shapes.range(ys));
    }
}
