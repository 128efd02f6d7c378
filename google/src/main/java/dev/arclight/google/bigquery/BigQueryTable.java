package dev.arclight.google.bigquery;

import static dev.arclight.base.ArclightException.badInput;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of BigQuery as output, by Google's connector ({@code spark-4.1-bigquery}), which whoever wants it puts on the
 * class path. Its options are those of the connector's README; rows go through BigQuery's Storage Write interface, or,
 * where a temporary bucket is set, through Parquet files in that and a load job. Only the latter can make a partitioned
 * table.
 *
 * @param table {@code DATASET.TABLE} or {@code PROJECT.DATASET.TABLE}
 * @param mode what becomes of the rows that are there
 * @param options of the connector
 */
public record BigQueryTable(String table, SaveMode mode, Map<String, String> options) {
    private static final String PREFIX = "bigquery:";
    private static final String PARTITION_FIELD = "partitionField";
    private static final Pattern TABLE =
            Pattern.compile("([A-Za-z0-9:.-]+\\.)?[A-Za-z0-9_]{1,1024}\\.[\\p{L}\\p{N}_ -]{1,1024}");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
    private static final Set<String> WIDTHS = Set.of("HOUR", "DAY", "MONTH", "YEAR");

    public BigQueryTable {
        options = Map.copyOf(options);
    }

    /**
     * The table that an output names.
     *
     * @return empty if it is another kind of output
     * @throws ArclightException BAD_INPUT if the name or one of the settings is wrong
     */
    public static Optional<BigQueryTable> parse(String output, Settings settings) {
        if (!output.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String table = output.substring(PREFIX.length());
        if (!TABLE.matcher(table).matches()) {
            throw badInput("--output is '%s', expected bigquery:DATASET.TABLE or bigquery:PROJECT.DATASET.TABLE"
                    .formatted(output));
        }
        return Optional.of(new BigQueryTable(table, mode(settings), options(settings)));
    }

    private static SaveMode mode(Settings settings) {
        String text = settings.text(BigQuerySettings.WRITE);
        return switch (text.toLowerCase(Locale.ROOT).replaceFirst("^write_", "")) {
            case "truncate" -> SaveMode.Overwrite;
            case "append" -> SaveMode.Append;
            case "empty" -> SaveMode.ErrorIfExists;
            default ->
                throw badInput(
                        "%s is '%s', expected truncate, append or empty".formatted(BigQuerySettings.WRITE.key(), text));
        };
    }

    private static Map<String, String> options(Settings settings) {
        Map<String, String> options = new LinkedHashMap<>();
        String bucket = settings.text(BigQuerySettings.BUCKET).strip().replaceFirst("^gs://", "");
        if (bucket.isEmpty()) {
            options.put("writeMethod", "direct");
        } else if (BUCKET.matcher(bucket).matches()) {
            options.put("writeMethod", "indirect");
            options.put("temporaryGcsBucket", bucket);
        } else {
            throw badInput("%s is '%s', expected the name of a bucket, without a path"
                    .formatted(BigQuerySettings.BUCKET.key(), bucket));
        }
        String field = settings.text(BigQuerySettings.PARTITION_FIELD).strip();
        if (!field.isEmpty()) {
            if (bucket.isEmpty()) {
                throw badInput("%s needs %s=BUCKET: BigQuery's write interface makes no partitioned tables"
                        .formatted(BigQuerySettings.PARTITION_FIELD.key(), BigQuerySettings.BUCKET.key()));
            }
            String width = settings.text(BigQuerySettings.PARTITION_TYPE).toUpperCase(Locale.ROOT);
            if (!WIDTHS.contains(width)) {
                throw badInput("%s is '%s', expected HOUR, DAY, MONTH or YEAR"
                        .formatted(BigQuerySettings.PARTITION_TYPE.key(), width));
            }
            options.put(PARTITION_FIELD, field);
            options.put("partitionType", width);
        }
        String project = settings.text(BigQuerySettings.PROJECT.key(), settings.text("arclight.gcp-project", ""));
        if (!project.isBlank()) {
            options.put("parentProject", project);
        }
        return options;
    }

    /**
     * Looks for the connector before Spark starts: that it is missing would show at the very end.
     *
     * @throws ArclightException NOT_FOUND if it is not on the class path
     */
    public void requireConnector() {
        boolean found = ServiceLoader.load(DataSourceRegister.class).stream()
                .anyMatch(one -> one.type().getName().startsWith("com.google.cloud.spark.bigquery."));
        if (!found) {
            throw ArclightException.notFound(
                    "Writing to BigQuery needs Google's connector (spark-4.1-bigquery) on the class path, which is not"
                            + " there: put its jar into a folder 'lib' of an add-on as docs/google.md says");
        }
    }

    /**
     * Writes all rows.
     *
     * @throws ArclightException BAD_INPUT if the column to partition by is none, FORBIDDEN with the roles that it takes
     */
    public void write(Dataset<Row> rows) {
        checkPartition(rows.schema());
        try {
            rows.write().format("bigquery").options(options).mode(mode).save(table);
        } catch (RuntimeException e) {
            throw explain(e);
        }
    }

    void checkPartition(StructType schema) {
        String field = options.get(PARTITION_FIELD);
        if (field == null) {
            return;
        }
        Set<DataType> fit = Set.of(DataTypes.DateType, DataTypes.TimestampType);
        String columns = Stream.of(schema.fields())
                .filter(column -> fit.contains(column.dataType()))
                .map(StructField::name)
                .collect(Collectors.joining(", "));
        if (!Stream.of(columns.split(", ", -1)).anyMatch(field::equals)) {
            throw badInput("%s is '%s', which is no column of dates or timestamps: there %s"
                    .formatted(
                            BigQuerySettings.PARTITION_FIELD.key(),
                            field,
                            columns.isEmpty() ? "is none" : "are " + columns));
        }
    }

    /** Names the missing role where BigQuery, deep inside, says that something is denied. */
    RuntimeException explain(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (text.contains("Access Denied") || text.contains("PERMISSION_DENIED")) {
                boolean job = text.contains("bigquery.jobs.create");
                return new ArclightException(
                        ErrorCode.FORBIDDEN,
                        "BigQuery refuses to write %s: %s; it takes the role %s"
                                .formatted(
                                        table,
                                        text.lines().findFirst().orElse(""),
                                        job
                                                ? "BigQuery Job User (roles/bigquery.jobUser) on the project that pays"
                                                : "BigQuery Data Editor (roles/bigquery.dataEditor) on the dataset"),
                        failure);
            }
        }
        return failure;
    }
}
