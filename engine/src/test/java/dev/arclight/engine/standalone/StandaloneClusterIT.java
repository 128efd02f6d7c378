package dev.arclight.engine.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.Arclight;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real master, worker and executor processes. */
@Tag("full")
final class StandaloneClusterIT {
    private static final String QUERY = "SELECT id % 7 AS k, count(*) AS n, sum(CAST(id AS DECIMAL(20, 2)) / 3) AS s"
            + " FROM range(0, 100000, 1, 8) GROUP BY 1 ORDER BY 1";

    @TempDir
    Path state;

    @Test
    void aClusterStartsComputesWhatOneJvmComputesAndStops() throws Exception {
        List<Row> expected;
        try (Arclight arclight = Arclight.builder("here").master("local[2]").start()) {
            expected = arclight.spark().sql(QUERY).collectAsList();
        }
        Map<String, String> environment = Map.of("XDG_STATE_HOME", state.toString());
        assertThat(StandaloneCluster.find(environment)).isEmpty();
        StandaloneCluster cluster = StandaloneCluster.start(environment, 2, 1, 1_024);
        try {
            assertThat(cluster.status()).contains(new StandaloneCluster.Status(2, 2, 0, 2_048, 0));
            assertThat(StandaloneCluster.find(environment)).contains(cluster);
            assertThatThrownBy(() -> StandaloneCluster.start(environment, 1, 1, 1_024))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
            try (Arclight arclight = Arclight.builder("there")
                    .master(cluster.master())
                    .spark("spark.executor.memory", "512m")
                    .spark("spark.driver.host", "127.0.0.1")
                    .spark("spark.driver.bindAddress", "127.0.0.1")
                    .start()) {
                assertThat(arclight.spark().sql(QUERY).collectAsList()).isEqualTo(expected);
                assertThat(arclight.spark().sparkContext().statusTracker().getExecutorInfos())
                        .hasSizeGreaterThan(1); // the driver, and executors of their own
                assertThat(cluster.status().map(StandaloneCluster.Status::coresUsed))
                        .contains(2);
            }
        } finally {
            cluster.stop(environment);
        }
        for (StandaloneCluster.Member member : cluster.processes()) {
            assertThat(member.handle()).isEmpty();
        }
        assertThat(StandaloneCluster.find(environment)).isEqualTo(Optional.empty());
        assertThat(cluster.folder()).doesNotExist();
    }
}
