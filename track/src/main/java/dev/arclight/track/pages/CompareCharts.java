package dev.arclight.track.pages;

import dev.arclight.base.report.Axis;
import dev.arclight.base.report.Charts;
import dev.arclight.base.report.LineChart;
import dev.arclight.base.report.ParallelChart;
import dev.arclight.track.Metric;
import dev.arclight.track.Run;
import dev.arclight.track.Tracking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Runs drawn together: parallel coordinates, a scatter, curves over one another. */
final class CompareCharts {
    private static final int MOST_AXES = 8;
    private static final int CURVE_POINTS = 400;

    private final Tracking tracking;
    private final List<Run> runs;
    private final RunColumns columns;
    private final CompareChoice choice;
    private final List<String> names;

    CompareCharts(Tracking tracking, List<Run> runs, RunColumns columns, CompareChoice choice) {
        this.tracking = tracking;
        this.runs = runs;
        this.columns = columns;
        this.choice = choice;
        this.names = distinctNames(runs);
    }

    void write(Html html) {
        if (choice.metric().isEmpty()) {
            return;
        }
        html.raw("<section data-part=\"charts\"><h2>Drawn</h2>");
        curves(html);
        parallel(html);
        scatter(html);
        html.raw("</section>\n");
    }

    private void curves(Html html) {
        Map<String, List<Metric>> curves =
                tracking.runs().curves(runs.stream().map(Run::id).toList(), choice.metric(), CURVE_POINTS);
        if (curves.values().stream().noneMatch(curve -> curve.size() > 1)) {
            return;
        }
        LineChart chart = Charts.line(choice.metric() + " by step", Axis.of("step"), Axis.of(choice.metric()));
        for (int i = 0; i < runs.size(); i++) {
            List<Metric> curve = curves.getOrDefault(runs.get(i).id(), List.of());
            if (!curve.isEmpty()) {
                chart.series(
                        names.get(i),
                        curve.stream().mapToDouble(Metric::step).toArray(),
                        curve.stream().mapToDouble(Metric::value).toArray());
            }
        }
        best().ifPresent(index -> chart.highlight(names.get(index)));
        html.raw("<div class=\"charts one\">").chart(chart).raw("</div>");
    }

    private void parallel(Html html) {
        List<Run> measured = runs.stream()
                .filter(run ->
                        run.metric(choice.metric()).filter(Double::isFinite).isPresent())
                .toList();
        List<String> varying = columns.params().stream()
                .filter(key -> measured.stream()
                                .map(run -> run.params().get(key))
                                .distinct()
                                .count()
                        > 1)
                .limit(MOST_AXES)
                .toList();
        if (measured.size() < 2 || varying.isEmpty()) {
            return;
        }
        ParallelChart chart = Charts.parallel(
                        "Params and " + choice.metric(),
                        Axis.of(choice.metric()),
                        measured.stream()
                                .mapToDouble(run -> run.metric(choice.metric()).orElse(Double.NaN))
                                .toArray())
                .labels(distinctNames(measured))
                .caption("One line a run, through the params that differ; the strongest colour is the best run.");
        if (choice.lowerIsBetter()) {
            chart.lowerIsBetter();
        }
        for (String key : varying) {
            List<Optional<Double>> numbers = measured.stream()
                    .map(run -> CompareChoice.number(run.params().get(key)))
                    .toList();
            boolean numeric = measured.stream()
                    .allMatch(run -> !run.params().containsKey(key)
                            || CompareChoice.number(run.params().get(key)).isPresent());
            if (numeric) {
                double[] values = numbers.stream()
                        .mapToDouble(number -> number.orElse(Double.NaN))
                        .toArray();
                chart.axis(spansDecades(values) ? Axis.of(key).log() : Axis.of(key), values);
            } else {
                chart.axis(
                        Axis.of(key),
                        measured.stream()
                                .map(run -> Formats.shortened(run.params().getOrDefault(key, "–"), 24))
                                .toList());
            }
        }
        html.raw("<div class=\"charts one\">").chart(chart).raw("</div>");
    }

    private void scatter(Html html) {
        if (choice.x().isEmpty() || choice.y().isEmpty() || runs.size() < 2) {
            return;
        }
        double[] x = runs.stream().mapToDouble(run -> value(run, choice.x())).toArray();
        double[] y = runs.stream().mapToDouble(run -> value(run, choice.y())).toArray();
        html.raw("<div class=\"charts one\">")
                .chart(Charts.scatter(
                                "%s against %s".formatted(choice.y(), choice.x()),
                                spansDecades(x) ? Axis.of(choice.x()).log() : Axis.of(choice.x()),
                                Axis.of(choice.y()))
                        .points("runs", x, y, names))
                .raw("</div>");
    }

    private Optional<Integer> best() {
        Optional<Integer> best = Optional.empty();
        double bestValue = Double.NaN;
        for (int i = 0; i < runs.size(); i++) {
            double value = runs.get(i).metric(choice.metric()).orElse(Double.NaN);
            boolean better = choice.lowerIsBetter() ? value < bestValue : value > bestValue;
            if (Double.isFinite(value) && (best.isEmpty() || better)) {
                best = Optional.of(i);
                bestValue = value;
            }
        }
        return best;
    }

    private static double value(Run run, String column) {
        String key = column.substring(column.indexOf('.') + 1);
        return column.startsWith("metrics.")
                ? run.metric(key).orElse(Double.NaN)
                : CompareChoice.number(run.params().get(key)).orElse(Double.NaN);
    }

    /** Values over three decades and above zero are read better on a logarithmic axis. */
    private static boolean spansDecades(double[] values) {
        double low = DoubleStream.of(values).filter(Double::isFinite).min().orElse(0);
        double high = DoubleStream.of(values).filter(Double::isFinite).max().orElse(0);
        return low > 0 && high / low >= 1000;
    }

    /** Names, told apart by a number where several runs share one. */
    private static List<String> distinctNames(List<Run> runs) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (Run run : runs) {
            int count = seen.merge(run.name(), 1, Integer::sum);
            names.add(count == 1 ? run.name() : "%s (%d)".formatted(run.name(), count));
        }
        return names;
    }
}
