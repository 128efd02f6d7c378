package dev.arclight.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arclight.track.ActiveRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Trainings that log themselves to a run: parameters before, what each round measured and what the model looks like
 * after. The run stays open, and what fails there is the caller's to record ({@code Tracking.within}).
 *
 * <pre>{@code
 * TrainedTrees trees = Autolog.to(run).train(trainer, XGBoostParams.binary().rounds(200));
 * PipelineModel model = Autolog.to(run).fit(pipeline, rows);
 * }</pre>
 *
 * <p>Sweeps log themselves by {@code Study.track}, the machine by {@code ActiveRun.systemMetrics}.
 */
public final class Autolog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 6000; // of a param's value

    private final ActiveRun run;

    private Autolog(ActiveRun run) {
        this.run = run;
    }

    /** Logs to {@code run}, which must be open while a training lasts. */
    public static Autolog to(ActiveRun run) {
        return new Autolog(run);
    }

    /**
     * Trains on one machine. Logs the booster's parameters and rounds as params; the validation metric after each round
     * (under the name of {@code eval_metric}, or {@code validation}), {@code best_iteration}, {@code best_score} and
     * {@code training_seconds} as metrics; {@code feature_importance.json}.
     */
    public TrainedTrees train(XGBoostTrainer trainer, XGBoostParams params) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(params.booster());
        all.put("num_boost_round", params.rounds());
        all.put("early_stopping_rounds", params.earlyStoppingRounds());
        run.params(texts(all));
        String metric = String.valueOf(params.booster().getOrDefault("eval_metric", "validation"));
        TrainedTrees trees = trainer.train(params, (round, value) -> run.metric(metric, value, round));
        run.metrics(
                Map.of(
                        "best_iteration",
                        (double) trees.bestIteration(),
                        "best_score",
                        trees.bestScore(),
                        "training_seconds",
                        trees.seconds()),
                0);
        importances(trees.importances());
        return trees;
    }

    /**
     * Fits a Spark ML estimator or pipeline. Logs its params, those at their defaults too, each under the name of its
     * stage where there are several; the rows' columns; {@code training_seconds}; for linear and logistic regressions
     * the objective of each iteration; for boosted trees {@code feature_importance.json}.
     */
    public <M extends Model<M>> M fit(Estimator<M> estimator, Dataset<?> data) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("estimator", estimator.getClass().getSimpleName());
        if (estimator instanceof Pipeline pipeline) {
            for (PipelineStage stage : pipeline.getStages()) {
                params(stage).forEach((key, value) -> all.put(stage.getClass().getSimpleName() + "." + key, value));
            }
        } else {
            all.putAll(params(estimator));
        }
        all.put("input_columns", String.join(",", data.columns()));
        run.params(texts(all));
        long started = System.nanoTime();
        M model = estimator.fit(data);
        run.metric("training_seconds", (System.nanoTime() - started) / 1e9);
        if (model instanceof PipelineModel pipeline) {
            for (org.apache.spark.ml.Transformer stage : pipeline.stages()) {
                fitted(stage);
            }
        } else {
            fitted(model);
        }
        return model;
    }

    private void fitted(org.apache.spark.ml.Transformer model) throws IOException {
        if (model instanceof LogisticRegressionModel logistic && logistic.hasSummary()) {
            objective(logistic.summary().objectiveHistory());
        } else if (model instanceof LinearRegressionModel linear && linear.hasSummary()) {
            objective(linear.summary().objectiveHistory());
        } else if (model instanceof XGBoostModel trees) {
            importances(trees.importances());
        }
    }

    private void objective(double[] history) {
        for (int iteration = 0; iteration < history.length; iteration++) {
            run.metric("objective", history[iteration], iteration);
        }
    }

    private void importances(List<FeatureImportance> importances) throws IOException {
        Map<String, Map<String, Double>> json = new LinkedHashMap<>();
        importances.forEach(one ->
                json.put(one.feature(), Map.of("gain", one.gain(), "cover", one.cover(), "weight", one.weight())));
        byte[] bytes =
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
        run.artifact("feature_importance.json", out -> out.write(bytes));
    }

    private static Map<String, Object> params(Params of) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (ParamPair<?> pair :
                CollectionConverters.asJava(of.extractParamMap().toSeq())) {
            String name = pair.param().name();
            if (of instanceof XGBoostEstimator && name.equals("booster")) {
                all.putAll(TreesParams.map(String.valueOf(pair.value())));
            } else {
                all.put(name, pair.value());
            }
        }
        return all;
    }

    private static Map<String, String> texts(Map<String, Object> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            String text = text(value);
            texts.put(key, text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…");
        });
        return texts;
    }

    private static String text(Object value) {
        if (value instanceof Object[] many) {
            return Arrays.deepToString(many);
        }
        if (value != null && value.getClass().isArray()) {
            try {
                return JSON.writeValueAsString(value); // of numbers
            } catch (JsonProcessingException e) {
                return value.toString();
            }
        }
        return String.valueOf(value);
    }
}
