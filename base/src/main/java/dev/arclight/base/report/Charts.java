package dev.arclight.base.report;

import java.util.List;

/**
 * Makes charts. Each takes plain numbers; what a kind can do besides is found on the type it returns.
 *
 * <table>
 * <caption>Which chart for which question</caption>
 * <tr><th>question</th><th>chart</th></tr>
 * <tr><td>how much of each (importances, counts of a discrete value)</td><td>{@link #bar}</td></tr>
 * <tr><td>how a quantity is spread</td><td>{@link #histogram}, {@link #boxPlot}</td></tr>
 * <tr><td>which quantities go together</td><td>{@link #correlations}, {@link #scatter}</td></tr>
 * <tr><td>how it went (best so far, loss per round, ROC, calibration)</td><td>{@link #line}</td></tr>
 * <tr><td>which settings did well</td><td>{@link #parallel}</td></tr>
 * </table>
 */
public final class Charts {
    private Charts() {}

    /** Bars, one series; see {@link BarChart#series} for more, {@link BarChart#horizontal} for long names. */
    public static BarChart bar(String title, Axis value, List<String> categories, double... values) {
        return bar(title, value, categories).series(value.title(), values);
    }

    /** Bars, to be filled by {@link BarChart#series}. */
    public static BarChart bar(String title, Axis value, List<String> categories) {
        return new BarChart(title, value, categories);
    }

    /**
     * Counts of a continuous quantity.
     *
     * @param edges of the bins, ascending; one more than counts
     * @param counts how many values each bin holds
     */
    public static HistogramChart histogram(String title, Axis quantity, double[] edges, double[] counts) {
        return new HistogramChart(title, quantity, edges, counts);
    }

    /** Boxes of one quantity, to be filled by {@link BoxPlot#group}: one box a group. */
    public static BoxPlot boxPlot(String title, Axis value) {
        return new BoxPlot(title, value, List.of(""));
    }

    /** Boxes, to be filled by {@link BoxPlot#group}: one box a category and group. */
    public static BoxPlot boxPlot(String title, Axis value, List<String> categories) {
        return new BoxPlot(title, value, categories);
    }

    /**
     * A correlation matrix, coloured from -1 over 0 to 1.
     *
     * @param matrix one row a name, shape (names, names)
     */
    public static HeatMap correlations(String title, List<String> names, double[][] matrix) {
        return new HeatMap(title, names, names, matrix, true);
    }

    /**
     * A matrix coloured from its lowest to its highest value.
     *
     * @param matrix shape (rows, columns)
     */
    public static HeatMap heatMap(String title, List<String> rows, List<String> columns, double[][] matrix) {
        return new HeatMap(title, rows, columns, matrix, false);
    }

    /** Lines, to be filled by {@link LineChart#series}. */
    public static LineChart line(String title, Axis x, Axis y) {
        return new LineChart(title, x, y);
    }

    /** Points, to be filled by {@link ScatterChart#points}. */
    public static ScatterChart scatter(String title, Axis x, Axis y) {
        return new ScatterChart(title, x, y);
    }

    /**
     * Parallel coordinates: one line a trial through one upright axis a parameter, coloured by the objective, which is
     * the last axis. To be filled by {@link ParallelChart#axis}.
     *
     * @param values of the objective, one a trial
     */
    public static ParallelChart parallel(String title, Axis objective, double... values) {
        return new ParallelChart(title, objective, values);
    }
}
