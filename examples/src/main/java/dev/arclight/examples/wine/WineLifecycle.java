package dev.arclight.examples.wine;

import static org.apache.spark.sql.functions.col;

import dev.arclight.base.AtomicFiles;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.learn.LabeledMatrix;
import dev.arclight.learn.Metrics;
import dev.arclight.learn.Scoring;
import dev.arclight.learn.TrainedTrees;
import dev.arclight.learn.XGBoostParams;
import dev.arclight.learn.XGBoostTrainer;
import dev.arclight.model.DataType;
import dev.arclight.model.Model;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.serve.ScoringServer;
import dev.arclight.tables.AtomicTable;
import dev.arclight.tables.Split;
import dev.arclight.tables.Table;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Experiment;
import dev.arclight.track.LoggedModel;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.tune.SearchSpace;
import dev.arclight.tune.Study;
import dev.arclight.tune.StudyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Wine quality, from raw tables to a served model: the whole of Arclight in one program. {@code arclight demo wine}
 * runs the same methods and makes a report of what they return.
 */
public final class WineLifecycle {
    static final String MODEL = "wine-quality";
    static final String CHAMPION = "champion";
    static final int GOLDEN_ROWS = 20;
    static final List<String> FEATURES = List.of(
            "fixed_acidity",
            "volatile_acidity",
            "citric_acid",
            "residual_sugar",
            "chlorides",
            "free_sulfur_dioxide",
            "total_sulfur_dioxide",
            "density",
            "pH",
            "sulphates",
            "alcohol",
            "is_red");

    /** What the sweep tries; bounds of loguniform are natural logarithms. */
    static final SearchSpace SPACE = SearchSpace.builder()
            .quniform("max_depth", 4, 100, 1)
            .loguniform("learning_rate", -3, 0)
            .loguniform("reg_alpha", -5, -1)
            .loguniform("reg_lambda", -6, -1)
            .loguniform("min_child_weight", -1, 3)
            .build();

    /** The three parts of the data. */
    record Parts(LabeledMatrix train, LabeledMatrix validation, LabeledMatrix test) {}

    /** A model that was trained and logged. */
    record Trained(TrainedTrees trees, double testAuc, String runId, LoggedModel logged) {}

    /** A sweep and its best model. */
    record Sweep(StudyResult study, Trained best) {}

    /** Runs everything with defaults; the folder {@code arclight-out} holds what comes of it. */
    public static void main(String[] arguments) throws Exception {
        Path out = Path.of("arclight-out");
        WineTables.write(out.resolve("data"), 123);
        try (Arclight arclight = Arclight.builder("wine").start();
                Tracking tracking = Tracking.open(out.resolve("tracking").toString())) {
            WineLifecycle wine = new WineLifecycle(tracking, Progress.NONE, 123);
            Parts parts = wine.split(wine.load(arclight, out.resolve("data")));

            Trained forest = wine.forest(parts);
            wine.promoteIfBetter(wine.register(forest), forest, parts);
            Sweep sweep = wine.sweep(parts, 32, 2, study -> study);
            Optional<AliasChange> change = wine.promoteIfBetter(wine.register(sweep.best()), sweep.best(), parts);
            System.out.println("forest %.4f, best of sweep %.4f, %s"
                    .formatted(forest.testAuc(), sweep.best().testAuc(), change));

            Model champion = wine.champion();
            Dataset<Row> unseen = wine.loadUnseen(arclight, out.resolve("data"));
            AtomicTable.write(
                    Scoring.score(unseen, champion, "score"),
                    out.resolve("batch").toString());
            try (ScoringServer server =
                    ScoringServer.builder().model(MODEL, champion).start()) {
                System.out.println("serving at " + server.uri());
            }
        }
    }

    private final Tracking tracking;
    private final Experiment experiment;
    private final Progress progress;
    private final long seed;

    WineLifecycle(Tracking tracking, Progress progress, long seed) {
        this.tracking = tracking;
        this.experiment = tracking.experiment("wine");
        this.progress = progress;
        this.seed = seed;
    }

    /** The features as UCI wrote them: {@code ;} between fields, names in quotes; the file's name tells the colour. */
    static Table features() {
        Table table = Table.declare("wine").separator(';');
        for (String feature : FEATURES.subList(0, FEATURES.size() - 1)) {
            table = table.column(feature, DataTypes.DoubleType);
        }
        return table.fromFileName("is_red", DataTypes.IntegerType, file -> file.contains("-red") ? 1 : 0);
    }

    /** Red and white wines in one table; {@code label} is 1 for a quality of 7 or more. */
    Dataset<Row> load(Arclight arclight, Path folder) {
        return features()
                .column("quality", DataTypes.IntegerType)
                .read(arclight.spark(), folder.resolve("winequality-red.csv"), folder.resolve("winequality-white.csv"))
                .withColumn("label", col("quality").geq(7).cast(DataTypes.IntegerType));
    }

    /** 60/20/20, by what a row holds: no wine of one part has a duplicate in another. */
    Parts split(Dataset<Row> wine) {
        return parts(Split.of(seed).parts(0.6, 0.2, 0.2).apply(wine));
    }

