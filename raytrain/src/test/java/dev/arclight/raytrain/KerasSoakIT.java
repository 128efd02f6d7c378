package dev.arclight.raytrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.arclight.engine.Arclight;
import dev.arclight.engine.Master;
import dev.arclight.model.Model;
import dev.arclight.testing.RayCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keras on TensorFlow with two workers. Not in the full tier, because TensorFlow is some 300 MB to fetch: {@code mvn
 * -Dquick -pl raytrain -am verify -Pfull -Darclight.excludedGroups=none -Dit.test=KerasSoakIT -Dtest=None
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false}.
 */
@Tag("soak")
@Tag("unproven")
@Timeout(1800)
final class KerasSoakIT {
    @Test
    void twoWorkersTrainAndTheModelComesBackAsADirectory(@TempDir Path folder) throws Exception {
        Path code = Path.of(Objects.requireNonNull(KerasSoakIT.class.getResource("/python/code"))
                .toURI());
        try (RayCluster cluster = RayCluster.start("ray-keras", 4);
                Arclight arclight = Arclight.builder("raykeras")
                        .master(Master.of("ray:" + cluster.address()))
                        .spark("spark.executor.instances", "1")
                        .spark("spark.executor.memory", "700m")
                        .spark("spark.arclight.ray.jar", cluster.jar().toString())
                        .spark(
                                "spark.arclight.ray.token-file",
                                cluster.tokenFile().toString())
                        .start()) {
            Dataset<Row> rows = arclight.spark()
                    .range(0, 2000, 1, 2)
                    .selectExpr("float(rand(1)) as a", "rand(2) as b", "id % 5 = 0 as held")
                    .selectExpr("*", "3 * a - b as y");
            RayTrainModel model = new RayTrainEstimator()
                    .module("keras_linear:train_loop")
                    .trainer(RayTrainEstimator.TENSORFLOW)
                    .code(code)
                    .features("a", "b")
                    .label("y")
                    .validation("held")
                    .config("rate", 0.05)
                    .batch(32)
                    .epochs(4)
                    .workers(2)
                    .fit(rows);
            assertThat(model.history()).extracting(Report::step).containsExactly(0, 1, 2, 3);
            assertThat(model.history().get(3).metrics().get("validation_loss")).isLessThan(0.05);
            assertThat(model.versions()).containsKeys("keras", "tensorflow");
            model.writeTo(folder.resolve("model"));
            assertThatThrownBy(() -> Model.load(folder.resolve("model")))
                    .hasMessageContaining("Keras models are not run here");
            String said = cluster.python()
                    .run(
                            Duration.ofMinutes(2),
                            "-c",
                            "import sys, numpy, keras; m = keras.models.load_model(sys.argv[1]);"
                                    + " print(m.predict(numpy.array([[0.5, 0.5]]), verbose=0)[0, 0])",
                            folder.resolve("model/data/model.keras"));
            assertThat(Double.parseDouble(said.strip())).isCloseTo(1.0, within(0.4));
        }
    }
}
