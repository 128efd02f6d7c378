package dev.arclight.examples.wine;

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
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Wine quality, from raw tables to a served model: the whole of Arclight in one program. {@code arclight demo wine}
 * runs the same methods and makes a report of what they return.
 */
public final class WineLifecycle {
    static final String MODEL = "wine-quality";
    static final String CHAMPION = "champion";
    private static final int GOLDEN_ROWS = 20;
    private static final long SEED = 123;

    /** What the sweep tries; bounds of loguniform are natural logarithms. */
    static final SearchSpace SPACE = SearchSpace.builder()
            .quniform("max_depth", 4, 100, 1)
            .loguniform("learning_rate", -3, 0)
            .loguniform("reg_alpha", -5, -1)
            .loguniform("reg_lambda", -6, -1)
            .loguniform("min_child_weight", -1, 3)
            .build();

    /** A model that was trained and logged. */
    record Trained(TrainedTrees trees, double testAuc, LoggedModel logged) {}

    /** A sweep and its best model. */
    record Sweep(StudyResult study, Trained best) {}

    /** Runs everything with defaults; the folder {@code arclight-out} holds what comes of it. */
    public static void main(String[] arguments) throws Exception {
        Path out = Path.of("arclight-out");
        WineTables.write(out.resolve("data"), SEED);
        try (Arclight arclight = Arclight.builder("wine").start();
                Tracking tracking = Tracking.open(out.resolve("tracking").toString())) {
            WineLifecycle wine = new WineLifecycle(tracking, Progress.NONE, SEED);
            WineData.Parts parts = WineData.split(WineData.load(arclight, out.resolve("data")), SEED);

            Trained forest = wine.forest(parts);
            wine.promoteIfBetter(wine.register(forest), forest, parts);
            Sweep sweep = wine.sweep(parts, 32, 2, study -> study);
            Optional<AliasChange> change = wine.promoteIfBetter(wine.register(sweep.best()), sweep.best(), parts);
            System.out.println("forest %.4f, best of sweep %.4f, %s"
                    .formatted(forest.testAuc(), sweep.best().testAuc(), change));

            Model champion = wine.champion();
            Dataset<Row> unseen = WineData.loadUnseen(arclight, out.resolve("data"));
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

    /** The baseline: a random forest of ten trees. */
    Trained forest(WineData.Parts parts) throws IOException {
        XGBoostParams params = XGBoostParams.forest(10).seed(seed);
        return tracking.within(RunStart.in(experiment).named("random forest"), run -> {
            try (XGBoostTrainer trainer = XGBoostTrainer.on(parts.train(), parts.validation())) {
                run.params(params.booster());
                return log(run, trainer.train(params), parts);
            }
        });
    }

    /** Boosted trees for each set of parameters, with early stopping on the validation split. */
    Sweep sweep(WineData.Parts parts, int trials, int parallelism, UnaryOperator<Study> more) throws IOException {
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
    private static Trained log(ActiveRun run, TrainedTrees trees, WineData.Parts parts) throws IOException {
        LabeledMatrix test = parts.test();
        double auc = Metrics.auc(trees.nativePredictions(test.features()), test.labels());
        run.metric("test_auc", auc).artifact("importances.html", Importances.page(trees.importances())::write);
        ModelWriter model = ModelWriter.xgboost(
                        trees.file(),
                        Signature.table(WineData.FEATURES, DataType.DOUBLE, 1),
                        trees.goldenRows(test.features(), GOLDEN_ROWS))
                .withMetadata(Map.of("test_auc", auc));
        return new Trained(trees, auc, run.logModel("model", model));
    }

    /** Makes the model the next version of the registered model. */
    ModelVersion register(Trained trained) {
        return tracking.registry()
                .register(
                        Registration.of(MODEL, trained.logged()).tag("test_auc", "%.6f".formatted(trained.testAuc())));
    }

    /** Moves the alias to the new version if it is better, on the same test split, than the one that has it. */
    Optional<AliasChange> promoteIfBetter(ModelVersion version, Trained trained, WineData.Parts parts)
            throws IOException {
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
}
