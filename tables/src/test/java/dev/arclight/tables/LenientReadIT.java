package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
final class LenientReadIT {
    private static final Table TRIPS = Table.declare("trips")
            .column(Column.of("id", DataTypes.IntegerType))
            .column(Column.of("started", DataTypes.TimestampNTZType)
                    .asNullable()
                    .withAliases("pickup")
                    .withFormats("d/M/yyyy H:mm"))
            .column(Column.of("fare", DataTypes.createDecimalType(8, 2))
                    .asOptional()
                    .withAliases("fare_amt"))
            .column(Column.of("note", DataTypes.StringType).asOptional())
            .flag("negative", row -> !row.isNullAt(2) && row.getDecimal(2, 8, 2).toUnscaledLong() < 0)
            .refuse("id_is_13", "nobody takes 13", row -> row.getInt(0) == 13);

    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void filesOfManyShapesAreOneTableAndEachRowIsAccountedFor(SparkSession spark) throws IOException {
        String a = file("a.csv", "id,pickup,FARE_AMT,extra\r\n\r\n1,2021-01-01 00:00:01,8.9000000000000004,x,,\r\n");
        String b = file("b.csv", "started, ID ,Fare,note\n01/02/2021 7:05,2.0,-.5,\n,3,,n\n,x,1,\n,4\n,13,1,\n");
        String c = folder.resolve("c.parquet").toString();
        spark.sql("SELECT CAST(id AS DOUBLE) AS ID, timestamp_ntz'2022-03-04 05:06:07' AS pickup, 12.345D AS fare,"
                        + " NULL AS note FROM range(5, 8)")
                .select("ID", "pickup", "fare")
                .coalesce(1)
                .write()
                .parquet(c);
        LenientRead read = TRIPS.readLeniently(spark, List.of(a, b, c), LenientOptions.defaults());
        assertThatThrownBy(read::quality).hasMessageContaining("run an action that uses all rows");

        assertThat(texts(read.rows()))
                .containsExactlyInAnyOrder(
                        "[1,2021-01-01T00:00:01,8.90,null]",
                        "[2,2021-02-01T07:05,-0.50,null]",
                        "[3,null,null,n]",
                        "[5,2022-03-04T05:06:07,12.35,null]",
                        "[6,2022-03-04T05:06:07,12.35,null]",
                        "[7,2022-03-04T05:06:07,12.35,null]");
        Quality quality = read.quality();
        assertThat(quality.rowsIn()).isEqualTo(9);
        assertThat(quality.kept()).isEqualTo(6);
        assertThat(quality.rejected()).isEqualTo(Map.of("not_of_type", 1L, "too_few_fields", 1L, "id_is_13", 1L));
        assertThat(quality.rounded()).isEqualTo(Map.of("fare", 4L));
        assertThat(quality.coerced()).isEqualTo(Map.of("id", 4L, "started", 1L));
        assertThat(quality.flagged()).isEqualTo(Map.of("negative", 1L));
        assertThat(quality.extraEmptyFields()).isEqualTo(1);
        assertThat(quality.samples())
                .extracting(Reject::message)
                .containsExactly(
                        b + ", line 4, column id: 'x' is not of type int",
                        b + ", line 5: the row has 2 fields, the header has 4",
                        b + ", line 6: nobody takes 13");
        assertThat(quality.files().get(0).unknown()).containsExactly("extra");
        assertThat(quality.files().get(1).kept()).isEqualTo(2);
    }

    @Test
    void aSecondActionCountsNothingTwice(SparkSession spark) throws IOException {
        LenientRead read =
                TRIPS.readLeniently(spark, List.of(file("a.csv", "id,pickup\n1,\nx,\n")), LenientOptions.defaults());
        read.rows().collectAsList();
        read.rows().collectAsList();
        assertThat(read.quality().rowsIn()).isEqualTo(2);
    }

    @Tag("full")
    @Test
    void largeFilesAreCountedAndLinesNamedAcrossParts(SparkSession spark) throws IOException {
        Path file = folder.resolve("large.csv");
        Random random = new Random(7);
        StringBuilder text = new StringBuilder("id,pickup,fare\n");
        List<Long> bad = new ArrayList<>();
        long cents = 0;
        int rows = 0;
        while (text.length() < 70 << 20) {
            rows++;
            int fare = random.nextInt(100_000);
            boolean broken = rows % 400_000 == 0;
            text.append(broken ? "x" : "1")
                    .append(",2021-01-01 00:00:00,")
                    .append(fare / 100)
                    .append('.')
                    .append(fare % 100 / 10)
                    .append(fare % 10)
                    .append("                    \n");
            if (broken) {
                bad.add(rows + 1L);
            } else {
                cents += fare;
            }
        }
        Files.writeString(file, text);
        LenientRead read = TRIPS.readLeniently(
                spark,
                List.of(file.toString()),
                LenientOptions.defaults()
                        .withRejectsFolder(folder.resolve("rejects").toString()));
        assertThat(read.rows().rdd().getNumPartitions()).isGreaterThan(1);
        Row sums = read.rows()
                .selectExpr("count(*)", "CAST(sum(fare) * 100 AS BIGINT)")
                .first();
        assertThat(sums.getLong(0)).isEqualTo(rows - bad.size());
        assertThat(sums.getLong(1)).isEqualTo(cents);
        assertThat(read.quality().samples()).extracting(Reject::line).containsExactlyElementsOf(bad);
        List<String> lines = new ArrayList<>();
        for (String name : read.rejectFiles().getOrDefault(file.toString(), List.of())) {
            lines.addAll(Files.readAllLines(folder.resolve("rejects").resolve(name)));
        }
        assertThat(lines).hasSize(bad.size());
        byte[] bytes = Files.readAllBytes(file);
        for (String line : lines) { // the offset leads to the row
            int offset = Integer.parseInt(line.replaceAll(".*\"offset\":(\\d+).*", "$1"));
            assertThat(bytes[offset]).isEqualTo((byte) 'x');
        }
    }

