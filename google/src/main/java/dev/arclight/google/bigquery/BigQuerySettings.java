package dev.arclight.google.bigquery;

import dev.arclight.base.Setting;
import java.util.List;

/** How tables of BigQuery are written. */
public final class BigQuerySettings implements Setting.Catalog {
    static final Setting BUCKET = new Setting(
            "arclight.bigquery-temporary-bucket",
            "",
            "Bucket through which rows go to BigQuery (default: none, they go through its write interface)");
    static final Setting PARTITION_FIELD = new Setting(
            "arclight.bigquery-partition-field",
            "",
            "Column of dates or timestamps by which a new table is partitioned");
    static final Setting PARTITION_TYPE =
            new Setting("arclight.bigquery-partition-type", "DAY", "Width of a partition: HOUR, DAY, MONTH or YEAR");
    static final Setting WRITE = new Setting(
            "arclight.bigquery-write", "truncate", "Rows that a table has: truncate, append to them, or empty: refuse");
    static final Setting PROJECT = new Setting(
            "arclight.bigquery-project", "", "Project that pays for BigQuery's work (default: arclight.gcp-project)");

    /** For ServiceLoader. */
    public BigQuerySettings() {}

    @Override
    public List<Setting> settings() {
        return List.of(BUCKET, PARTITION_FIELD, PARTITION_TYPE, WRITE, PROJECT);
    }
}
