package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
final class AtomicTableIT {
    @TempDir
    Path folder;

    private static List<Long> ids(SparkSession spark, Path table) {
        return spark.read().parquet(table.toString()).orderBy("id").collectAsList().stream()
                .map(r -> r.getLong(0))
                .toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).toList();
        }
    }

    @Test
    void aTableIsWrittenWholeAndReplacesTheOldOne(SparkSession spark) throws IOException {
        Path table = folder.resolve("scores");
        AtomicTable.write(spark.range(3).toDF(), table.toString());
        assertThat(ids(spark, table)).containsExactly(0L, 1L, 2L);
        AtomicTable.write(spark.range(7, 9).toDF(), table.toUri().toString());
        assertThat(ids(spark, table)).containsExactly(7L, 8L);
        assertThat(table.resolve("_SUCCESS")).exists();
        assertThat(names()).containsExactly("scores");
    }

    @Test
    void aTableMayBeReplacedByWhatIsReadFromIt(SparkSession spark) {
        Path table = folder.resolve("scores");
        AtomicTable.write(spark.range(10).toDF(), table.toString());
        AtomicTable.write(spark.read().parquet(table.toString()).filter("id > 7"), table.toString());
        assertThat(ids(spark, table)).containsExactly(8L, 9L);
    }

    @Test
    void aFailureHalfWayLeavesTheOldTableAndNothingElse(SparkSession spark) throws IOException {
        Path table = folder.resolve("scores");
        AtomicTable.write(spark.range(3).toDF(), table.toString());
        Dataset<Row> failing = spark.range(0, 1_000, 1, 4)
                .selectExpr("id", "IF(id = 900, raise_error('row 900 is bad'), id) AS twice");
        assertThatThrownBy(() -> AtomicTable.write(failing, table.toString()))
                .hasStackTraceContaining("row 900 is bad");
        assertThat(ids(spark, table)).containsExactly(0L, 1L, 2L);
        assertThat(names()).containsExactly("scores");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed(SparkSession spark) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path table = file.resolve("scores");
        assertThatThrownBy(() -> AtomicTable.write(spark.range(3).toDF(), table.toString()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("Cannot write the table " + table);
        assertThatThrownBy(() -> AtomicTable.write(spark.range(3).toDF(), "/"))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("/ is a root");
    }

    @Test
    void aProgramKilledBetweenTheRenamesLosesNothing(SparkSession spark) throws IOException {
        Path table = folder.resolve("scores");
        String id = "." + table.getFileName() + ".11111111-2222-3333-4444-555555555555";
        AtomicTable.write(spark.range(3).toDF(), table.toString());
        Files.move(table, folder.resolve(id + ".old"));
        AtomicTable.recover(spark, table.toString());
        assertThat(ids(spark, table)).containsExactly(0L, 1L, 2L);

        Files.move(table, folder.resolve(id + ".old"));
        spark.range(5, 6).write().parquet(folder.resolve(id + ".new").toString());
        AtomicTable.recover(spark, table.toString()); // the new one was whole, and only its rename was missing
        assertThat(ids(spark, table)).containsExactly(5L);
        assertThat(names()).containsExactly("scores");

        Files.move(table, folder.resolve(id + ".old"));
        AtomicTable.write(spark.range(7, 8).toDF(), table.toString());
        assertThat(ids(spark, table)).containsExactly(7L);
        assertThat(names()).containsExactly("scores");
    }

    @Test
    void aFolderThatIsNoTableIsRefusedAndStaysAsItIs(SparkSession spark) throws IOException {
        Path home = folder.resolve("home");
        Path chapter = Files.writeString(
                Files.createDirectories(home.resolve("thesis")).resolve("chapter.tex"), "years of work");
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.writeString(photos.resolve("part-1.jpg"), "not marked as a table");
        Path file = Files.writeString(folder.resolve("notes.txt"), "a file");
        Path delta = folder.resolve("lake");
        AtomicTable.write(spark.range(3).toDF(), delta.toString());
        Files.createDirectory(delta.resolve("_delta_log"));
        for (Path place : List.of(home, photos, file, delta)) {
            assertThatThrownBy(() -> AtomicTable.write(spark.range(3).toDF(), place.toString()))
                    .as(place.toString())
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                    .hasMessageContaining(place.toString());
        }
        assertThat(chapter).hasContent("years of work");
        assertThat(photos.resolve("part-1.jpg")).hasContent("not marked as a table");
        assertThat(file).hasContent("a file");
        assertThat(ids(spark, delta)).containsExactly(0L, 1L, 2L);
        assertThat(names()).containsExactlyInAnyOrder("home", "photos", "notes.txt", "lake");
    }

    @Test
    void anEmptyFolderAndATableInFoldersAreReplaced(SparkSession spark) throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        AtomicTable.write(spark.range(2).toDF(), empty.toString());
        assertThat(ids(spark, empty)).containsExactly(0L, 1L);
        Path divided = folder.resolve("divided");
        spark.range(4)
                .selectExpr("id", "id % 2 AS odd")
                .write()
                .partitionBy("odd")
                .parquet(divided.toString());
        AtomicTable.write(spark.range(1).toDF(), divided.toString());
        assertThat(ids(spark, divided)).containsExactly(0L);
    }

    @Test
    void whatAKilledWriteOfAnotherTableLeftIsNotTaken(SparkSession spark) throws IOException {
        Path other = folder.resolve("trips.backup");
        AtomicTable.write(spark.range(3).toDF(), other.toString());
        Path left = folder.resolve(".trips.backup.11111111-2222-3333-4444-555555555555.old");
        Files.move(other, left);
        AtomicTable.write(spark.range(7, 8).toDF(), folder.resolve("trips").toString());
        assertThat(left).isDirectory();
        AtomicTable.recover(spark, other.toString());
        assertThat(ids(spark, other)).containsExactly(0L, 1L, 2L);
    }
}
