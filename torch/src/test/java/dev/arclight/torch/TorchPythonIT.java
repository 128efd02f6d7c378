package dev.arclight.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.engine.Arclight;
import dev.arclight.model.torch.Layer;
import dev.arclight.model.torch.Network;
import dev.arclight.testing.Needs;
import dev.arclight.testing.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same training in Python's PyTorch: same weights to start from, order of rows and optimiser. */
@Tag("full")
@Timeout(300)
final class TorchPythonIT {
    private static Arclight session;
    private static Path python;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        python = pythonWithTorch();
        session = Fares.session("local[1]");
    }

    @AfterAll
    static void stop() {
        if (session != null) {
            session.close();
        }
    }

    /**
     * Would catch another loss, optimiser setting, order or initial weight than Python's, and files that Python opens
     * but reads as another network.
     */
    @ParameterizedTest
    @CsvSource({"adam, false", "adamw, false", "sgd, false", "adam, true"})
    void lossesAndPredictionsAreThoseOfPython(String optimiser, boolean script) throws Exception {
        Dataset<Row> table = Fares.rows(session, 3000).cache();
        write(table.filter("not held"), folder.resolve("training.f32"));
        write(table.filter("held"), folder.resolve("held.f32"));
        Network network = Network.of(Layer.linear(16), Layer.relu(), Layer.linear(1));
        TorchEstimator estimator = new TorchEstimator()
                .features(Fares.FEATURES)
                .label("fare")
                .validation("held")
                .optimiser(
                        switch (optimiser) {
                            case "adam" -> Optimiser.adam(1e-2);
                            case "adamw" -> Optimiser.adamW(1e-2, 0.1);
                            default -> Optimiser.sgd(1e-2, 0.9);
                        })
                .batch(64)
                .epochs(3)
                .seed(11);
        if (script) {
            run("make");
            estimator.torchScript(folder.resolve("network.pt"));
        } else {
            Path initial = folder.resolve("initial.safetensors");
            Files.write(initial, network.initial(6, 42).toBytes());
            estimator.network(network.layers().toArray(Layer[]::new)).initialWeights(initial);
        }
        TorchModel model = estimator.fit(table);
        Files.write(folder.resolve("model.pt"), model.torchScript());
        Files.write(folder.resolve("model.safetensors"), model.safetensors());
        Files.writeString(
                folder.resolve("job.json"),
                "{\"script\": %s, \"optimiser\": \"%s\", \"batch\": 64, \"seed\": 11}".formatted(script, optimiser));

        JsonNode theirs = TrainingPlan.JSON.readTree(run("train"));
        assertThat(model.history()).hasSize(3);
        for (Epoch epoch : model.history()) {
            assertThat(epoch.loss())
                    .isCloseTo(theirs.path("losses").path(epoch.number()).asDouble(), within(1e-3));
            assertThat(epoch.validationLoss())
                    .isCloseTo(theirs.path("validation").path(epoch.number()).asDouble(), within(1e-3));
        }
        assertThat(theirs.path("state")).hasSize(500);
        for (int i = 0; i < 500; i++) {
            assertThat(theirs.path("script").path(i).asDouble())
                    .isCloseTo(theirs.path("state").path(i).asDouble(), within(1e-6));
        }
        if (!script) {
            List<Row> ours =
                    model.transform(table.filter("held")).select("prediction").collectAsList();
            for (int i = 0; i < ours.size(); i++) {
                assertThat((double) ours.get(i).getFloat(0))
                        .isCloseTo(theirs.path("state").path(i).asDouble(), within(1e-5));
            }
        }
    }

    private String run(String mode) throws IOException {
        Path script = folder.resolve("network.py");
        try (InputStream in = Objects.requireNonNull(TorchPythonIT.class.getResourceAsStream("network.py"))) {
            Files.write(script, in.readAllBytes());
        }
        Path helpers = Needs.root().resolve("bench/peers/torch");
        return Processes.run(
                Duration.ofMinutes(2),
                Map.of("OMP_NUM_THREADS", "1", "PYTHONDONTWRITEBYTECODE", "1"),
                List.of(python.toString(), script.toString(), helpers.toString(), mode, folder.toString()));
    }

    private static void write(Dataset<Row> rows, Path file) throws IOException {
        List<Row> all = rows.collectAsList();
        ByteBuffer out = ByteBuffer.allocate(all.size() * 28).order(ByteOrder.nativeOrder());
        for (Row row : all) {
            for (int c = 0; c < 6; c++) {
                out.putFloat(row.getFloat(c));
            }
            out.putFloat((float) row.getDouble(6));
        }
        Files.write(file, out.array());
    }

    /** Debian's, as {@code .ci/run} installs it, or another on the path. */
    private static Path pythonWithTorch() {
        for (Path candidate : List.of(Path.of("/usr/bin/python3"), Needs.program("python3"))) {
            if (Files.isExecutable(candidate)
                    && Processes.finish(
                                            Duration.ofMinutes(1),
                                            Map.of(),
                                            List.of(candidate.toString(), "-c", "import torch, numpy"))
                                    .exitCode()
                            == 0) {
                return candidate;
            }
        }
        throw Needs.missing("Python with PyTorch and NumPy (Debian's package python3-torch)");
    }
}
