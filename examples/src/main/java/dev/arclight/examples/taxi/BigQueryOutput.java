package dev.arclight.examples.taxi;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * A table of BigQuery as output, by Google's connector, which whoever wants it puts on the class path.
 *
 * @param table {@code DATASET.TABLE}, or {@code PROJECT.DATASET.TABLE}
 */
record BigQueryOutput(String table) {
    private static final String PREFIX = "bigquery:";
    private static final Pattern TABLE = Pattern.compile("([A-Za-z0-9:.-]+\\.)?[A-Za-z0-9_]+\\.[A-Za-z0-9_-]+");
    private static final String CONNECTOR = "com.google.cloud.spark.bigquery.BigQueryRelationProvider";

    static Optional<BigQueryOutput> parse(String output) {
        if (!output.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String table = output.substring(PREFIX.length());
        Matcher matcher = TABLE.matcher(table);
        if (!matcher.matches()) {
            throw ArclightException.badInput(
                    "--output is '%s', expected bigquery:DATASET.TABLE or bigquery:PROJECT.DATASET.TABLE"
                            .formatted(output));
        }
        return Optional.of(new BigQueryOutput(table));
    }

    /** Before Spark starts: a missing connector would show at the very end. */
    void requireConnector() {
        try {
            Class.forName(CONNECTOR, false, BigQueryOutput.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ArclightException(
                    ErrorCode.NOT_FOUND,
                    "Writing to BigQuery needs Google's connector (com.google.cloud.spark:spark-4.0-bigquery) on the"
                            + " class path, which is not there",
                    e);
        }
    }

    void write(Dataset<Row> rows) {
        rows.write()
                .format("bigquery")
                .option("writeMethod", "direct")
                .mode(SaveMode.Overwrite)
                .save(table);
    }
}
