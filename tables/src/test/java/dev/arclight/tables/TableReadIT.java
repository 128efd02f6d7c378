package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.testing.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalSpark.class)
final class TableReadIT {
    private static final Table SMALL = Table.declare("small")
            .separator(';')
            .column("first_name", DataTypes.StringType)
            .column("weight", DataTypes.DoubleType)
            .column(Column.of("label", DataTypes.IntegerType));

    @TempDir
    Path folder;

    @Test
    void theRealWineFilesAreReadWhole(SparkSession spark) throws IOException {
        Path wine = Needs.data("wine");
        Dataset<Row> rows = WineDeclaration.table()
                .read(spark, wine.resolve("winequality-red.csv"), wine.resolve("winequality-white.csv"));

        List<String> lines = new ArrayList<>();
        for (String colour : List.of("red", "white")) {
            List<String> all = Files.readAllLines(wine.resolve("winequality-" + colour + ".csv"));
            all.subList(1, all.size()).forEach(line -> lines.add(line + ";" + (colour.equals("red") ? 1 : 0)));
        }
        List<Row> read = rows.collectAsList();
        assertThat(read).hasSize(6_497);
        for (int r = 0; r < read.size(); r++) { // an independent split of each line, in the files' order
            String[] cells = lines.get(r).split(";", -1);
            for (int c = 0; c < cells.length; c++) {
                assertThat(((Number) read.get(r).get(c)).doubleValue()).isEqualTo(Double.parseDouble(cells[c]));
            }
        }
        assertThat(rows.schema().fieldNames()).startsWith("fixed_acidity").endsWith("quality", "is_red");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "first name;weight;label\\na;1;1\\nb;x;0|line 3, column weight: 'x' is not of type double",
                "first name;weight;label\\na;1;1\\nb;2|line 3: the row has 2 fields, the header has 3",
                "first name;weight;label\\n\\na;1;1;7\\n|line 3: the row has 4 fields, the header has 3",
                "first name;weight;label\\na;1;|line 2, column label: the cell is empty, a value of type int was expected",
                "first name;weight;label\\na;NaN;1|line 2, column weight: the cell is NaN, a number was expected",
                "first name;weight;label\\na;1;NaN|line 2, column label: 'NaN' is not of type int",
                "first name;weight;label\\na;1;1.5|line 2, column label: '1.5' is not of type int",
                "first name;weight;label\\na;1;3000000000|line 2, column label: '3000000000' does not fit into type int",
                "first name;weight;label\\n\"a;1;1\\nb;1;1|line 2: a quote is opened and never closed",
                "first name;weigth;label\\na;1;1|missing column weight of table small; columns nobody asked for: weigth."
                        + " Did you mean 'weight' by 'weigth'?",
                "first name,weight,label\\na,1,1|the header has 1 column where table small has 3: ',' is used as"
                        + " separator, ';' was expected",
                "|is empty: a header with the columns of table small was expected",
                "\\n\\n|is empty: a header with the columns of table small was expected",
            })
    void aBadFileIsOneSentence(String content, String problem, SparkSession spark) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.csv"), content == null ? "" : content.replace("\\n", "\n"));
        assertThatThrownBy(() -> SMALL.read(spark, file))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(problem)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aMissingFileOrFolderIsNamed(SparkSession spark) throws IOException {
        Path nowhere = folder.resolve("nowhere/a.csv");
        assertThatThrownBy(() -> SMALL.read(spark, nowhere))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("There is no file or folder")
                .hasMessageContaining(nowhere.toString());
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> SMALL.read(spark, empty)).hasMessageContaining("holds no files");
    }

    @Test
    void quotesBlankLinesMixedLineEndsAndAByteOrderMarkAreRead(SparkSession spark) throws IOException {
        Path file = folder.resolve("odd.csv");
        Files.writeString(
                file,
                "\uFEFF\"First Name\"; WEIGHT ;label\r\n\n\"a \"\"b\"\"; c\";1e3;+7\n\"two\nlines\"; -0.5 ;2.0\r\nü;.5;0");
        List<Row> rows = SMALL.read(spark, file).collectAsList();
        assertThat(rows).extracting(r -> r.getString(0)).containsExactly("a \"b\"; c", "two\nlines", "ü");
        assertThat(rows).extracting(r -> r.getDouble(1)).containsExactly(1_000.0, -0.5, 0.5);
        assertThat(rows).extracting(r -> r.getInt(2)).containsExactly(7, 2, 0);
    }

    @Test
    void largeFilesAreReadInPartsAndAreAsExact(SparkSession spark) throws IOException {
        Path file = folder.resolve("large.csv");
        Random random = new Random(5);
        StringBuilder text = new StringBuilder("first_name;weight;label\n");
        long labels = 0;
        int rows = 0;
        while (text.length() < 40 << 20) { // two splits of 32 MiB
            int label = random.nextInt(1_000_000);
            text.append("name-").append(rows).append(";0.25;").append(label).append(rows % 3 == 0 ? "\r\n" : "\n");
            labels += label;
            rows++;
        }
        Files.writeString(file, text);
        Dataset<Row> table = SMALL.read(spark, file);
        assertThat(table.rdd().getNumPartitions()).isEqualTo(2);
        Row sums = table.selectExpr("count(*)", "sum(label)", "count(distinct first_name)", "sum(weight)")
                .first();
        assertThat(sums.getLong(0)).isEqualTo(rows);
        assertThat(sums.getLong(1)).isEqualTo(labels);
        assertThat(sums.getLong(2)).isEqualTo(rows);
        assertThat(sums.getDouble(3)).isEqualTo(rows * 0.25);

        int line = rows - 17; // in the second split
        int at = text.indexOf("name-" + (line - 2) + ";0.25") + ("name-" + (line - 2) + ";0.").length();
        text.setCharAt(at, 'x');
        Files.writeString(file, text);
        assertThatThrownBy(() -> SMALL.read(spark, file))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("large.csv, line " + line + ", column weight: '0.x5' is not of type double");
    }

    @Test
    void aTruncatedGzipFileIsNamed(SparkSession spark) throws IOException {
        Path whole = folder.resolve("a.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
            Random random = new Random(1);
            out.write("first_name;weight;label\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 2_000; i++) {
                out.write((random.nextLong() + ";1;1\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(SMALL.read(spark, whole).count()).isEqualTo(2_000);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.csv.gz");
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> SMALL.read(spark, cut))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("Cannot read " + cut);
    }

    @Test
    void aFilesFoldersSayNothingAboutIt(SparkSession spark) throws IOException {
        Path shared = Files.createDirectory(folder.resolve("red-or-shared"));
        Files.writeString(shared.resolve("red.csv"), "x\n1\n");
        Files.writeString(shared.resolve("white.csv"), "x\n2\n");
        List<Row> rows = Table.declare("colours")
                .column("x", DataTypes.IntegerType)
                .fromFileName("is_red", DataTypes.BooleanType, name -> name.contains("red"))
                .read(spark, shared)
                .collectAsList();
        assertThat(rows).extracting(Row::toString).containsExactly("[1,true]", "[2,false]");
    }

    @Test
    void twoColumnsOfOneNameAreRefusedWhenDeclared() {
        assertThatThrownBy(() -> SMALL.column(Column.of("x", DataTypes.LongType).withAliases("First Name")))
                .hasMessageContaining("two columns are called first_name");
        assertThatThrownBy(() -> Column.of("x", DataTypes.BinaryType)).hasMessageContaining("binary");
    }
}