    /** Splits made elsewhere: {@code train.csv}, {@code val.csv} and {@code test.csv}, comma-separated. */
    static List<Dataset<Row>> readySplits(Arclight arclight, Path folder) {
        Table table = Table.declare("wine split");
        for (String feature : FEATURES) {
            table = table.column(feature, DataTypes.DoubleType);
        }
        Table split = table.column("label", DataTypes.IntegerType);
        return Stream.of("train.csv", "val.csv", "test.csv")
                .map(name -> split.read(arclight.spark(), folder.resolve(name)))
                .toList();
    }

    static Parts parts(List<Dataset<Row>> splits) {
        return new Parts(
                LabeledMatrix.collect(splits.get(0), FEATURES, "label").requireTwoClasses("the training split"),
                LabeledMatrix.collect(splits.get(1), FEATURES, "label").requireTwoClasses("the validation split"),
                LabeledMatrix.collect(splits.get(2), FEATURES, "label").requireTwoClasses("the test split"));
    }

    /** The baseline: a random forest of ten trees. */
    Trained forest(Parts parts) throws IOException {
        XGBoostParams params = XGBoostParams.forest(10).seed(seed);
        return tracking.within(RunStart.in(experiment).named("random forest"), run -> {
            try (XGBoostTrainer trainer = XGBoostTrainer.on(parts.train(), parts.validation())) {
                run.params(params.booster());
                return log(run, trainer.train(params), parts);
            }
        });
    }

    /** Boosted trees for each set of parameters, with early stopping on the validation split. */
    Sweep sweep(Parts parts, int trials, int parallelism, UnaryOperator<Study> more) throws IOException {
        return tracking.within(RunStart.in(experiment).named("xgboost sweep"), run -> {
            try (XGBoostTrainer trainer = XGBoostTrainer.on(parts.train(), parts.validation())) {
                run.params(Map.of("trials", trials, "parallelism", parallelism, "seed", seed));
                Study study = Study.over(SPACE)
                        .maximize("validation_auc")
                        .trials(trials)
                        .parallelism(parallelism)
                        .seed(seed)
                        .progress(progress, "XGBoost sweep")
                        .track(tracking, run);
                StudyResult result = more.apply(study).run(trial -> {
                    TrainedTrees trees = trainer.train(
                            XGBoostParams.binary().with(trial.parameters()).seed(seed), trial::report);
                    trial.note("rounds", trees.bestIteration() + 1);
                    trial.keep(trees);
                    return trees.bestScore();
                });
                run.params(result.best().parameters()).metric("validation_auc", result.bestValue());
                return new Sweep(
                        result, log(run, result.kept(TrainedTrees.class).orElseThrow(), parts));
            }
        });
    }

    /** Logs a model with its test AUC, in MLflow's layout and with golden rows to check it by. */
    private static Trained log(ActiveRun run, TrainedTrees trees, Parts parts) throws IOException {
        LabeledMatrix test = parts.test();
        double auc = Metrics.auc(trees.nativePredictions(test.features()), test.labels());
        run.metric("test_auc", auc);
        Path folder = Files.createTempDirectory("arclight-model");
        try {
            ModelWriter.xgboost(
                            trees.file(),
                            Signature.table(FEATURES, DataType.DOUBLE, 1),
                            trees.goldenRows(test.features(), GOLDEN_ROWS))
                    .withRunId(run.id())
                    .withMetadata(Map.of("test_auc", auc))
                    .write(folder.resolve("model"));
            return new Trained(trees, auc, run.id(), run.logModel("model", folder.resolve("model")));
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    /** Makes the model the next version of the registered model. */
    ModelVersion register(Trained trained) {
        return tracking.registry()
                .register(
                        Registration.of(MODEL, trained.logged()).tag("test_auc", "%.6f".formatted(trained.testAuc())));
    }

    /** Moves the alias to the new version if it is better, on the same test split, than the one that has it. */
    Optional<AliasChange> promoteIfBetter(ModelVersion version, Trained trained, Parts parts) throws IOException {
        Optional<ModelVersion> present = tracking.registry().findByAlias(MODEL, CHAMPION);
        double presentAuc = present.isPresent() ? auc(champion(), parts.test()) : Double.NEGATIVE_INFINITY;
        if (trained.testAuc() <= presentAuc) {
            return Optional.empty();
        }
        String why = present.map(
                        p -> "test AUC %.4f, version %d has %.4f".formatted(trained.testAuc(), p.version(), presentAuc))
                .orElseGet(() -> "test AUC %.4f, the first version".formatted(trained.testAuc()));
        return Optional.of(tracking.registry()
                .promote(Promotion.of(MODEL, CHAMPION, version.version())
                        .expecting(present.map(ModelVersion::version))
                        .because(why)));
    }

    /** The model that the registry calls champion, its golden rows verified. */
    Model champion() throws IOException {
        return Model.load(tracking.resolve("models:/%s@%s".formatted(MODEL, CHAMPION)));
    }

    static double auc(Model model, LabeledMatrix rows) {
        float[] scores = new float[rows.rows()];
        model.predictor().predict(rows.features().values(), rows.rows(), scores);
        return Metrics.auc(scores, rows.labels());
    }

    /** Wines that no model has seen. */
    Dataset<Row> loadUnseen(Arclight arclight, Path folder) {
        return features().read(arclight.spark(), folder.resolve("unseen-red.csv"), folder.resolve("unseen-white.csv"));
    }
}
