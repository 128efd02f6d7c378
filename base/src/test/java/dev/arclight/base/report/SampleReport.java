package dev.arclight.base.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A report like the wine demo's, with every kind of chart, from numbers drawn by a seeded generator. */
final class SampleReport {
    static final List<String> FEATURES = List.of(
            "fixed acidity",
            "volatile acidity",
            "citric acid",
            "residual sugar",
            "chlorides",
            "free sulfur dioxide",
            "total sulfur dioxide",
            "density",
            "pH",
            "sulphates",
            "alcohol",
            "is_red");
    static final int TRIALS = 96;
    static final int ROUNDS = 300;

    private SampleReport() {}

    /** Writes the sample for a person to look at: {@code SampleReport FILE}. */
    public static void main(String[] arguments) throws IOException {
        build().write(Path.of(arguments[0]));
    }

    static Report build() {
        Random random = new Random(7);
        Report report = Report.titled("Wine quality: from raw tables to a served model")
                .subtitle("6,497 wines, 11 measurements each. Which of them do tasters rate 7 or better?")
                .fact("Test AUC", "0.9054", "champion, version 2")
                .fact("Random forest", "0.8541", "baseline, version 1")
                .fact("Sweep", "96 trials", "in 41 s, 2 at a time")
                .fact("Batch", "1,300 rows", "scored in 1.2 s")
                .fact("Answer time", "0.31 ms", "p50; p99 1.4 ms");
        data(report.section("Data"), random);
        forest(report.section("Baseline: a random forest"), random);
        sweep(report.section("Sweep"), random);
        champion(report.section("Champion"), random);
        report.section("Serving")
                .text("The scoring server answered 200 rows; its answers equal the batch column exactly.")
                .code("""
                        curl -s http://127.0.0.1:5599/invocations -H 'Content-Type: application/json' \\
                          -d '{"dataframe_split": {"columns": ["alcohol", "density"], "data": [[12.8, 0.9915]]}}'""");
        report.source(Text.of("Data: P. Cortez, A. Cerdeira, F. Almeida, T. Matos and J. Reis, Modeling wine "
                        + "preferences by data mining from physicochemical properties, 2009; ")
                .link("UCI Machine Learning Repository", "https://archive.ics.uci.edu/dataset/186/wine+quality")
                .then(", CC BY 4.0."));
        return report;
    }

    private static void data(Section section, Random random) {
        section.text(Text.of("Two files, ")
                .code("winequality-red.csv")
                .then(" and ")
                .code("winequality-white.csv")
                .then(", merged with a column ")
                .code("is_red")
                .then(". The label is ")
                .strong("quality of 7 or more")
                .then("."));
        section.note("1,177 rows are exact duplicates of others. They are kept: the tasters may have had the same wine "
                + "twice, and the Python baseline keeps them.");
        Table columns = Table.of(
                        Column.code("column"),
                        Column.text("type"),
                        Column.fixed("missing", 0),
                        Column.number("lowest"),
                        Column.number("median"),
                        Column.number("highest"),
                        Column.fixed("correlation with label", 3))
                .sortable();
        for (String feature : FEATURES) {
            double low = random.nextDouble() * 4;
            columns.row(
                    feature.replace(' ', '_'),
                    "double",
                    0,
                    low,
                    low + 2.4,
                    low + 30 * random.nextDouble() + 3,
                    random.nextGaussian() * 0.2);
        }
        section.table(columns);
        section.charts(
                Charts.bar(
                                "Quality",
                                Axis.of("wines"),
                                List.of("3", "4", "5", "6", "7", "8", "9"),
                                30,
                                216,
                                2138,
                                2836,
                                1079,
                                193,
                                5)
                        .categoryTitle("quality, as tasted"),
                Charts.histogram(
                                "Alcohol",
                                Axis.of("alcohol (% vol)"),
                                IntStream.rangeClosed(0, 20)
                                        .mapToDouble(i -> 8 + i * 0.345)
                                        .toArray(),
                                IntStream.range(0, 20)
                                        .mapToDouble(i -> Math.rint(1100 * Math.exp(-Math.pow((i - 6) / 4.5, 2))))
                                        .toArray())
                        .unit("wines"),
                Charts.bar("Colour and label", Axis.of("wines"), List.of("red", "white"))
                        .series("below 7", 1382, 3838)
                        .series("7 or more", 217, 1060)
                        .caption("White wines are rated 7 or more about twice as often."));
        section.heading("Measurements by label");
        List<Chart> boxes = new ArrayList<>();
        for (String feature : FEATURES.subList(0, 11)) {
            boxes.add(Charts.boxPlot(feature, Axis.of(""))
                    .group("below 7", box(random, 0))
                    .group("7 or more", box(random, 0.6)));
        }
        section.charts(boxes);
        section.chart(Charts.correlations("Correlations", FEATURES, correlations(random))
                .caption("Density falls with alcohol; free and total sulfur dioxide rise together."));
        section.chart(Charts.boxPlot("Standardised measurements", Axis.of("standard deviations"), FEATURES)
                .group("below 7", FEATURES.stream().map(f -> box(random, 0)).toList())
                .group("7 or more", FEATURES.stream().map(f -> box(random, 0.4)).toList()));
    }

