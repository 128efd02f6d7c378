package dev.arclight.examples.wine;

import dev.arclight.base.report.Axis;
import dev.arclight.base.report.BoxPlot;
import dev.arclight.base.report.Chart;
import dev.arclight.base.report.Charts;
import dev.arclight.base.report.Column;
import dev.arclight.base.report.FiveNumbers;
import dev.arclight.base.report.LineChart;
import dev.arclight.base.report.ParallelChart;
import dev.arclight.base.report.Report;
import dev.arclight.base.report.Section;
import dev.arclight.base.report.Table;
import dev.arclight.base.report.Text;
import dev.arclight.learn.Metrics;
import dev.arclight.tables.profile.ColumnProfile;
import dev.arclight.tables.profile.GroupProfile;
import dev.arclight.tables.profile.NumberProfile;
import dev.arclight.tables.profile.Profile;
import dev.arclight.tables.profile.Quantiles;
import dev.arclight.track.AliasChange;
import dev.arclight.tune.FinishedTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** {@code report.html}: the demo's findings for a person. */
final class WineReport {
    private static final int CURVES = 6;
    private static final List<String> LOGARITHMIC =
            List.of("learning_rate", "reg_alpha", "reg_lambda", "min_child_weight");

    private final WineFindings found;

    WineReport(WineFindings found) {
        this.found = found;
    }

