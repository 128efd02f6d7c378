package dev.arclight.tables.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.addon.AddOn;
import dev.arclight.base.addon.AddOns;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Arclight;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real add-ons, installed as a user does, beside a session that has not got them on its class path. */
@Tag("own-process")
final class LakeTableIT {
    @TempDir
    static Path home;

    private static Map<String, String> environment = Map.of();
    private static ClassLoader before = ClassLoader.getSystemClassLoader();
    private static Arclight arclight;

    @TempDir
    Path folder;

    @BeforeAll
    static void installAndStart() throws Exception {
        environment = Map.of("XDG_DATA_HOME", home.toString());
        for (AddOn addOn : List.of(new LakeAddOn.Delta())) {
            try (Cleanup cleanup = new Cleanup()) {
                addOn.install(
                        AddOns.folder(environment).resolve(addOn.name()),
                        environment,
                        new CommandContext(
                                new PrintWriter(new StringWriter()),
                                new PrintWriter(new StringWriter()),
                                Progress.NONE,
                                Settings.empty(),
                                cleanup,
                                true));
            }
        }
        before = Thread.currentThread().getContextClassLoader();
        Arclight.Builder builder = Arclight.builder("lake-test").master("local[2]");
        LakeLibraries.use(Set.of(LakeFormat.values()), environment).forEach(builder::spark);
        builder.spark("spark.databricks.delta.snapshotPartitions", "2");
        arclight = builder.start();
    }

    @AfterAll
    static void stop() {
        arclight.close();
        Thread.currentThread().setContextClassLoader(before);
    }

    private static Dataset<Row> rows(SparkSession spark, String values) {
        return spark.sql("SELECT * FROM VALUES " + values + " AS t(month, amount)");
    }

    private static Map<Integer, Integer> content(Dataset<Row> rows) {
        Map<Integer, Integer> content = new TreeMap<>();
        rows.collectAsList().forEach(row -> content.put(row.getInt(0), row.getInt(1)));
        return content;
    }

    @Tag("full")
    @Test
    void partitionsOfADeltaTableAreReplacedInOneVersionAndOldVersionsAreRead() throws Exception {
        replacesAndReadsOldVersions(LakeFormat.DELTA);
    }

    private void replacesAndReadsOldVersions(LakeFormat format) throws Exception {
        SparkSession spark = arclight.spark();
        LakeTable table = LakeTable.of(format, folder.resolve("trips").toString());
        table.overwritePartitions(rows(spark, "(1, 10), (2, 20)"), List.of("month"));
        long first = table.currentVersion(spark);
        table.overwritePartitions(rows(spark, "(2, 21)"), List.of("month"));
        assertThat(content(table.read(spark))).isEqualTo(Map.of(1, 10, 2, 21));
        LakeTable old = LakeTable.parse(table + "@" + first).orElseThrow();
        assertThat(content(old.read(spark))).isEqualTo(Map.of(1, 10, 2, 20));
        assertThatThrownBy(() -> old.write(rows(spark, "(3, 30)")))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("an old version cannot be written to");

        table.write(rows(spark, "(5, 50)"));
        assertThat(content(table.read(spark))).isEqualTo(Map.of(5, 50));
        assertThat(content(old.read(spark))).isEqualTo(Map.of(1, 10, 2, 20));

        try (Tracking tracking = Tracking.open(folder.resolve("tracking").toString())) {
            try (ActiveRun run =
                    tracking.start(RunStart.in(tracking.experiments().findOrCreate("scores")))) {
                assertThat(content(old.readFor(run, spark))).isEqualTo(Map.of(1, 10, 2, 20));
                assertThat(run.snapshot().datasets())
                        .singleElement()
                        .satisfies(read -> assertThat(read.source())
                                .contains("\"%s_table_version\":%d".formatted(format.text(), first)));
            }
        }
    }

    @Tag("full")
    @Test
    void whatIsMissingIsNamed() throws Exception {
        SparkSession spark = arclight.spark();
        assertThatThrownBy(() -> LakeTable.parse("delta:" + folder.resolve("none"))
                        .orElseThrow()
                        .read(spark))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("Cannot read the table delta:" + folder.resolve("none"));
        assertThat(LakeTable.parse(folder.toString())).isEmpty();
        Map<String, String> bare = Map.of("XDG_DATA_HOME", folder.toString());
        assertThatThrownBy(() -> LakeLibraries.forTables(List.of("x.csv", "delta:/t"), bare))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("run 'arclight install delta'");
        Path jar = AddOns.folder(environment).resolve("delta/jars/delta-storage-4.4.0.jar");
        assertThat(Files.size(jar)).isPositive();
    }
}