    private static void forest(Section section, Random random) {
        section.text("Ten trees, depth unlimited, in a canonical order of rows.");
        double[] importances = FEATURES.stream()
                .mapToDouble(f -> Math.abs(random.nextGaussian()))
                .sorted()
                .toArray();
        List<String> names = new ArrayList<>(FEATURES);
        section.charts(
                Charts.bar("Feature importances", Axis.of("share of gain"), names, reversed(importances))
                        .horizontal(),
                roc("ROC on the test split"),
                calibration());
    }

    private static void sweep(Section section, Random random) {
        double[] depth = doubles(TRIALS, i -> 4 + random.nextInt(97));
        double[] rate = doubles(TRIALS, i -> Math.exp(-3 * random.nextDouble()));
        double[] alpha = doubles(TRIALS, i -> Math.exp(-5 + 4 * random.nextDouble()));
        double[] lambda = doubles(TRIALS, i -> Math.exp(-6 + 5 * random.nextDouble()));
        double[] weight = doubles(TRIALS, i -> Math.exp(-1 + 4 * random.nextDouble()));
        double[] auc = doubles(
                TRIALS,
                i -> 0.9
                        - 0.01 * Math.abs(Math.log(rate[i]) + 1.8)
                        - 0.002 * weight[i]
                        + 0.004 * random.nextGaussian());
        double[] best = auc.clone();
        for (int i = 1; i < TRIALS; i++) {
            best[i] = Math.max(best[i - 1], auc[i]);
        }
        auc[17] = Double.NaN;
        List<String> labels =
                IntStream.rangeClosed(1, TRIALS).mapToObj(i -> "trial " + i).toList();
        section.text("96 trials, suggested by a tree-structured Parzen estimator; each ran on one core.");
        section.chart(Charts.parallel("Trials", Axis.of("validation AUC"), auc)
                .axis(Axis.of("max_depth"), depth)
                .axis(Axis.of("learning_rate").log(), rate)
                .axis(Axis.of("reg_alpha").log(), alpha)
                .axis(Axis.of("reg_lambda").log(), lambda)
                .axis(Axis.of("min_child_weight").log(), weight));
        section.chart(Charts.line("Best so far", Axis.of("trial"), Axis.of("validation AUC"))
                .series("best so far", best)
                .stepped());
        section.charts(
                scatter("max_depth", false, depth, auc, labels),
                scatter("learning_rate", true, rate, auc, labels),
                scatter("reg_alpha", true, alpha, auc, labels),
                scatter("reg_lambda", true, lambda, auc, labels),
                scatter("min_child_weight", true, weight, auc, labels));
        LineChart history = Charts.line("Validation AUC, round by round", Axis.of("round"), Axis.of("AUC"))
                .highlight("trial 31");
        for (int trial = 1; trial <= 32; trial++) {
            double top = 0.88 + 0.02 * random.nextDouble();
            double speed = 0.01 + 0.05 * random.nextDouble();
            int rounds = trial % 5 == 0 ? ROUNDS / 3 : ROUNDS;
            history.series(
                    "trial " + trial,
                    doubles(rounds, i -> top - 0.12 * Math.exp(-speed * i) + 0.0008 * random.nextGaussian()));
        }
        section.chart(history.caption("One line a trial; the best is in orange."));
        Table trials = Table.of(
                        Column.fixed("trial", 0),
                        Column.fixed("validation AUC", 4),
                        Column.fixed("max_depth", 0),
                        Column.number("learning_rate"),
                        Column.number("reg_alpha"),
                        Column.number("reg_lambda"),
                        Column.number("min_child_weight"))
                .sortable();
        for (int i = 0; i < TRIALS; i++) {
            trials.row(i + 1, auc[i], depth[i], rate[i], alpha[i], lambda[i], weight[i]);
        }
        section.table(trials);
    }

