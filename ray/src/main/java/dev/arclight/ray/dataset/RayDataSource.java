package dev.arclight.ray.dataset;

import dev.arclight.base.ArclightException;
import dev.arclight.exchange.SchemaMapping;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The data source {@code ray}. Reading is a DataSource V2 scan; writing takes the older interface, because it alone
 * gives the DataFrame, whose plan may have columns to copy, and V2 gives rows.
 */
public final class RayDataSource implements TableProvider, CreatableRelationProvider, DataSourceRegister {
    /** Called by Spark. */
    public RayDataSource() {}

    @Override
    public String shortName() {
        return "ray";
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return dataset(options).schema();
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(properties);
        return new RayTable(schema, () -> dataset(options), DatasetOptions.flag(options, "locality", true));
    }

    /** Spark asks for a table before it writes, with the DataFrame's own schema. */
    @Override
    public boolean supportsExternalMetadata() {
        return true;
    }

    @Override
    public BaseRelation createRelation(
            SQLContext context,
            SaveMode mode,
            scala.collection.immutable.Map<String, String> parameters,
            Dataset<Row> frame) {
        Map<String, String> options =
                new CaseInsensitiveStringMap(new HashMap<>(CollectionConverters.asJava(parameters)));
        Exchange.of(context.sparkSession()).put(frame, DatasetOptions.of(options, mode));
        return new BaseRelation() {
            @Override
            public SQLContext sqlContext() {
                return context;
            }

            @Override
            public StructType schema() {
                return frame.schema();
            }
        };
    }

    @Override
    public boolean supportsDataType(org.apache.spark.sql.types.DataType type) {
        return true; // Exchange refuses by name
    }

    private static RayDataset dataset(CaseInsensitiveStringMap options) {
        String id = options.get("id");
        SparkSession spark = SparkSession.active();
        Exchange exchange = Exchange.of(spark);
        return id == null ? exchange.open(DatasetOptions.name(options)) : exchange.openById(id);
    }

    /** Refuses a schema that the user gave and the dataset does not have. */
    static void requireSame(StructType asked, RayDataset dataset) {
        if (!asked.asNullable().equals(dataset.schema().asNullable())) {
            throw ArclightException.badInput("Dataset '%s' has schema %s, but %s was asked for: leave the schema out"
                    .formatted(dataset.name(), dataset.schema().toDDL(), asked.toDDL()));
        }
        SchemaMapping.toArrow(asked);
    }
}
