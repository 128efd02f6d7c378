package dev.arclight.ray;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The TPC-H tables of a scale as Parquet files, by the generator of {@code io.trino.tpch}. */
final class TpchTables {
    private TpchTables() {}

    static void write(SparkSession spark, Path folder, double scale) {
        for (TpchTable<?> table : TpchTable.getTables()) {
            write(spark, folder, scale, table);
        }
    }

    static void views(SparkSession spark, Path folder) {
        for (TpchTable<?> table : TpchTable.getTables()) {
            spark.read()
                    .parquet(folder.resolve(table.getTableName()).toString())
                    .createOrReplaceTempView(table.getTableName());
        }
    }

    private static <E extends TpchEntity> void write(
            SparkSession spark, Path folder, double scale, TpchTable<E> table) {
        List<TpchColumn<E>> columns = table.getColumns();
        StructType type = new StructType(columns.stream()
                .map(column -> new StructField(
                        column.getColumnName(),
                        switch (column.getType().getBase()) {
                            case IDENTIFIER -> DataTypes.LongType;
                            case INTEGER -> DataTypes.IntegerType;
                            case DATE -> DataTypes.DateType;
                            case DOUBLE -> DataTypes.createDecimalType(15, 2);
                            case VARCHAR -> DataTypes.StringType;
                        },
                        false,
                        org.apache.spark.sql.types.Metadata.empty()))
                .toArray(StructField[]::new));
        List<Row> rows = new ArrayList<>();
        for (E entity : table.createGenerator(scale, 1, 1)) {
            rows.add(RowFactory.create(columns.stream()
                    .map(column -> switch (column.getType().getBase()) {
                        case IDENTIFIER -> (Object) column.getIdentifier(entity);
                        case INTEGER -> column.getInteger(entity);
                        case DATE -> java.sql.Date.valueOf(java.time.LocalDate.ofEpochDay(column.getDate(entity)));
                        case DOUBLE -> java.math.BigDecimal.valueOf(Math.round(column.getDouble(entity) * 100), 2);
                        case VARCHAR -> column.getString(entity);
                    })
                    .toArray()));
        }
        spark.createDataFrame(rows, type)
                .coalesce(4)
                .write()
                .parquet(folder.resolve(table.getTableName()).toString());
    }
}
