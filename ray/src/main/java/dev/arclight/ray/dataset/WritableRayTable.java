package dev.arclight.ray.dataset;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.V1Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.sources.InsertableRelation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A dataset as a table of {@link RayCatalog}. Written by the older interface for the same reason as in
 * {@link RayDataSource}: it gives the DataFrame, and so its columns.
 */
final class WritableRayTable implements SupportsRead, SupportsWrite {
    private final String name;
    private final RayTable read;

    WritableRayTable(String name, StructType schema, Supplier<RayDataset> dataset) {
        this.name = name;
        this.read = new RayTable(schema, dataset, true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface has no other way to tell it
    public StructType schema() {
        return read.schema();
    }

    @Override
    public Set<TableCapability> capabilities() {
        return Set.of(TableCapability.BATCH_READ, TableCapability.V1_BATCH_WRITE, TableCapability.TRUNCATE);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return read.newScanBuilder(options);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return new Builder(name, SaveMode.Append);
    }

    private record Builder(String name, SaveMode mode) implements SupportsTruncate {
        @Override
        public WriteBuilder truncate() {
            return new Builder(name, SaveMode.Overwrite);
        }

        @Override
        public V1Write build() {
            DatasetOptions options = DatasetOptions.named(name).withMode(mode).withOwner(Owner.DETACHED);
            InsertableRelation relation =
                    (frame, overwrite) -> Exchange.of(frame.sparkSession()).put(frame, options);
            return new V1Write() {
                @Override
                public InsertableRelation toInsertableRelation() {
                    return relation;
                }
            };
        }
    }
}
