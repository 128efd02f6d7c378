package dev.arclight.base.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * A drawing of numbers, made by {@link Charts}. On the page it has a title, a sentence for those who cannot see it, and
 * the numbers themselves as a table one click away. NaN and infinite values are left out of the drawing.
 *
 * <p>Charts are filled by chaining and belong to the page they are added to; arrays passed in are copied.
 */
public abstract sealed class Chart
        permits BarChart, BoxPlot, HeatMap, HistogramChart, LineChart, ParallelChart, ScatterChart {
    private final String title;
    private String caption = "";

    Chart(String title) {
        this.title = Objects.requireNonNull(title);
    }

    /** Sets a sentence below the title: how to read the chart, or what to see in it. */
    public Chart caption(String text) {
        caption = Objects.requireNonNull(text);
        return this;
    }

    String title() {
        return title;
    }

    String caption() {
        return caption;
    }

    /** What the page's script draws; its {@code kind} names the function in kinds.js. */
    abstract ObjectNode spec();

    /** The same numbers to read. */
    abstract Table data();

    /** What a seeing reader takes in at a glance, as a sentence. */
    abstract String summary();
}