    private static void champion(Section section, Random random) {
        section.text("Version 2 beats version 1 on the test split, so the alias moved.");
        section.warning("Suggestions ran with pruning: this sweep cannot be reproduced exactly.");
        section.charts(
                Charts.heatMap(
                        "Confusion at 0.5",
                        List.of("truly below 7", "truly 7 or more"),
                        List.of("said below 7", "said 7 or more"),
                        new double[][] {{998, 41}, {96, 165}}),
                Charts.line("ROC, both versions", Axis.of("false positive rate"), Axis.of("true positive rate"))
                        .series("version 2", unit(200), doubles(200, i -> Math.pow(i / 199.0, 0.18)))
                        .series("version 1", unit(200), doubles(200, i -> Math.pow(i / 199.0, 0.3)))
                        .reference("chance", new double[] {0, 1}, new double[] {0, 1}),
                Charts.scatter("Scores of both versions", Axis.of("version 1"), Axis.of("version 2"))
                        .points(
                                "below 7",
                                doubles(300, i -> random.nextDouble()),
                                doubles(300, i -> random.nextDouble()))
                        .points(
                                "7 or more",
                                doubles(80, i -> random.nextDouble()),
                                doubles(80, i -> 1 - random.nextDouble() / 2)));
    }

    static Chart scatter(String name, boolean log, double[] x, double[] auc, List<String> labels) {
        Axis axis = log ? Axis.of(name).log() : Axis.of(name);
        return Charts.scatter("AUC against " + name, axis, Axis.of("validation AUC"))
                .points("trials", x, auc, labels);
    }

    private static Chart roc(String title) {
        return Charts.line(title, Axis.of("false positive rate"), Axis.of("true positive rate"))
                .series("forest", unit(100), doubles(100, i -> Math.pow(i / 99.0, 0.25)))
                .reference("chance", new double[] {0, 1}, new double[] {0, 1});
    }

    private static Chart calibration() {
        return Charts.line("Calibration", Axis.of("predicted"), Axis.of("observed"))
                .series("forest", unit(10), doubles(10, i -> Math.pow(i / 9.0, 1.3)))
                .reference("perfect", new double[] {0, 1}, new double[] {0, 1});
    }

    static FiveNumbers box(Random random, double shift) {
        double[] five = random.doubles(5).map(v -> 6 * v + shift).sorted().toArray();
        return new FiveNumbers(five[0], five[1], five[2], five[3], five[4]);
    }

    static double[][] correlations(Random random) {
        int n = FEATURES.size();
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            matrix[i][i] = 1;
            for (int j = 0; j < i; j++) {
                matrix[i][j] = Math.tanh(random.nextGaussian() * 0.45);
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }

    static double[] doubles(int size, java.util.function.IntToDoubleFunction value) {
        return IntStream.range(0, size).mapToDouble(value).toArray();
    }

    private static double[] unit(int size) {
        return doubles(size, i -> i / (size - 1.0));
    }

    private static double[] reversed(double[] values) {
        return Arrays.stream(values).map(v -> -v).sorted().map(v -> -v).toArray();
    }
}
