package dev.arclight.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class SystemMetricsTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void aRunMeasuresItselfUntilItEnds() {
        try (Tracking tracking = Tracking.open(folder.toString())) {
            ActiveRun run = tracking.start(RunStart.in("0"));
            run.systemMetrics(Duration.ofMillis(100)).systemMetrics(Duration.ofHours(1));
            byte[][] ballast = new byte[40][];
            for (int i = 0; i < ballast.length; i++) {
                ballast[i] = new byte[1 << 20];
            }
            Await.until(
                    "three samples",
                    Duration.ofSeconds(50),
                    () -> tracking.runs()
                                    .history(run.id(), "system/jvm_heap_used_megabytes")
                                    .size()
                            >= 3);
            run.close();
            List<Metric> heap = tracking.runs().history(run.id(), "system/jvm_heap_used_megabytes");
            assertThat(heap).extracting(Metric::step).startsWith(0L, 1L, 2L);
            Run ended = tracking.runs().load(run.id());
            assertThat(ended.metric("system/jvm_heap_used_megabytes").orElseThrow())
                    .isBetween(ballast.length * 1.0, Runtime.getRuntime().maxMemory() / 1e6);
            assertThat(ended.metric("system/cpu_utilization_percentage").orElseThrow())
                    .isBetween(0.0, 100.0);
            if (Files.exists(Path.of("/proc/self/status"))) {
                assertThat(ended.metric("system/process_rss_megabytes").orElseThrow())
                        .isGreaterThan(ballast.length);
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("arclight-system-metrics-" + run.id()));
        }
    }

    @Test
    void aShortRunHasOneSample() {
        try (Tracking tracking = Tracking.open(folder.toString())) {
            ActiveRun run = tracking.start(RunStart.in("0"));
            run.systemMetrics(Duration.ofHours(1));
            run.close();
            assertThat(tracking.runs().history(run.id(), "system/jvm_threads")).hasSize(1);
            assertThatThrownBy(() -> run.systemMetrics(Duration.ZERO)).isInstanceOf(ArclightException.class);
        }
    }
}
