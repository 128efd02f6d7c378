package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    @Test
    void ctrlCInTheSweepMarksTheRunKilledAndLeavesTheOldOutput() throws Exception {
        interruptAt("Sweep of 400 trials");
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
                "Profile them",
                "Split 60/20/20",
                "Random forest",
                "Register the forest"
            })
    void ctrlCAtEachStepLeavesNothingHalfDone(String step) throws Exception {
        interruptAt(step);
    }

    private void interruptAt(String step) throws Exception {
        Files.writeString(folder.resolve("summary.json"), "old");
        Path log = folder.resolve("stderr.txt");
        // A test run in the background inherits that SIGINT is ignored; a user's terminal does not.
        Process demo = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Launcher.path().toString(),
                        "demo",
                        "wine",
                        "--out",
                        folder.toString(),
                        "--evals",
                        "400")
                .redirectError(log.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitLine(log, step, demo);
            Processes.run(
                    Duration.ofSeconds(10), java.util.Map.of(), List.of("kill", "-INT", String.valueOf(demo.pid())));
            List<ProcessHandle> children = demo.descendants().toList();
            assertThat(demo.waitFor(40, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(demo.exitValue()).isEqualTo(130);
            assertThat(children).noneMatch(ProcessHandle::isAlive);
            assertThat(Files.readString(log)).contains("interrupted").doesNotContain("\tat ");
            assertThat(folder.resolve("summary.json")).hasContent("old");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith(".staging"));
            }
        } finally {
            demo.destroyForcibly();
        }
    }

    private static void awaitLine(Path log, String text, Process process) throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!Files.readString(log).contains(text)) {
            assertThat(process.isAlive())
                    .as("alive, having said: " + Files.readString(log))
                    .isTrue();
            assertThat(Instant.now()).as("still waiting for '%s'", text).isBefore(deadline);
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }
}
