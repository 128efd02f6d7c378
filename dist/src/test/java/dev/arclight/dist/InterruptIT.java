package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C in the middle of the demo. */
final class InterruptIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @TempDir
    private Path logs;

    @Test
    void ctrlCInTheSweepMarksTheRunKilledAndLeavesTheOldOutput() throws Exception {
        interruptAt("Sweep of 400 trials", 400);
        Processes.Finished runs = Launcher.ofThisBuild()
                .run(PATIENCE, "runs", "list", "--tracking", folder.resolve("tracking"), "--json");
        assertThat(runs.output()).contains("KILLED").contains("xgboost sweep").doesNotContain("\"RUNNING\"");
        Processes.Finished again = Launcher.ofThisBuild().run(PATIENCE, "demo", "wine", "--out", folder, "--evals", 1);
        assertThat(again.exitCode()).as(again.errors()).isZero();
        assertThat(folder.resolve("report.html")).exists();
    }

    @ParameterizedTest
    @Tag("full")
    @ValueSource(
            strings = {
                "Start Spark",
                "Read the tables",
                "Random forest",
                "Register the forest",
            })
    void ctrlCBeforeTheSweepLeavesNothingHalfDone(String step) throws Exception {
        interruptAt(step, 400);
    }

    /** In the same code as a step of the full tier: by hand, for the steps that are left. */
    @ParameterizedTest
    @Tag("soak")
    @ValueSource(strings = {"Profile them", "Split 60/20/20", "Register the best"})
    void ctrlCInTheOtherStepsLeavesNothingHalfDone(String step) throws Exception {
        interruptAt(step, 1);
    }

    @ParameterizedTest
    @Tag("full")
    @ValueSource(
            strings = {
                "Load the champion back",
                "unseen rows in Spark",
                "Start the server",
            })
    void ctrlCAfterTheSweepLeavesNothingHalfDone(String step) throws Exception {
        interruptAt(step, 1);
    }

    /** The last steps are short: either all was done before Ctrl-C was heard, or the old output is there. */
    @ParameterizedTest
    @Tag("full")
    @ValueSource(strings = {"Send 1,000 rows", "Write the report"})
    void ctrlCNearTheEndLeavesTheOldOutputOrTheNew(String step) throws Exception {
        Files.writeString(folder.resolve(".lock"), ""); // a run was here
        Files.writeString(folder.resolve("summary.json"), "old");
        try (RunningDemo demo = RunningDemo.start(logs, "--out", folder, "--evals", 1)) {
            demo.awaitStep(step);
            int exit = demo.interrupt();
            String summary = Files.readString(folder.resolve("summary.json"));
            if (summary.equals("old")) {
                assertThat(exit).isEqualTo(130);
                assertThat(folder.resolve("report.html")).doesNotExist();
            } else {
                assertThat(summary).contains("champion").endsWith("}\n");
                assertThat(Files.readString(folder.resolve("report.html")).strip())
                        .endsWith("</html>");
                assertThat(folder.resolve("batch/_SUCCESS")).exists();
            }
            assertThatNothingIsStaged();
        }
    }

    private void interruptAt(String step, int evals) throws Exception {
        Files.writeString(folder.resolve(".lock"), ""); // a run was here
        Files.writeString(folder.resolve("summary.json"), "old");
        try (RunningDemo demo = RunningDemo.start(logs, "--out", folder, "--evals", evals)) {
            demo.awaitStep(step);
            assertThat(demo.interrupt()).isEqualTo(130);
            assertThat(demo.errors()).contains("interrupted").doesNotContain("\tat ");
            assertThat(folder.resolve("summary.json")).hasContent("old");
            assertThatNothingIsStaged();
        }
    }

    private void assertThatNothingIsStaged() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith(".staging"));
        }
    }
}