    void write(Path file) throws IOException {
        Report report = Report.titled("Wine quality")
                .subtitle("From raw tables to a served model, by Arclight. Good wine: quality 7 or more.");
        report.fact(
                "Champion's test AUC",
                fixed(found.championAuc(), 4),
                "version " + found.champion().version());
        report.fact("Forest's test AUC", fixed(found.forest().testAuc(), 4), "10 trees");
        report.fact(
                "Best validation AUC",
                fixed(found.sweep().study().bestValue(), 4),
                found.options().evals() + " trials, "
                        + fixed(found.sweep().study().wallSeconds(), 1) + " s");
        report.fact(
                "One answer", fixed(found.serving().latencies().p50Millis(), 2) + " ms", "median, one row over HTTP");
        data(report.section("Data"));
        profile(report.section("Features"));
        forest(report.section("Forest"));
        sweep(report.section("Sweep"));
        champion(report.section("Champion"));
        batch(report.section("Batch"));
        serving(report.section("Server"));
        time(report.section("Time"));
        report.source(Text.of("Data: ")
                .then(found.generated() ? "generated, after the statistics of Wine Quality by " : "Wine Quality by ")
                .then(
                        "P. Cortez, A. Cerdeira, F. Almeida, T. Matos, J. Reis, \"Modeling wine preferences by data mining"
                                + " from physicochemical properties\", 2009; UCI Machine Learning Repository; ")
                .link("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
                .then("."));
        report.write(file);
    }

    private void data(Section section) {
        Profile profile = found.profile();
        if (found.generated()) {
            section.note(
                    "These tables are generated: the same columns and similar statistics as the real ones. Give the"
                            + " folder of the real files by --data.");
        }
        section.text("%,d rows and %d columns; %,d rows are equal to another one. "
                        .formatted(
                                profile.rows(),
                                profile.columns().size(),
                                profile.duplicates().orElse(0))
                + (found.options().splits().isPresent()
                        ? "The split is the one given by --splits: equal rows may lie in several of its parts."
                        : "Rows that are equal stay in one part of the split, so none of the test rows was trained"
                                + " on."));
        Table parts = Table.of(Column.text("part"), Column.fixed("rows", 0), Column.percent("good wines", 1));
        part(parts, "train", found.parts().train().labels());
        part(parts, "validation", found.parts().validation().labels());
        part(parts, "test", found.parts().test().labels());
        section.table(parts);
        Table columns = Table.of(
                Column.code("column"),
                Column.code("type"),
                Column.fixed("nulls", 0),
                Column.fixed("distinct", 0),
                Column.number("mean"),
                Column.number("deviation"),
                Column.number("min"),
                Column.number("median"),
                Column.number("max"));
        for (ColumnProfile column : profile.columns()) {
            Optional<NumberProfile> numbers = column.numbers();
            Optional<Quantiles> quantiles = numbers.map(NumberProfile::quantiles);
            columns.row(
                    column.name(),
                    column.type(),
                    column.nulls(),
                    column.distinct(),
                    numbers.map(NumberProfile::mean).orElse(null),
                    numbers.map(NumberProfile::deviation).orElse(null),
                    quantiles.map(Quantiles::min).orElse(null),
                    quantiles.map(Quantiles::median).orElse(null),
                    quantiles.map(Quantiles::max).orElse(null));
        }
        section.heading("Columns").table(columns.sortable());
        Table head = Table.of(profile.columns().stream()
                .map(column -> Column.number(column.name()))
                .toList());
        profile.head().forEach(cells -> head.row(cells.toArray()));
        section.heading("First rows").table(head);
    }

    private static void part(Table table, String name, float[] labels) {
        double positives = 0;
        for (float label : labels) {
            positives += label;
        }
        table.row(name, labels.length, positives / labels.length);
    }

    private void profile(Section section) {
        Profile profile = found.profile();
        ColumnProfile target = profile.columns().stream()
                .filter(column -> column.name().equals("quality"))
                .findFirst()
                .orElseGet(() -> profile.column("label"));
        List<String> values = new ArrayList<>();
        List<Double> counts = new ArrayList<>();
        target.top().stream()
                .sorted(Comparator.comparingDouble(v -> Double.parseDouble(v.value())))
                .forEach(v -> {
                    values.add(v.value());
                    counts.add((double) v.rows());
                });
        section.chart(Charts.bar("Wines by " + target.name(), Axis.of("wines"), values, doubles(counts))
                .categoryTitle(target.name()));
        section.heading("Each feature by label");
        List<Chart> boxes = new ArrayList<>();
        for (String feature : WineData.FEATURES) {
            if (feature.equals("is_red")) {
                continue;
            }
            BoxPlot box = Charts.boxPlot(feature.replace('_', ' '), Axis.of(feature), List.of(""));
            for (GroupProfile group : profile.groups()) {
                Quantiles q = group.columns().get(feature);
                if (q != null) {
                    box.group(
                            group.value().equals("1") ? "good" : "other",
                            new FiveNumbers(q.min(), q.lower(), q.median(), q.upper(), q.max()));
                }
            }
            boxes.add(box);
        }
        section.charts(boxes);
        profile.correlations()
                .ifPresent(correlations -> section.heading("Correlations")
                        .chart(Charts.correlations(
                                "Pearson correlation",
                                correlations.columns(),
                                correlations.matrix().stream()
                                        .map(WineReport::doubles)
                                        .toArray(double[][]::new))));
    }

    private void forest(Section section) {
        section.text("Ten trees, each on a sample of the rows and of the columns: the baseline to beat. Test AUC %s,"
                        .formatted(fixed(found.forest().testAuc(), 4))
                + " registered as version %d.".formatted(found.forestVersion().version()));
        section.chart(Importances.chart(
                "What the forest looks at", found.forest().trees().importances()));
        section.chart(roc());
    }

    private LineChart roc() {
        LineChart roc = Charts.line("ROC on the test split", Axis.of("false positives"), Axis.of("true positives"));
        curve(roc, "forest", found.forest());
        curve(roc, "best of the sweep", found.sweep().best());
        return roc.reference("chance", new double[] {0, 1}, new double[] {0, 1});
    }

    private void curve(LineChart chart, String name, WineLifecycle.Trained trained) {
        var test = found.parts().test();
        List<Metrics.RocPoint> roc = Metrics.roc(trained.trees().nativePredictions(test.features()), test.labels());
        chart.series(
                name,
                roc.stream().mapToDouble(Metrics.RocPoint::falsePositiveRate).toArray(),
                roc.stream().mapToDouble(Metrics.RocPoint::truePositiveRate).toArray());
    }

    private void sweep(Section section) {
        List<FinishedTrial> trials = found.sweep().study().trials();
        FinishedTrial best = found.sweep().study().best();
        section.text(
                "%d trials, %d at a time, in %s s. TPE proposes parameters; each trial stops when 50 rounds bring no"
                                .formatted(
                                        trials.size(),
                                        found.options().parallelism(),
                                        fixed(found.sweep().study().wallSeconds(), 1))
                        + " better validation AUC. Trial %d was best.".formatted(best.number() + 1));
        if (!found.reproducible()) {
            section.warning("More than 4 trials ran at a time, so this sweep cannot be reproduced: what a trial was"
                    + " proposed depended on which others had ended.");
        }
        List<FinishedTrial> completed =
                trials.stream().filter(trial -> trial.value().isPresent()).toList();
        double[] auc =
                completed.stream().mapToDouble(t -> t.value().orElseThrow()).toArray();
        section.chart(Charts.line("Best validation AUC so far", Axis.of("trial"), Axis.of("AUC"))
                .series(
                        "best so far",
                        found.sweep().study().bestSoFar().stream()
                                .mapToDouble(v -> v.orElse(Double.NaN))
                                .toArray())
                .stepped());
        ParallelChart parallel = Charts.parallel("All trials", Axis.of("AUC"), auc);
        List<Chart> against = new ArrayList<>();
        List<String> labels =
                completed.stream().map(t -> "trial " + (t.number() + 1)).toList();
        parallel.labels(labels);
        for (String name : WineLifecycle.SPACE.names()) {
            double[] values = completed.stream()
                    .mapToDouble(
                            t -> ((Number) Objects.requireNonNull(t.parameters().get(name))).doubleValue())
                    .toArray();
            Axis axis = LOGARITHMIC.contains(name) ? Axis.of(name).log() : Axis.of(name);
            parallel.axis(axis, values);
            against.add(Charts.scatter(name, axis, Axis.of("validation AUC")).points("trials", values, auc, labels));
        }
        section.chart(parallel);
        section.heading("AUC against each parameter").charts(against);
        section.heading("Learning curves").chart(curves(completed));
        Table table = Table.of(sweepColumns());
        for (FinishedTrial trial : trials) {
            List<Object> cells = new ArrayList<>(List.of(trial.number() + 1));
            trial.parameters().values().forEach(cells::add);
            cells.add(trial.notes().get("rounds"));
            OptionalDouble value = trial.value();
            cells.add(value.isPresent() ? value.getAsDouble() : trial.outcome().toString());
            cells.add(trial.seconds());
            table.row(cells.toArray());
        }
        section.heading("Every trial").table(table.sortable());
    }

    private static List<Column> sweepColumns() {
        List<Column> columns = new ArrayList<>(List.of(Column.fixed("trial", 0)));
        WineLifecycle.SPACE.names().forEach(name -> columns.add(Column.number(name)));
        columns.add(Column.fixed("rounds", 0));
        columns.add(Column.fixed("validation AUC", 5));
        columns.add(Column.fixed("seconds", 2));
        return columns;
    }

    private static LineChart curves(List<FinishedTrial> completed) {
        LineChart chart = Charts.line("Validation AUC by round", Axis.of("round"), Axis.of("AUC"))
                .caption("The %d best trials.".formatted(Math.min(CURVES, completed.size())));
        completed.stream()
                .sorted(Comparator.comparingDouble(t -> -t.value().orElseThrow()))
                .limit(CURVES)
                .forEach(trial -> chart.series(
                        "trial " + (trial.number() + 1),
                        trial.reports().stream().mapToDouble(r -> r.step() + 1).toArray(),
                        trial.reports().stream()
                                .mapToDouble(FinishedTrial.Report::value)
                                .toArray()));
        return chart;
    }

    private void champion(Section section) {
        section.text(Text.of("Version %d of ".formatted(found.champion().version()))
                .code(WineLifecycle.MODEL)
                .then(" is ")
                .code(WineLifecycle.CHAMPION)
                .then(". Loaded back from the registry, its golden rows verified, it has test AUC %s."
                        .formatted(fixed(found.championAuc(), 4))));
        section.chart(Importances.chart(
                "What the best booster looks at", found.sweep().best().trees().importances()));
        Table history = Table.ofText("when", "who", "from", "to", "why");
        for (AliasChange change : found.history()) {
            history.row(
                    DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                            .withZone(ZoneOffset.UTC)
                            .format(Instant.ofEpochMilli(change.atMillis())),
                    change.who(),
                    version(change.from()),
                    version(change.to()),
                    change.why());
        }
        section.heading("Who promoted what, and why").table(history);
    }

    private void batch(Section section) {
        section.text(Text.of("%,d unseen rows scored by Spark in %s s and written to "
                        .formatted(found.batchRows(), fixed(found.batchSeconds(), 2)))
                .code("batch/")
                .then(" as Parquet."));
        double[] counts = new double[20];
        double[] edges = new double[21];
        for (int i = 0; i <= 20; i++) {
            edges[i] = i / 20.0;
        }
        found.scores().forEach(score -> counts[Math.min(19, (int) (score * 20))]++);
        section.chart(Charts.histogram(
                        "Scores of %,d of them".formatted(found.scores().size()), Axis.of("score"), edges, counts)
                .unit("wines"));
    }

    private void serving(Section section) {
        var serving = found.serving();
        section.text(
                "%,d rows sent one by one over HTTP: median %s ms, 99th percentile %s ms. Greatest difference to the"
                                .formatted(
                                        serving.latencies().count(),
                                        fixed(serving.latencies().p50Millis(), 2),
                                        fixed(serving.latencies().p99Millis(), 2))
                        + " batch's scores: %s."
                                .formatted(serving.maxAbsDifference() == 0 ? "none" : serving.maxAbsDifference()));
        section.text("To serve the champion again:")
                .code("./arclight serve models:/%s@%s --tracking %s"
                        .formatted(
                                WineLifecycle.MODEL,
                                WineLifecycle.CHAMPION,
                                found.options().out().resolve("tracking")));
    }

    private void time(Section section) {
        section.chart(Charts.bar(
                        "Seconds by step",
                        Axis.of("seconds"),
                        List.copyOf(found.seconds().keySet()),
                        doubles(List.copyOf(found.seconds().values())))
                .horizontal());
        section.text(Text.of("Seed %d, master ".formatted(found.options().seed()))
                .code(found.options().master().text())
                .then("."));
    }

    private static String version(OptionalInt number) {
        return number.isPresent() ? "version " + number.getAsInt() : "none";
    }

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String fixed(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
