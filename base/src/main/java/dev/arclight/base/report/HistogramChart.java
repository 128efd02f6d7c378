package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Counts of a continuous quantity, one bar a bin. */
public final class HistogramChart extends Chart {
    private final Axis quantity;
    private final double[] edges;
    private final double[] counts;
    private String unit = "rows";

    HistogramChart(String title, Axis quantity, double[] edges, double[] counts) {
        super(title);
        Shapes.same("edges", edges.length, "counts and one", counts.length + 1, title);
        for (int i = 1; i < edges.length; i++) {
            if (!(edges[i - 1] < edges[i])) {
                throw new IllegalArgumentException(
                        "Bin edges of '%s' do not ascend: %s, %s".formatted(title, edges[i - 1], edges[i]));
            }
        }
        this.quantity = quantity;
        this.edges = edges.clone();
        this.counts = counts.clone();
    }

    /** Names what is counted, in the plural; {@code rows} if not set. */
    public HistogramChart unit(String plural) {
        unit = plural;
        return this;
    }

    @Override
    public HistogramChart caption(String text) {
        super.caption(text);
        return this;
    }

    @Override
    ObjectNode spec() {
        ObjectNode spec = Json.object("histogram").put("unit", unit);
        spec.set("x", Json.axis(quantity));
        spec.set("edges", Json.numbers(edges));
        spec.set("counts", Json.numbers(counts));
        return spec;
    }

    @Override
    Table data() {
        Table table = Table.of(Column.number("from"), Column.number("to"), Column.number(unit));
        for (int i = 0; i < counts.length; i++) {
            table.row(edges[i], edges[i + 1], counts[i]);
        }
        return table;
    }

    @Override
    String summary() {
        int largest = Shapes.indexOfLargest(counts);
        String fullest = largest < 0
                ? ""
                : "; the fullest goes from %s to %s and holds %s %s"
                        .formatted(
                                Numbers.general(edges[largest]),
                                Numbers.general(edges[largest + 1]),
                                Numbers.general(counts[largest]),
                                unit);
        return "Histogram of %d bins from %s%s.".formatted(counts.length, Shapes.range(edges), fullest);
    }
}
