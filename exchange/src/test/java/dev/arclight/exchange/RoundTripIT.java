package dev.arclight.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.Needs;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark's rows to blocks, through pyarrow, and back to rows: equal to the last bit, for any schema.
 * {@link RoundTripSoak} does more of it.
 */
final class RoundTripIT {
    @Test
    void rowsComeBackFromPythonEqualToTheLastBit(@TempDir Path folder) throws Exception {
        thereAndBack(folder, 50, 20261121);
    }

    /** Checks {@code cases} tables, the first made of {@code seed}. */
    static void thereAndBack(Path folder, int cases, long seed) throws Exception {
        List<RandomTable> tables = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            RandomTable table = RandomTable.of(seed + i);
            tables.add(table);
            Files.write(folder.resolve("%05d.arrow".formatted(i)), block(table).bytes());
        }
        PythonEnvironment python = PythonEnvironment.open("pyarrow");
        python.run(
                Duration.ofMinutes(5), script("again.py"), folder, Needs.root().resolve("python/src/arclight"));
        for (int i = 0; i < cases; i++) {
            RandomTable table = tables.get(i);
            for (String kind : List.of("arrow", "again")) {
                byte[] block = Files.readAllBytes(folder.resolve("%05d.%s".formatted(i, kind)));
                BlockReader reader = new BlockReader(block, null);
                String which = "seed %d, %s: %s"
                        .formatted(seed + i, kind, table.schema().simpleString());
                assertThat(reader.schema()).as(which).isEqualTo(table.schema());
                assertThat(rows(reader)).as(which).isEqualTo(table.values());
            }
        }
    }

    @Test
    void anyColumnIsReadAlone() {
        for (long seed = 0; seed < 10; seed++) {
            RandomTable table = RandomTable.of(seed);
            byte[] block = block(table).bytes();
            ColumnarBatch whole = new BlockReader(block, null).next();
            for (int column = 0; column < table.schema().length(); column++) {
                StructType schema =
                        new StructType(new StructField[] {table.schema().fields()[column]});
                ColumnarBatch alone = new BlockReader(block, new int[] {column}).next();
                ColumnarBatch expected = new ColumnarBatch(new ColumnVector[] {whole.column(column)}, whole.numRows());
                assertThat(rows(alone, schema)).as("seed " + seed).isEqualTo(rows(expected, schema));
            }
        }
    }

    @Test
    void pythonSeesTheValuesThatSparkHas(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("known.arrow");
        Files.write(file, KnownTable.block().bytes());
        String said = PythonEnvironment.open("pyarrow").run(Duration.ofMinutes(1), script("seen.py"), file);
        assertThat(said.lines()).containsExactlyElementsOf(KnownTable.PYTHON);
    }

    static Block block(RandomTable table) {
        List<Block> blocks = new ArrayList<>();
        BlockWriter writer = new BlockWriter(table.schema(), Long.MAX_VALUE, blocks::add);
        writer.write(table.rows().stream().map(row -> (InternalRow) row).iterator());
        writer.finish();
        return blocks.isEmpty() ? BlockWriter.empty(table.schema()) : blocks.get(0);
    }

    private static List<List<@Nullable Object>> rows(BlockReader reader) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        reader.forEachRemaining(batch -> rows.addAll(rows(batch, reader.schema())));
        return rows;
    }

    /** By way of Spark's generated code, which is what reads columns in earnest. */
    private static List<List<@Nullable Object>> rows(ColumnarBatch batch, StructType schema) {
        UnsafeProjection projection = UnsafeProjection.create(schema);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        batch.rowIterator()
                .forEachRemaining(
                        row -> rows.add(Values.of(projection.apply(row).copy(), schema)));
        return rows;
    }

    private static Path script(String name) throws IOException, URISyntaxException {
        return Path.of(Objects.requireNonNull(RoundTripIT.class.getResource("/python/" + name))
                .toURI());
    }
}
