package dev.arclight.examples.wine;

import dev.arclight.learn.LabeledMatrix;
import dev.arclight.learn.TrainedTrees;
import dev.arclight.learn.XGBoostParams;
import dev.arclight.learn.XGBoostTrainer;
import dev.arclight.model.DataType;
import dev.arclight.model.ModelWriter;
import dev.arclight.model.Signature;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.trials.SparkTrials;
import dev.arclight.tune.Sampler;
import dev.arclight.tune.Study;
import dev.arclight.tune.StudyResult;
import dev.arclight.tune.TrialEnd;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * The wine sweep with listed parameters, in other ways than {@link WineLifecycle#sweep}.
 *
 * @param parts the splits
 * @param trials parameters of each
 * @param parallelism trials at a time
 */
record ReplayedSweep(WineData.Parts parts, List<Map<String, Object>> trials, int parallelism) {
    private static final long SEED = 123;
    private static final int GOLDEN_ROWS = 20;

    private Study study() {
        return Study.over(WineLifecycle.SPACE)
                .maximize("validation_auc")
                .trials(trials.size())
                .parallelism(parallelism)
                .seed(SEED)
                .sampler(Sampler.listed(trials));
    }

    private static XGBoostParams params(Map<String, Object> parameters) {
        return XGBoostParams.binary().with(parameters).seed(SEED);
    }

    /** On threads, as {@link WineLifecycle#sweep}, with nothing logged. */
    StudyResult untracked() {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(parts.train(), parts.validation())) {
            return study().run(trial ->
                    trainer.train(params(trial.parameters()), trial::report).bestScore());
        }
    }

    /** As Spark tasks; each trial is a nested run, and its model is logged. */
    StudyResult onSpark(SparkSession spark, Tracking tracking) throws IOException {
        SparkTrials place = SparkTrials.on(spark);
        Broadcast<LabeledMatrix[]> data = place.share(new LabeledMatrix[] {parts.train(), parts.validation()});
        return tracking.within(
                RunStart.in(tracking.experiment("wine")).named("xgboost sweep"),
                run -> study().track(tracking, run)
                        .on((order, objective) -> {
                            TrialEnd end = place.run(order, objective);
                            if (end.kept() instanceof TrainedTrees trees) {
                                log(run, "model-" + order.number(), trees);
                            }
                            return end;
                        })
                        .run(trial -> {
                            LabeledMatrix[] rows = data.value();
                            try (XGBoostTrainer trainer = XGBoostTrainer.on(rows[0], rows[1])) {
                                TrainedTrees trees = trainer.train(params(trial.parameters()), trial::report);
                                trial.keep(trees);
                                return trees.bestScore();
                            }
                        }));
    }

    private void log(ActiveRun run, String name, TrainedTrees trees) throws IOException {
        run.logModel(
                name,
                ModelWriter.xgboost(
                        trees.file(),
                        Signature.table(WineData.FEATURES, DataType.DOUBLE, 1),
                        trees.goldenRows(parts.validation().features(), GOLDEN_ROWS)));
    }
}
