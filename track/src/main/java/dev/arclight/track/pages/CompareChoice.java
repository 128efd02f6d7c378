package dev.arclight.track.pages;

import dev.arclight.track.Run;
import dev.arclight.web.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison draws.
 *
 * @param metric the metric that matters: colour of the parallel coordinates, and the curves; empty: there is none
 * @param x of the scatter, such as {@code params.depth}; empty: none
 * @param y of the scatter
 * @param lowerIsBetter whether the metric is a loss
 */
record CompareChoice(String metric, String x, String y, boolean lowerIsBetter) {
    static CompareChoice of(Request request, RunColumns columns, List<Run> runs) {
        List<String> metrics = columns.metrics();
        String metric = request.query("metric")
                .filter(metrics::contains)
                .orElseGet(() -> metrics.stream()
                        .filter(key -> key.matches(".*(auc|acc|f1|r2|score).*"))
                        .findFirst()
                        .or(() -> metrics.stream().findFirst())
                        .orElse(""));
        List<String> names = columns.names();
        String y = request.query("y").filter(names::contains).orElse(metric.isEmpty() ? "" : "metrics." + metric);
        Optional<String> varying = columns.params().stream()
                .filter(key -> runs.stream()
                                        .map(run -> run.params().get(key))
                                        .distinct()
                                        .count()
                                > 1
                        && runs.stream().allMatch(run -> isNumber(run.params().get(key))))
                .findFirst();
        String x = request.query("x")
                .filter(names::contains)
                .or(() -> varying.map(key -> "params." + key))
                .or(() -> names.stream().filter(name -> !name.equals(y)).findFirst())
                .orElse("");
        boolean lower = request.query("better")
                .map("lower"::equals)
                .orElse(metric.matches("(?i).*(loss|error|rmse|mae|mse|logloss|latency|seconds).*"));
        return new CompareChoice(metric, x, y, lower);
    }

    void form(Html html, Request request, RunColumns columns) {
        if (columns.metrics().isEmpty()) {
            return;
        }
        html.raw("<form class=\"search\">");
        for (String name : List.of("run", "experiment", "filter", "sort", "top")) {
            request.queries(name).forEach(value -> html.hidden(name, value));
        }
        html.raw("<label for=\"metric\">Metric</label><select id=\"metric\" name=\"metric\">");
        columns.metrics().forEach(key -> html.option(key, key, key.equals(metric)));
        html.raw("</select><label for=\"better\">Better is</label><select id=\"better\" name=\"better\">");
        html.option("higher", "higher", !lowerIsBetter).option("lower", "lower", lowerIsBetter);
        html.raw("</select>");
        axis(html, "x", "Scatter across", x, columns.names());
        axis(html, "y", "Scatter up", y, columns.names());
        html.raw("<button>Draw</button></form>\n");
    }

    private static void axis(Html html, String name, String label, String chosen, List<String> names) {
        html.element("label", label, "for", name).open("select", "id", name, "name", name);
        new ArrayList<>(names).forEach(one -> html.option(one, one, one.equals(chosen)));
        html.close("select");
    }

    /** A number, if the text is one. */
    static Optional<Double> number(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.parseDouble(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isNumber(@org.jspecify.annotations.Nullable String text) {
        return text == null || number(text).isPresent();
    }
}
