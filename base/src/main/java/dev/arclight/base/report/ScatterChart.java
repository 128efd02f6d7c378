package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One dot a pair of values. */
public final class ScatterChart extends Chart {
    private final Axis x;
    private final Axis y;
    private final List<Points> series = new ArrayList<>();

    ScatterChart(String title, Axis x, Axis y) {
        super(title);
        this.x = x;
        this.y = y;
    }

    /** Adds dots of one colour. */
    public ScatterChart points(String name, double[] xs, double[] ys) {
        series.add(Points.of(name, xs, ys));
        return this;
    }

    /** Adds dots of one colour that say what they are when pointed at, such as {@code trial 12}. */
    public ScatterChart points(String name, double[] xs, double[] ys, List<String> labels) {
        Shapes.same("labels", labels.size(), "points", xs.length, title());
        series.add(new Points(name, Shapes.boxed(xs), Shapes.boxed(ys), labels));
        return this;
    }

    @Override
    public ScatterChart caption(String text) {
        super.caption(text);
        return this;
    }

    @Override
    ObjectNode spec() {
        ObjectNode spec = Json.object("scatter");
        spec.set("x", Json.axis(x));
        spec.set("y", Json.axis(y));
        ArrayNode all = spec.putArray("series");
        for (Points points : series) {
            points.writeTo(all.addObject(), x, y);
        }
        return spec;
    }

    @Override
    Table data() {
        return table(series, x, y, "points");
    }

    @Override
    String summary() {
        int count = series.stream().mapToInt(Points::size).sum();
        double[] xs = series.stream()
                .flatMap(points -> points.xs().stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        double[] ys = series.stream()
                .flatMap(points -> points.ys().stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        return "Scatter chart of %d points; %s from %s, %s from %s."
                .formatted(
                        count,
                        x.title().isEmpty() ? "across" : x.title(),
                        Shapes.range(xs),
                        y.title().isEmpty() ? "up" : y.title(),
                        Shapes.range(ys));
    }

    /** One row a point; the columns for names are there where names differ. */
    static Table table(List<Points> series, Axis x, Axis y, String kind) {
        boolean named = series.size() > 1;
        boolean labelled = series.stream().anyMatch(points -> !points.labels().isEmpty());
        List<Column> columns = new ArrayList<>();
        if (named) {
            columns.add(Column.text(kind));
        }
        if (labelled) {
            columns.add(Column.text("label"));
        }
        columns.add(Column.number(x.title().isEmpty() ? "x" : x.title()));
        columns.add(Column.number(y.title().isEmpty() ? "y" : y.title()));
        Table table = Table.of(columns);
        for (Points points : series) {
            for (int i = 0; i < points.size(); i++) {
                List<Object> row = new ArrayList<>();
                if (named) {
                    row.add(points.name());
                }
                if (labelled) {
                    row.add(points.labels().isEmpty() ? "" : points.labels().get(i));
                }
                row.add(points.xs().get(i));
                row.add(points.ys().get(i));
                table.row(row.toArray());
            }
        }
        return table;
    }
}
