package dev.arclight.ray.dataset;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A dataset as Spark's table. The directory is asked when it is read, so that a table to be written may not be there.
 */
final class RayTable implements SupportsRead {
    private final StructType schema;
    private final Supplier<RayDataset> dataset;
    private final boolean locality;

    RayTable(StructType schema, Supplier<RayDataset> dataset, boolean locality) {
        this.schema = schema;
        this.dataset = dataset;
        this.locality = locality;
    }

    @Override
    public String name() {
        return "ray";
    }

    @Override
    @SuppressWarnings("deprecation") // the interface has no other way to tell it
    public StructType schema() {
        return schema;
    }

    @Override
    public Set<TableCapability> capabilities() {
        return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        RayDataset read = dataset.get();
        RayDataSource.requireSame(schema, read);
        return new RayScan.Builder(read, locality);
    }
}
