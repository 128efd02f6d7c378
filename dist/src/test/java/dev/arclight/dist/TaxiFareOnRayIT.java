package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.testing.PythonTorch;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.Tracking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RayDP's example of taxi fares, as ours: Spark makes the features, Ray Train trains, on a cluster started for it. */
@Tag("full")
@Tag("unproven")
final class TaxiFareOnRayIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void faresAreLearntOnALocalClusterAndTheModelIsLogged(@TempDir Path folder) throws Exception {
        Path site = Files.createDirectories(folder.resolve("site"));
        PythonTorch.linkInto(site);
        Path python = PythonEnvironment.open("ray-train").python();
        Launcher arclight = Launcher.ofThisBuild()
                .with(Map.of(
                        "VIRTUAL_ENV", python.resolve("../..").normalize().toString(), "PYTHONPATH", site.toString()));
        Path trips = folder.resolve("trips");
        arclight.output(
                PATIENCE,
                "data",
                "taxi",
                "--service",
                "yellow",
                "--months",
                "2015-01",
                "--rows",
                8_000,
                "--out",
                trips);
        Path converted = folder.resolve("converted");
        arclight.output(
                PATIENCE,
                "taxi",
                "convert",
                "--service",
                "yellow",
                "--input",
                trips + "/yellow*.csv",
                "--output",
                converted);
        Path store = folder.resolve("store");
        Processes.Finished fare = arclight.run(
                PATIENCE,
                "taxi",
                "fare",
                "--master",
                "ray:local",
                "--conf",
                "spark.executor.instances=1",
                "--conf",
                "spark.executor.memory=700m",
                "--input",
                converted,
                "--epochs",
                6,
                "--worker-cpus",
                0.5,
                "--out",
                store);
        assertThat(fare.exitCode()).as(fare.errors()).isZero();
        assertThat(fare.output()).contains("6 epochs, off by ");
        try (Tracking tracking = Tracking.openExisting(store.toString())) {
            List<Run> runs = tracking.runs(RunSearch.in(tracking.experiment("taxi-fares")))
                    .items();
            assertThat(runs).hasSize(1);
            // Generated fares are between 2.50 and about 20 dollars; the mean of them is off by more than 3.
            assertThat(runs.get(0).metric("validation_mae").orElseThrow()).isLessThan(2);
            assertThat(Objects.requireNonNull(runs.get(0).metrics().get("loss")).step())
                    .isEqualTo(5);
            assertThat(runs.get(0).modelOutputs()).hasSize(1);
        }
    }
}
