package dev.arclight.google.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import java.util.Map;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BigQueryTableTest {
    private static final StructType REPORT =
            new StructType().add("revenue_zone", DataTypes.IntegerType).add("revenue_month", DataTypes.DateType);

    private static Settings settings(String... pairs) {
        Settings settings = Settings.empty();
        for (String pair : pairs) {
            settings = settings.with(
                    "arclight." + pair.substring(0, pair.indexOf('=')),
                    new Settings.Value(pair.substring(pair.indexOf('=') + 1), "test"));
        }
        return settings;
    }

    private static BigQueryTable table(String... pairs) {
        return BigQueryTable.parse("bigquery:trips.revenue", settings(pairs)).orElseThrow();
    }

    @Test
    void rowsGoThroughTheWriteInterfaceUnlessThereIsABucket() {
        assertThat(table())
                .isEqualTo(new BigQueryTable("trips.revenue", SaveMode.Overwrite, Map.of("writeMethod", "direct")));
        assertThat(table(
                        "gcp-project=my-project-1",
                        "bigquery-temporary-bucket=gs://my-bucket",
                        "bigquery-partition-field=revenue_month",
                        "bigquery-partition-type=month",
                        "bigquery-write=WRITE_APPEND"))
                .isEqualTo(new BigQueryTable(
                        "trips.revenue",
                        SaveMode.Append,
                        Map.of(
                                "writeMethod", "indirect",
                                "temporaryGcsBucket", "my-bucket",
                                "partitionField", "revenue_month",
                                "partitionType", "MONTH",
                                "parentProject", "my-project-1")));
        assertThat(table("gcp-project=a", "bigquery-project=pays").options()).containsEntry("parentProject", "pays");
        assertThat(table("bigquery-write=empty").mode()).isEqualTo(SaveMode.ErrorIfExists);
    }

    @Test
    void otherOutputsAreNotBigQuerys() {
        assertThat(BigQueryTable.parse("gs://bucket/report", Settings.empty())).isEmpty();
        assertThat(BigQueryTable.parse("bigquery:my-project.trips.revenue", Settings.empty()))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bigquery:", "bigquery:table", "bigquery:a.b;c", "bigquery:.t", "bigquery:d."})
    void anOutputThatNamesNoTableIsRefused(String output) {
        assertThatThrownBy(() -> BigQueryTable.parse(output, Settings.empty()))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                .hasMessage("--output is '%s', expected bigquery:DATASET.TABLE or bigquery:PROJECT.DATASET.TABLE"
                        .formatted(output));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bigquery-write=replace | arclight.bigquery-write is 'replace', expected truncate, append or empty",
                "bigquery-temporary-bucket=b/p | is 'b/p', expected the name of a bucket, without a path",
                "bigquery-partition-field=m | needs arclight.bigquery-temporary-bucket=BUCKET",
            })
    void aWrongSettingIsNamed(String setting, String message) {
        assertThatThrownBy(() -> table(setting)).hasMessageContaining(message);
    }

    @Test
    void aPartitionNeedsAColumnOfDates() {
        String bucket = "bigquery-temporary-bucket=my-bucket";
        assertThatCode(() ->
                        table(bucket, "bigquery-partition-field=revenue_month").checkPartition(REPORT))
                .doesNotThrowAnyException();
        for (String wrong : new String[] {"revenue_zone", "month"}) {
            assertThatThrownBy(() ->
                            table(bucket, "bigquery-partition-field=" + wrong).checkPartition(REPORT))
                    .hasMessage("arclight.bigquery-partition-field is '%s', which is no column of dates or timestamps:"
                                    .formatted(wrong)
                            + " there are revenue_month");
        }
    }

    @Test
    void aMissingConnectorIsSaidBeforeSparkStarts() {
        assertThatThrownBy(() -> table().requireConnector()).hasMessageContaining("spark-4.1-bigquery");
    }

    @Test
    void theMissingRoleIsNamed() {
        RuntimeException job = new IllegalStateException(
                "Write failed",
                new java.io.IOException(
                        "Access Denied: Project p: User does not have bigquery.jobs.create permission in"
                                + " project p."));
        assertThat(table().explain(job))
                .hasMessageContaining("roles/bigquery.jobUser")
                .hasCause(job);
        assertThat(table().explain(new IllegalStateException("Access Denied: Dataset p:trips")))
                .hasMessageContaining("roles/bigquery.dataEditor");
        RuntimeException other = new IllegalStateException("disk full");
        assertThat(table().explain(other)).isSameAs(other);
    }
}
