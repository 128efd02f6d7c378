package dev.arclight.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.tables.InputFiles.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvSplitTest {
    private static final Table TABLE =
            Table.declare("t").column("a", DataTypes.StringType).column("b", DataTypes.StringType);

    @TempDir
    private Path folder;

    private List<String> read(String text, long splitBytes) throws IOException {
        Path path = Files.writeString(folder.resolve("t.csv"), text);
        Configuration configuration = new Configuration();
        InputFile file = new InputFile(path.toUri().toString(), path.toString(), Files.size(path));
        Layout layout = CsvSource.layout(TABLE, file, configuration);
        List<String> rows = new ArrayList<>();
        for (CsvSplit split : CsvSource.splits(TABLE, file, layout, configuration, splitBytes)) {
            try (CsvRecords records = split.open(configuration)) {
                while (split.next(records)) {
                    rows.add(records.field(0) + "|" + records.field(1));
                }
            }
        }
        return rows;
    }

    /** Either the rows of the whole file, or a refusal: never other rows. */
    @Test
    void cellsWithLineEndsAreReadRightlyOrRefusedWhereverTheFileIsDivided() throws IOException {
        String text = "a,b\n1,x\n2,\"one,1\ntwo,2\nthree,3\"\n3,y\n4,z\n";
        List<String> expected = read(text, 1_000);
        assertThat(expected).containsExactly("1|x", "2|one,1\ntwo,2\nthree,3", "3|y", "4|z");
        int right = 0;
        int refused = 0;
        for (long bytes = 5; bytes < text.length(); bytes++) {
            try {
                assertThat(read(text, bytes)).as("parts of %d bytes", bytes).isEqualTo(expected);
                right++;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the record at byte 8 has a line end in a quoted cell");
                refused++;
            }
        }
        assertThat(right).isPositive();
        assertThat(refused).isPositive();
    }
}
