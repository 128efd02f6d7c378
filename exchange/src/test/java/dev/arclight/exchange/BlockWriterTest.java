package dev.arclight.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class BlockWriterTest {
    @Test
    void blocksAreAboutAsBigAsAskedForAndKeepTheOrderOfRows() {
        StructType schema = new StructType().add("x", DataTypes.LongType, false);
        List<Block> blocks = new ArrayList<>();
        BlockWriter writer = new BlockWriter(schema, 100_000, blocks::add);
        writer.write(LongStream.range(0, 100_000)
                .mapToObj(i -> (InternalRow) new GenericInternalRow(new Object[] {i}))
                .iterator());
        writer.finish();
        assertThat(blocks).hasSizeBetween(5, 9);
        long next = 0;
        for (Block block : blocks) {
            assertThat(block.bytes().length).isBetween(1_000, 200_000);
            BlockReader reader = new BlockReader(block.bytes(), null);
            ColumnarBatch batch = reader.next();
            assertThat((long) batch.numRows()).isEqualTo(block.rows());
            for (int i = 0; i < batch.numRows(); i++) {
                assertThat(batch.column(0).getLong(i)).isEqualTo(next++);
            }
        }
        assertThat(next).isEqualTo(100_000);
    }

    @Test
    void tablesWithoutColumnsKeepTheirRowsAndTablesWithoutRowsTheirColumns() {
        List<Block> blocks = new ArrayList<>();
        BlockWriter writer = new BlockWriter(new StructType(), 1000, blocks::add);
        writer.write(IntStream.range(0, 10_000)
                .mapToObj(i -> (InternalRow) new GenericInternalRow(new Object[0]))
                .iterator());
        writer.finish();
        assertThat(blocks).hasSize(1);
        assertThat(new BlockReader(blocks.get(0).bytes(), null).next().numRows())
                .isEqualTo(10_000);
        StructType schema =
                new StructType().add("s", "string").add("a", "array<int>").add("m", "map<string,int>");
        BlockReader empty = new BlockReader(BlockWriter.empty(schema).bytes(), null);
        assertThat(empty.schema()).isEqualTo(schema);
        assertThat(empty.next().numRows()).isZero();
        assertThat(empty.hasNext()).isFalse();
    }

    @Test
    @Tag("full")
    void fiveThousandColumnsAndStringsOfThreeMegabytesPass() {
        StructField[] fields = IntStream.range(0, 5000)
                .mapToObj(i -> DataTypes.createStructField(
                        "c" + i, i % 2 == 0 ? DataTypes.LongType : DataTypes.StringType, true))
                .toArray(StructField[]::new);
        UTF8String big = UTF8String.fromString("é".repeat(1_500_000));
        List<InternalRow> rows = IntStream.range(0, 20)
                .mapToObj(r -> (InternalRow) new GenericInternalRow(IntStream.range(0, 5000)
                        .mapToObj(c -> c % 2 == 0
                                ? (Object) ((long) r * c)
                                : c == 4999 ? big : UTF8String.fromString(r + "/" + c))
                        .toArray()))
                .toList();
        List<Block> blocks = new ArrayList<>();
        BlockWriter writer = new BlockWriter(new StructType(fields), 10 << 20, blocks::add);
        writer.write(rows.iterator());
        writer.finish();
        assertThat(blocks).hasSizeGreaterThan(4);
        int r = 0;
        for (Block block : blocks) {
            ColumnarBatch batch = new BlockReader(block.bytes(), null).next();
            for (int i = 0; i < batch.numRows(); i++, r++) {
                assertThat(batch.column(2500).getLong(i)).isEqualTo(2500L * r);
                assertThat(batch.column(2501).getUTF8String(i)).hasToString(r + "/2501");
                assertThat(batch.column(4999).getUTF8String(i)).isEqualTo(big);
            }
        }
        assertThat(r).isEqualTo(20);
    }

    @Test
    void whatArrowCannotHoldIsRefusedByName() {
        assertRefused(new StructType().add("a", new StructType().add("v", DataTypes.VariantType)), "'a.v'", "VARIANT");
        assertRefused(new StructType().add("x", "int").add("y", "int").add("x", "long"), "Two columns are named 'x'");
        assertRefused(new StructType().add("s", "string collate UNICODE_CI"), "'s'", "UNICODE_CI");
    }

    @Test
    void anIntervalTooLongForNanosecondsIsRefused() {
        StructType schema = new StructType().add("i", DataTypes.CalendarIntervalType);
        BlockWriter writer = new BlockWriter(schema, 1000, block -> {});
        InternalRow row = new GenericInternalRow(
                new Object[] {new org.apache.spark.unsafe.types.CalendarInterval(0, 0, Long.MAX_VALUE)});
        assertThatThrownBy(() -> writer.write(List.of(row).iterator()))
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("Column 'i' holds an interval of 9223372036854775807 microseconds");
    }

    @Test
    void brokenBlocksAreRefusedAndNeverReadBeyondTheirEnd() {
        StructType schema = new StructType().add("s", "string").add("x", "long");
        List<Block> made = new ArrayList<>();
        BlockWriter writer = new BlockWriter(schema, 1 << 20, made::add);
        writer.write(IntStream.range(0, 100)
                .mapToObj(i -> (InternalRow)
                        new GenericInternalRow(new Object[] {UTF8String.fromString("row " + i), (long) i}))
                .iterator());
        writer.finish();
        byte[] whole = made.get(0).bytes();
        for (int length = 0; length < whole.length - 8; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> {
                        BlockReader reader = new BlockReader(cut, null);
                        if (!reader.hasNext()) {
                            throw ArclightException.badInput("no rows");
                        }
                        reader.next();
                    })
                    .as("cut at " + length)
                    .isInstanceOf(ArclightException.class);
        }
    }

    private static void assertRefused(StructType schema, String... parts) {
        assertThatThrownBy(() -> SchemaMapping.toArrow(schema))
                .isInstanceOf(ArclightException.class)
                .hasMessageContainingAll(parts);
    }
}