    @Test
    void aColumnThatAFileHasTwiceIsFilledFromBoth(SparkSession spark) throws IOException {
        Table table = Table.declare("t")
                .column(Column.of("base", DataTypes.StringType).withAliases("base_number"));
        String file = file("twice.csv", "base_number,base\nB1,\n,B2\nB3,other\n");
        LenientRead read = table.readLeniently(spark, List.of(file), LenientOptions.defaults());
        // The declared name comes first, its aliases where that cell is empty.
        assertThat(texts(read.rows())).containsExactly("[B1]", "[B2]", "[other]");
    }

    @Test
    void aDamagedFileIsNamedOrLeftOut(SparkSession spark) throws IOException {
        String good = file("good.csv", "id,pickup\n1,\n");
        String wrong = file("wrong.csv", "idd,pickup\n1,\n");
        Path parquet = folder.resolve("p");
        spark.range(100_000)
                .selectExpr("CAST(id AS INT) AS id", "CAST(NULL AS TIMESTAMP_NTZ) AS pickup")
                .coalesce(1)
                .write()
                .parquet(parquet.toString());
        Path part;
        try (Stream<Path> files = Files.list(parquet)) {
            part = files.filter(f -> f.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(part);
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
        Arrays.fill(bytes, 20, bytes.length / 2, (byte) 0x5A);
        Path rotten = Files.write(folder.resolve("rotten.parquet"), bytes);

        assertThatThrownBy(() -> TRIPS.readLeniently(spark, List.of(good, wrong), LenientOptions.defaults()))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                .hasMessageContaining("missing column id")
                .hasMessageContaining("Did you mean 'id' by 'idd'?");
        assertThatThrownBy(() -> TRIPS.readLeniently(spark, List.of(cut.toString()), LenientOptions.defaults()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("Cannot read " + cut);
        LenientRead read = TRIPS.readLeniently(
                spark,
                List.of(good, wrong, cut.toString()),
                LenientOptions.defaults().keepingGoing());
        assertThat(read.rows().count()).isEqualTo(1);
        assertThat(read.quality().unusable()).containsOnlyKeys(wrong, cut.toString());

        LenientRead bad = TRIPS.readLeniently(spark, List.of(good, rotten.toString()), LenientOptions.defaults());
        assertThatThrownBy(() -> bad.rows().collectAsList())
                .satisfies(e -> assertThat(LenientRead.unreadableFile(e)).contains(rotten.toString()));
    }

    @Test
    void aViewFindsColumnsByAllTheirNamesWithoutReadingTheRest(SparkSession spark) {
        String a = folder.resolve("v/a").toString();
        String b = folder.resolve("v/b").toString();
        spark.sql("SELECT 1 AS ID, timestamp_ntz'2022-03-04 05:06:07' AS pickup, 1.5D AS fare, 'x' AS other")
                .write()
                .parquet(a);
        spark.sql("SELECT 2L AS id, timestamp_ntz'2022-03-04 05:06:07' AS started")
                .write()
                .parquet(b);
        Dataset<Row> view = TRIPS.view(spark, List.of(folder.resolve("v").toString()));
        assertThat(view.schema().fieldNames()).containsExactly("id", "started", "fare", "note");
        assertThat(texts(view.select("id", "fare"))).containsExactlyInAnyOrder("[1,1.50]", "[2,null]");
        assertThat(view.select("id").queryExecution().executedPlan().toString()).doesNotContain("pickup");
    }

    /** Would catch rows of {@code trips1.parquet} that are taken for those of {@code trips[1].parquet}. */
    @Test
    void aFileWhoseNameLooksLikeAPatternIsReadByItsName(SparkSession spark) throws IOException {
        Path trips = Files.createDirectory(folder.resolve("trips"));
        for (String name : List.of("trips1", "trips[1]")) {
            Path made = folder.resolve("made-" + name.length());
            spark.sql("SELECT %d AS id, timestamp_ntz'2022-03-04 05:06:07' AS started".formatted(name.length()))
                    .coalesce(1)
                    .write()
                    .parquet(made.toUri().toString());
            try (Stream<Path> parts = Files.list(made)) {
                Path part = parts.filter(file -> file.toString().endsWith(".parquet"))
                        .findFirst()
                        .orElseThrow();
                Files.move(part, trips.resolve(name + ".parquet"));
            }
        }
        List<String> paths = List.of(trips.toString());
        assertThat(texts(TRIPS.view(spark, paths).select("id"))).containsExactlyInAnyOrder("[6]", "[8]");
        assertThat(texts(TRIPS.readLeniently(spark, paths, LenientOptions.defaults())
                        .rows()
                        .select("id")))
                .containsExactlyInAnyOrder("[6]", "[8]");
    }
}
