package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkerJvmTest {
    @Test
    void theUsersCollectorIsNotContradicted() {
        ExecutorShape small = new ExecutorShape(1, 1024, 384, Map.of());
        assertThat(WorkerJvm.frugal(small, List.of())).contains("-XX:+UseSerialGC", "-Xms128m");
        assertThat(WorkerJvm.frugal(small, List.of("-XX:+UseG1GC"))).doesNotContain("-XX:+UseSerialGC");
        assertThat(WorkerJvm.frugal(new ExecutorShape(2, 1024, 384, Map.of()), List.of()))
                .doesNotContain("-XX:+UseSerialGC");
        assertThat(WorkerJvm.frugal(new ExecutorShape(1, 100, 384, Map.of()), List.of()))
                .contains("-Xms100m");
    }
}
