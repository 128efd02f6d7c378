package dev.arclight.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.track.ActiveRun;
import dev.arclight.track.Metric;
import dev.arclight.track.Run;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AutologTest {
    @TempDir
    private Path folder;

    @Test
    void aTrainingLogsItsParamsItsRoundsAndItsResult() throws IOException {
        XGBoostParams params = XGBoostParams.binary()
                .with("max_depth", 3)
                .with("eval_metric", "auc")
                .rounds(40)
                .earlyStopping(5);
        try (Tracking tracking = Tracking.open(folder.toString());
                XGBoostTrainer trainer = XGBoostTrainer.on(Wine.rows(800, 1), Wine.rows(400, 2));
                ActiveRun run = tracking.start(RunStart.in("0"))) {
            TrainedTrees trees = Autolog.to(run).train(trainer, params);
            Run logged = run.snapshot();
            assertThat(logged.params())
                    .containsEntry("max_depth", "3")
                    .containsEntry("num_boost_round", "40")
                    .containsEntry("early_stopping_rounds", "5")
                    .containsEntry("objective", "binary:logistic");
            assertThat(tracking.runs().history(run.id(), "auc"))
                    .extracting(Metric::value)
                    .containsExactlyElementsOf(trees.history());
            assertThat(logged.metric("best_iteration")).contains((double) trees.bestIteration());
            assertThat(logged.metric("best_score")).contains(trees.bestScore());
            assertThat(tracking.artifacts().local(logged.artifactUri(), "feature_importance.json"))
                    .content()
                    .contains("feature_0", "gain");
        }
    }
}
