package dev.arclight.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An add-on as a user installs it, then a conversion into such a table: months are replaced, old versions read. */
@Tag("full")
final class TaxiLakeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private Launcher arclight() {
        return Launcher.ofThisBuild()
                .with(Map.of("XDG_DATA_HOME", folder.resolve("home").toString()));
    }

    @Test
    void monthsOfADeltaTableAreReplacedAndOldVersionsStay() {
        Path table = folder.resolve("trips");
        Object[] january = {
            "taxi",
            "convert",
            "--no-duplicates",
            "--format",
            "delta",
            "--service",
            "yellow",
            "--output",
            table,
            "--input",
            folder.resolve("data/yellow_tripdata_2021-01.csv")
        };
        arclight()
                .output(
                        PATIENCE,
                        "data",
                        "taxi",
                        "--months",
                        "2021-01..2021-02",
                        "--service",
                        "yellow",
                        "--rows",
                        2_000,
                        "--out",
                        folder.resolve("data"));
        Processes.Finished without = arclight().run(PATIENCE, january);
        assertThat(without.exitCode()).isNotZero();
        assertThat(without.errors()).contains("run 'arclight install delta'");

        assertThat(arclight().output(PATIENCE, "install", "delta")).contains("Installed delta");
        assertThat(arclight().output(PATIENCE, january)).contains("1,000 rows in, 1,000 kept");
        Object[] both = january.clone();
        both[both.length - 1] = folder.resolve("data/yellow*.csv");
        arclight().output(PATIENCE, both);
        String months = arclight()
                .output(
                        PATIENCE,
                        "sql",
                        "SELECT 'old' AS v, month, count(*) AS trips FROM t0 GROUP BY 2"
                                + " UNION ALL SELECT 'new', month, count(*) FROM t1 GROUP BY 2 ORDER BY 1, 2",
                        "--table",
                        "t1=delta:" + table,
                        "--table",
                        "t0=delta:" + table + "@0",
                        "--format",
                        "csv");
        assertThat(months.lines()).containsExactly("v,month,trips", "new,1,1000", "new,2,1000", "old,1,1000");
        assertThat(table.resolve("_quality/quality.html")).isNotEmptyFile();
    }
}
