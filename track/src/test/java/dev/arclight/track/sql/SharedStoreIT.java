package dev.arclight.track.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Metric;
import dev.arclight.track.Run;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One store and several processes, some of which die. */
@Timeout(120)
final class SharedStoreIT {
    @TempDir
    private Path store;

    @Test
    void everyAcknowledgedWriteSurvivesKillMinusNine() throws IOException, InterruptedException {
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            Process writer = writer("round" + round, Long.MAX_VALUE);
            try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
                for (int line = 0; line < 400 + 150 * round; line++) {
                    note(lines.readLine(), acknowledged);
                }
                writer.toHandle().destroyForcibly(); // SIGKILL; unlike Process.destroyForcibly it leaves the pipe open
                assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
                // What was printed before the kill was acknowledged too; a last line may be cut.
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.matches("[0-9a-f]{32} \\d+")) {
                        note(line, acknowledged);
                    }
                }
            }
            checkAll(acknowledged);
        }
        assertThat(acknowledged).hasSize(9);
    }

    @Test
    void twoProcessesWriteAtOnceAndLoseNothing() throws IOException, InterruptedException {
        Process other = writer("other", 200);
        try (Tracking tracking = Tracking.open(store.toString());
                BufferedReader lines = other.inputReader(StandardCharsets.UTF_8)) {
            String run = tracking.runs()
                    .create(RunStart.in(tracking.experiment("crash")).named("own"))
                    .id();
            Map<String, Long> acknowledged = new HashMap<>();
            for (long i = 0; i < 300; i++) {
                tracking.runs()
                        .log(run, new RunBatch(List.of(Metric.of("m", (double) i, i)), Map.of("p" + i, "v"), Map.of()));
            }
            acknowledged.put(run, 299L);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line, acknowledged);
            }
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isZero();
            assertThat(acknowledged).hasSize(4);
            assertThat(acknowledged.values()).contains(199L, 299L);
            checkAll(acknowledged);
        } finally {
            other.destroyForcibly();
        }
    }

    /** Would catch two programs that both run a script on one file, and one that writes before the other has ended. */
    @Test
    @Tag("full")
    void processesThatOpenAnOldStoreAtOnceUpgradeItOnceAndGoOn() throws Exception {
        StoreUpgradesTest.unpack(1, store);
        List<Process> writers = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                writers.add(writer("upgrade" + i, 5));
            }
            Map<String, Long> acknowledged = new HashMap<>();
            for (Process writer : writers) {
                try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        note(line, acknowledged);
                    }
                }
                assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(writer.exitValue()).isZero();
            }
            assertThat(acknowledged).hasSize(9).containsValue(4L);
            checkAll(acknowledged);
            assertThat(StoreUpgradesTest.versions(store)).containsExactly("1", "2", "3", "4");
        } finally {
            writers.forEach(Process::destroyForcibly);
        }
    }

    private static void note(String line, Map<String, Long> acknowledged) {
        String[] parts = line.split(" ", -1);
        acknowledged.merge(parts[0], Long.parseLong(parts[1]), Math::max);
    }

    private void checkAll(Map<String, Long> acknowledged) throws IOException {
        try (Tracking tracking = Tracking.open(store.toString())) {
            for (Map.Entry<String, Long> entry : acknowledged.entrySet()) {
                int count = Math.toIntExact(entry.getValue()) + 1;
                Run run = tracking.runs().load(entry.getKey());
                assertThat(run.params()).hasSizeGreaterThanOrEqualTo(count);
                assertThat(tracking.runs().history(run.id(), "m"))
                        .hasSizeGreaterThanOrEqualTo(count)
                        .extracting(Metric::step)
                        .startsWith(0L)
                        .contains(entry.getValue());
                checkArtifacts(tracking, run, count);
            }
            assertThat(tracking.runs(RunSearch.in(tracking.experiment("crash"))).items())
                    .hasSizeGreaterThanOrEqualTo(acknowledged.size());
        }
    }

    private static void checkArtifacts(Tracking tracking, Run run, int count) throws IOException {
        String root = "mlflow-artifacts:/crash/" + run.id();
        List<ArtifactEntry> files = tracking.artifacts().list(root, "");
        if (!run.name().equals("own")) {
            assertThat(files).hasSizeGreaterThanOrEqualTo((count + 19) / 20);
        }
        for (ArtifactEntry file : files) {
            try (InputStream in = tracking.artifacts().open(root, file.path())) {
                long i = Long.parseLong(file.path().replace(".txt", ""));
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(CrashWriter.content(i));
            }
        }
    }

    private Process writer(String name, long writes) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashWriter.class.getName(),
                        store.toString(),
                        name,
                        Long.toString(writes))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
