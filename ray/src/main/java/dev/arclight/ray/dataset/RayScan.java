package dev.arclight.ray.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads a dataset: a task some blocks in a row, on the node that has them, the columns asked for, no more blocks than a
 * limit needs.
 */
final class RayScan implements Scan, Batch, SupportsReportStatistics {
    private static final long PARTITION_BYTES = 256L << 20;

    private final RayDataset dataset;
    private final StructType wanted;
    private final int limit;
    private final boolean locality;

    private RayScan(RayDataset dataset, StructType wanted, int limit, boolean locality) {
        this.dataset = dataset;
        this.wanted = wanted;
        this.limit = limit;
        this.locality = locality;
    }

    static final class Builder implements ScanBuilder, SupportsPushDownRequiredColumns, SupportsPushDownLimit {
        private final RayDataset dataset;
        private final boolean locality;
        private StructType wanted;
        private int limit = Integer.MAX_VALUE;

        Builder(RayDataset dataset, boolean locality) {
            this.dataset = dataset;
            this.locality = locality;
            this.wanted = dataset.schema();
        }

        @Override
        public void pruneColumns(StructType required) {
            // Whole columns: the fields of a struct cost nothing until they are read.
            wanted = new StructType(Arrays.stream(required.fieldNames())
                    .map(dataset.schema()::apply)
                    .toArray(StructField[]::new));
        }

        @Override
        public boolean pushLimit(int most) {
            limit = most;
            return true;
        }

        @Override
        public Scan build() {
            return new RayScan(dataset, wanted, limit, locality);
        }
    }

    @Override
    public StructType readSchema() {
        return wanted;
    }

    @Override
    public String description() {
        return "ray %s %s".formatted(dataset.name(), wanted.catalogString());
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public Statistics estimateStatistics() {
        long bytes = dataset.bytes();
        long rows = dataset.rows();
        return new Statistics() {
            @Override
            public OptionalLong sizeInBytes() {
                return OptionalLong.of(bytes);
            }

            @Override
            public OptionalLong numRows() {
                return OptionalLong.of(rows);
            }
        };
    }

    /**
     * Where some blocks are to be read.
     *
     * @param from number of the first one
     * @param end number after the last one
     */
    record Blocks(int from, int end, List<String> nodes) implements InputPartition {
        private static final long serialVersionUID = 1L;

        @Override
        public String[] preferredLocations() {
            return nodes.toArray(String[]::new);
        }
    }

    @Override
    public InputPartition[] planInputPartitions() {
        int slots = SparkSession.active().sparkContext().defaultParallelism();
        return pack(dataset.blocks(), limit, slots, locality).toArray(InputPartition[]::new);
    }

    /**
     * Puts blocks in a row that lie on the same node into one partition, which fetches one while it computes on
     * another; together they are no bigger than {@link #PARTITION_BYTES} and a slot's equal share. Small blocks need
     * few tasks so.
     */
    static List<Blocks> pack(List<RayDataset.Block> blocks, int limit, int slots, boolean locality) {
        List<Blocks> packed = new ArrayList<>();
        int end = 0;
        long bytes = 0;
        for (long rows = 0; end < blocks.size() && rows < limit; end++) {
            rows += blocks.get(end).rows();
            bytes += blocks.get(end).bytes();
        }
        long most = Math.min(PARTITION_BYTES, bytes / Math.max(1, slots));
        for (int from = 0, next; from < end; from = next) {
            List<String> nodes = blocks.get(from).nodes();
            long together = blocks.get(from).bytes();
            for (next = from + 1; next < end; next++) {
                together += blocks.get(next).bytes();
                if (together > most || (locality && !blocks.get(next).nodes().equals(nodes))) {
                    break;
                }
            }
            packed.add(new Blocks(from, next, locality ? nodes : List.of()));
        }
        return packed;
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        int[] columns = Arrays.stream(wanted.fieldNames())
                .mapToInt(dataset.schema()::fieldIndex)
                .toArray();
        return new Readers(dataset.id(), columns);
    }

    private static final class Readers implements PartitionReaderFactory {
        private static final long serialVersionUID = 1L;

        private final String dataset;
        private final int[] columns;

        Readers(String dataset, int[] columns) {
            this.dataset = dataset;
            this.columns = columns;
        }

        @Override
        public boolean supportColumnarReads(InputPartition partition) {
            return true;
        }

        @Override
        public PartitionReader<InternalRow> createReader(InputPartition partition) {
            throw new UnsupportedOperationException("Blocks are read by columns");
        }

        @Override
        public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
            Blocks blocks = (Blocks) partition;
            return new BlockPartitionReader(dataset, blocks.from(), blocks.end(), columns);
        }
    }
}
