package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.model.Predictor;
import dev.arclight.model.xgboost.XGBoostFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class XGBoostTrainerTest {
    private static final LabeledMatrix TRAIN = Wine.rows(1500, 1);
    private static final LabeledMatrix VALIDATION = Wine.rows(600, 2);
    private static final XGBoostParams PARAMS = XGBoostParams.binary()
            .with("max_depth", 6)
            .with("learning_rate", 0.3)
            .rounds(200)
            .earlyStopping(20)
            .seed(7);

    @Test
    void theModelIsCutAtTheBestRoundAndPredictsTheScoreOfThatRound() {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            List<Integer> rounds = new ArrayList<>();
            TrainedTrees trees = trainer.train(PARAMS, (round, auc) -> rounds.add(round));

            assertThat(trees.history()).hasSize(trees.bestIteration() + 1 + 20);
            assertThat(rounds).hasSameSizeAs(trees.history()).startsWith(0, 1, 2);
            assertThat(trees.bestScore()).isEqualTo(Collections.max(trees.history()));
            assertThat(trees.file().rounds()).isEqualTo(trees.bestIteration() + 1);
            assertThat(trees.file().featureNames()).isEqualTo(Wine.COLUMNS);
            // XGBoost's own AUC of the round, against ours of what the cut model predicts.
            assertThat(Metrics.auc(trees.nativePredictions(VALIDATION.features()), VALIDATION.labels()))
                    .isCloseTo(trees.bestScore(), within(1e-9));
        }
    }

    @Test
    void thePureJavaPredictorAgreesWithTheNativeLibrary() {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            for (XGBoostParams params : List.of(PARAMS, XGBoostParams.forest(10))) {
                TrainedTrees trees = trainer.train(params);
                float[] expected = trees.nativePredictions(VALIDATION.features());
                Predictor predictor = trees.file().predictor();
                float[] seen = new float[expected.length];
                predictor.predict(VALIDATION.features().values(), expected.length, seen);
                for (int i = 0; i < seen.length; i++) {
                    assertThat(seen[i]).isCloseTo(expected[i], within(1e-6f + 1e-6f * Math.abs(expected[i])));
                }
                trees.goldenRows(VALIDATION.features(), 20).verify(predictor, "the model");
            }
        }
    }

    @Test
    void sameDataParametersAndSeedGiveTheSameBytes() throws Exception {
        byte[] alone;
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            alone = trainer.train(PARAMS.with("subsample", 0.7)).file().toBytes();
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            List<Future<byte[]>> results = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                int depth = i % 3 == 0 ? 6 : i;
                results.add(threads.submit(
                        () -> trainer.train(PARAMS.with("subsample", 0.7).with("max_depth", depth))
                                .file()
                                .toBytes()));
            }
            for (int i = 0; i < 9; i++) {
                if (i % 3 == 0 || i == 6) {
                    assertThat(results.get(i).get()).isEqualTo(alone);
                } else {
                    assertThat(results.get(i).get()).isNotEqualTo(alone);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theForestHasOneRoundOfItsTreesAndTellsWhichFeaturesMatter() {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN)) {
            TrainedTrees forest = trainer.train(XGBoostParams.forest(10).seed(3));
            XGBoostFile file = forest.file();
            assertThat(file.rounds()).isEqualTo(1);
            assertThat(file.trees()).isEqualTo(10);
            assertThat(forest.history()).isEmpty();
            // The probability with which the rows were made gives 0.89 on such data; a coin 0.5.
            assertThat(Metrics.auc(forest.nativePredictions(VALIDATION.features()), VALIDATION.labels()))
                    .isGreaterThan(0.8);

            List<FeatureImportance> importances = forest.importances();
            assertThat(importances).hasSize(8);
            assertThat(importances.get(0).feature()).isEqualTo("feature_0");
            assertThat(importances.stream().mapToDouble(FeatureImportance::gain).sum())
                    .isCloseTo(1, within(1e-9));
            assertThat(importances.stream()
                            .mapToDouble(FeatureImportance::cover)
                            .sum())
                    .isCloseTo(1, within(1e-9));
            assertThat(importances.stream()
                            .mapToDouble(FeatureImportance::weight)
                            .sum())
                    .isCloseTo(1, within(1e-9));
        }
    }

    /** {@code map} is better where it is higher, {@code mape}, whose name begins so, where it is lower. */
    @Test
    void aPercentageErrorIsMadeSmall() {
        float[] labels = new float[VALIDATION.rows()];
        for (int r = 0; r < labels.length; r++) {
            labels[r] = VALIDATION.labels()[r] + 1; // no zeros: each is divided by
        }
        LabeledMatrix held = new LabeledMatrix(VALIDATION.features(), labels);
        try (XGBoostTrainer trainer = XGBoostTrainer.on(held, held)) {
            TrainedTrees trees = trainer.train(PARAMS.with("objective", "reg:squarederror")
                    .with("eval_metric", "mape")
                    .rounds(30)
                    .earlyStopping(5));
            assertThat(trees.bestScore()).isEqualTo(Collections.min(trees.history()));
            assertThat(trees.history()).as("not ended after 5 rounds").hasSizeGreaterThan(10);
        }
    }

    @Test
    void eachMetricHasItsDirection() {
        assertThat(List.of(
                        "auc",
                        "aucpr",
                        "map",
                        "map@3-",
                        "ndcg@5",
                        "ndcg-",
                        "pre@2",
                        "ams@0.15",
                        "interval-regression-accuracy"))
                .allMatch(metric -> PARAMS.with("eval_metric", metric).isHigherBetter());
        assertThat(List.of("mape", "mae", "rmse", "error@0.7", "logloss", "poisson-nloglik"))
                .noneMatch(metric -> PARAMS.with("eval_metric", metric).isHigherBetter());
        assertThat(new XGBoostParams(Map.of("objective", "rank:ndcg"), 1, 0).isHigherBetter())
                .isTrue();
        assertThat(new XGBoostParams(Map.of("objective", "reg:squarederror"), 1, 0).isHigherBetter())
                .isFalse();
    }

    @Test
    void anInterruptEndsTrainingBetweenRounds() {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            assertThatThrownBy(() -> trainer.train(PARAMS, (round, auc) -> {
                        if (round == 3) {
                            Thread.currentThread().interrupt();
                        }
                    }))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED))
                    .hasMessage("Training was interrupted after 4 rounds");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(trainer.train(PARAMS).bestScore()).isGreaterThan(0.8);
        }
    }

    @Test
    void whatTheListenerThrowsReachesTheCaller() {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            IllegalStateException stop = new IllegalStateException("enough");
            assertThatThrownBy(() -> trainer.train(PARAMS, (round, auc) -> {
                        throw stop;
                    }))
                    .isSameAs(stop);
        }
    }

    @Test
    void parametersThatXGBoostRefusesAreBadInput() {
        try (XGBoostTrainer trainer = XGBoostTrainer.on(TRAIN, VALIDATION)) {
            assertThatThrownBy(() -> trainer.train(PARAMS.with("max_depth", -3)))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                    .hasMessageContaining("max_depth");
        }
    }

    @Test
    void labelsOfOneClassAreRefused() {
        LabeledMatrix one = new LabeledMatrix(TRAIN.features(), new float[TRAIN.rows()]);
        assertThatThrownBy(() -> one.requireTwoClasses("the training split"))
                .isInstanceOf(ArclightException.class)
                .hasMessageStartingWith("All 1500 labels in the training split are 0");
    }
}
